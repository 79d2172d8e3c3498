/** Cards of the one law of outcomes: refused is refused, unknown is looked up, and nothing is sent twice. */
import type { Order } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import { unlessTrading } from "../claims.ts"
import { equal, type Failed, fail, hold, until } from "../Failed.ts"
import { done, type OpenAccount, openUp, refused } from "../OpenAccount.ts"
import { reference, resting } from "../requests.ts"
import { agreed } from "./orders.ts"

/** How long the exchange and its REST stay away, ms. */
const AWAY_MS = 3_000

/** How long it is watched that nothing more is sent, ms. */
const AFTERWARDS_MS = 500

const placed = (watched: OpenAccount, clientOrderId: string): Effect.Effect<number> =>
  Effect.map(
    watched.exchange.account,
    ({ requests }) => requests.filter((each) => each.request === "place" && each.clientOrderId === clientOrderId).length
  )

export const rejected: Card = {
  id: "EX-19",
  title: "a refused order is a rejection with the venue's code, and nothing is open",
  prerequisite: "trading; the exchange can refuse an order (`reject`)",
  action: "place an order that is refused, then another",
  pass: "OrderRejected with a code; the exchange was asked once and has no order, nothing is told open, `order` finds none; the other is told open",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const reject = yield* stage.tradingFault("reject")
      const watched = yield* openUp(stage)
      const { account } = watched
      const terms = yield* watched.exchange.terms(symbol)
      yield* reject
      const reason = yield* refused("an order", account.submit(resting(symbol, "reject-1", terms)))
      yield* equal("the reason", reason._tag, "OrderRejected")
      yield* hold("a rejection without a code", reason._tag === "OrderRejected" && Number.isFinite(reason.code))
      yield* Effect.sleep(AFTERWARDS_MS)
      const found = yield* done("order", account.order(reference(symbol, "reject-1")))
      const known = [watched.order("reject-1")?.status, found?.status].filter((each) => each !== undefined)
      yield* hold(
        `known as ${known.join(", ")}`,
        known.every((each) => each === "rejected")
      )
      yield* equal("times it was sent", yield* placed(watched, "reject-1"), 1)
      yield* equal("what is open", yield* done("openOrders", account.openOrders([symbol])), [])
      yield* watched.open(resting(symbol, "reject-2", terms))
    })
}

/** It fails as unknown, is found where it is, and was sent once. */
const lookedUp = (watched: OpenAccount, order: Order.Request): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    const { account } = watched
    const { clientOrderId, symbol } = order
    const reason = yield* refused("an order without an answer", account.submit(order))
    const about = reason._tag === "OutcomeUnknown" ? reason.clientOrderId : undefined
    yield* equal("the reason", [reason._tag, about], ["OutcomeUnknown", clientOrderId])
    yield* until("the stream up", () => watched.session !== undefined)
    yield* watched.untilTold(clientOrderId, "open")
    yield* Effect.sleep(AFTERWARDS_MS)
    yield* equal("times it was sent", yield* placed(watched, clientOrderId), 1)
    yield* agreed(watched, symbol, clientOrderId)
  })

export const unknown: Card = {
  id: "EX-20",
  title: "an order that the venue itself is not sure of has an unknown outcome, is found, and was sent once",
  prerequisite: "trading; the exchange can take an order in and say that it does not know (`unknown`)",
  action: "place an order whose answer is that nobody knows, then look it up",
  pass: "OutcomeUnknown with its id; told and found open; the exchange was asked for it once",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const fault = yield* stage.tradingFault("unknown")
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(stage.symbol)
      yield* fault
      yield* lookedUp(watched, resting(stage.symbol, "maybe-1", terms))
    })
}

export const unanswered: Card = {
  id: "EX-21",
  title: "an order whose acknowledgement is lost has an unknown outcome, is found, and was sent once",
  prerequisite: "trading; the exchange can lose an answer (`loseAnswer`)",
  action: "place an order that is never answered, then look it up",
  pass: "OutcomeUnknown with its id; told and found open; the exchange was asked for it once",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const fault = yield* stage.tradingFault("loseAnswer")
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(stage.symbol)
      yield* fault
      yield* lookedUp(watched, resting(stage.symbol, "lost-1", terms))
    })
}

export const unsent: Card = {
  id: "EX-22",
  title: "an order that was certainly not sent says so, and is never sent",
  prerequisite:
    "trading; the exchange can kill streams, refuse connections and turn REST away (`killStream`, `refuse`, `rest`)",
  action:
    "refuse every connection and turn REST away with 429 for 3 s, end the stream, submit an order; wait until all is well",
  pass: "it fails, and not as OutcomeUnknown; the exchange never hears of it, nor is anything told of it",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const kill = yield* stage.tradingFault("killStream")
      const [refuse, rest] = [yield* stage.fault("refuse"), yield* stage.fault("rest")]
      const watched = yield* openUp(stage)
      const terms = yield* watched.exchange.terms(symbol)
      yield* refuse(AWAY_MS)
      yield* rest(429, AWAY_MS)
      yield* kill
      yield* until("the stream down", () => watched.session === undefined)
      const { _tag } = yield* refused("an order", watched.account.submit(resting(symbol, "unsent-1", terms)))
      if (_tag === "OutcomeUnknown" || _tag === "OrderRejected") return yield* fail(`it was not sent, and is ${_tag}`)
      yield* until("the stream up again", () => watched.session !== undefined)
      yield* Effect.sleep(AFTERWARDS_MS)
      yield* equal("times it was sent", yield* placed(watched, "unsent-1"), 0)
      yield* equal("what is told of it", watched.orders("unsent-1"), [])
    })
}
