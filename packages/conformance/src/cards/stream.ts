/** Cards of the private stream: lost, ended, early, late and doubled; what was missed can be read. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Trading } from "@tidewire/core"
import { fillsDiffer } from "../agreement.ts"
import type { Card } from "../Card.ts"
import { unlessTrading, withoutKind } from "../claims.ts"
import { equal, hold, settled, until } from "../Failed.ts"
import { done, openUp } from "../OpenAccount.ts"
import { atMarket, atTheBid, half, reference, resting } from "../requests.ts"
import { agreed } from "./orders.ts"

const AWAY_MS = 700
const LATE_MS = 1_500
const AFTERWARDS_MS = 500

/** Until a venue that gave notice is gone, at most. */
const NOTICE_MS = 3_000

export const lost: Card = {
  id: "EX-23",
  title: "a stream that is lost is told down, and comes up with a greater session; what was missed can be read",
  prerequisite: "trading; the exchange can kill streams and refuse connections (`killStream`, `refuse`)",
  action:
    "rest an order, kill the stream and refuse connections for 0.7 s, let the order be filled meanwhile; place another",
  pass: "Down with a reason, then Up with a greater session; `order` and `fills` know what happened; the other order is told open",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const kill = yield* stage.tradingFault("killStream")
      const refuse = yield* stage.fault("refuse")
      const watched = yield* openUp(stage)
      const { account } = watched
      const terms = yield* watched.exchange.terms(symbol)
      const since = yield* stage.exchange.now
      yield* watched.open(atTheBid(symbol, "away-1", terms))
      const before = watched.session ?? 0
      const states: Array<Trading.StreamState> = []
      const changes = SubscriptionRef.changes(account.stream)
      yield* Effect.forkScoped(Stream.runForEach(changes, (state) => Effect.sync(() => void states.push(state))))
      yield* refuse(AWAY_MS)
      yield* kill
      yield* until("the stream down", () => watched.session === undefined)
      yield* watched.exchange.meet("away-1", terms.size)
      yield* until("the stream up again", () => watched.session !== undefined)
      yield* hold(`session ${watched.session} after ${before}`, (watched.session ?? 0) > before)
      yield* until("Down told with a reason", () =>
        states.some((each) => each._tag === "Down" && each.reason !== undefined)
      )
      const found = yield* done("order", account.order(reference(symbol, "away-1")))
      yield* equal("what it is known as", [found?.status, found?.filled], ["filled", terms.size])
      const wrong = fillsDiffer(yield* done("fills", account.fills({ symbol, since })), yield* watched.true("away-1"))
      yield* hold(`read: ${wrong}`, wrong === undefined)
      yield* watched.open(resting(symbol, "away-2", terms))
    })
}

export const ended: Card = {
  id: "EX-24",
  title: "a stream that the venue ends with notice goes on, and orders with it",
  prerequisite: "trading; the exchange can end a stream in the venue's own way (`endStream`)",
  action: "rest an order, let the venue end the stream, cancel the order once it is up, and place another 3 s later",
  pass: "the cancellation and the other order are told; the session is not smaller",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const end = yield* stage.tradingFault("endStream")
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      yield* watched.open(resting(symbol, "notice-1", terms))
      const before = watched.session ?? 0
      yield* end
      yield* Effect.sleep(AFTERWARDS_MS)
      yield* until("the stream up", () => watched.session !== undefined)
      yield* done("cancel", watched.account.cancel(reference(symbol, "notice-1")))
      yield* watched.untilTold("notice-1", "cancelled")
      yield* Effect.sleep(NOTICE_MS)
      yield* until("the stream up after its end", () => watched.session !== undefined)
      yield* watched.open(resting(symbol, "notice-2", terms))
      yield* hold(`session ${watched.session} after ${before}`, (watched.session ?? 0) >= before)
    })
}

export const early: Card = {
  id: "EX-25",
  title: "events that come before their answer are told",
  prerequisite: "market orders; the exchange can answer last (`early`)",
  action: "buy at the market, and be answered only after the fill was told",
  pass: "accepted; told filled, each fill once; event, read and exchange agree",
  unless: withoutKind("market"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const fault = yield* stage.tradingFault("early")
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      yield* fault
      yield* done("submit", watched.account.submit(atMarket(symbol, "early-1", terms)))
      yield* watched.untilTold("early-1", "filled")
      yield* agreed(watched, symbol, "early-1")
      const truth = yield* watched.true("early-1")
      yield* settled(() => fillsDiffer(watched.fills(truth), truth))
    })
}

export const doubled: Card = {
  id: "EX-26",
  title: "a fill that the venue tells twice has one id",
  prerequisite: "trading; the exchange can tell a fill twice (`doubleFill`)",
  action: "place an order at the best bid, let others fill it, and the venue tell one fill twice",
  pass: "told filled; the fills that were told are the exchange's once those with the same id are taken for one, and those are equal",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const fault = yield* stage.tradingFault("doubleFill")
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      yield* watched.open(atTheBid(symbol, "double-1", terms))
      yield* fault
      yield* watched.exchange.meet("double-1", half(terms.size))
      yield* watched.exchange.meet("double-1", half(terms.size))
      yield* watched.untilTold("double-1", "filled")
      yield* agreed(watched, symbol, "double-1")
      const truth = yield* watched.true("double-1")
      yield* settled(() => {
        const told = watched.fills(truth)
        const distinct = [...new Map(told.map((fill) => [fill.id, fill])).values()]
        const terms = ({ fee, id, price, size }: (typeof told)[number]) => JSON.stringify([id, price, size, fee])
        const isOne = new Set(told.map(terms)).size === distinct.length
        return isOne ? fillsDiffer(distinct, truth) : "one id was told with different numbers"
      })
    })
}

export const late: Card = {
  id: "EX-27",
  title: "what is reported late is known at once by reading, and told once when it comes",
  prerequisite: "market orders; the exchange can report late (`late`)",
  action: "report 1.5 s late, buy at the market, read the order at once, wait for the report",
  pass: "the read has it filled before anything is told; then it is told filled, each fill once",
  unless: withoutKind("market"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const fault = yield* stage.tradingFault("late")
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      yield* fault(LATE_MS)
      yield* done("submit", watched.account.submit(atMarket(symbol, "late-1", terms)))
      const found = yield* done("order", watched.account.order(reference(symbol, "late-1")))
      yield* equal("read at once", [found?.status, watched.orders("late-1").length], ["filled", 0])
      yield* watched.untilTold("late-1", "filled")
      const truth = yield* watched.true("late-1")
      yield* settled(() => fillsDiffer(watched.fills(truth), truth))
    })
}
