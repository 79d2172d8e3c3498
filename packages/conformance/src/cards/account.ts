/** Cards of how an account is opened, what it claims, and how it ends. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Card } from "../Card.ts"
import { unlessTrading } from "../claims.ts"
import { equal, hold, until } from "../Failed.ts"
import { done, open, openUp } from "../OpenAccount.ts"
import { atTheBid, resting } from "../requests.ts"

/** How long after the end it is watched that nothing follows, ms. */
const AFTERWARDS_MS = 300

export const claimed: Card = {
  id: "EX-1",
  title: "the trading capabilities are those announced, and equal the members",
  prerequisite: "trading",
  action: "open the account and compare what its order entry claims with the subject's and with its members",
  pass: "equal; limit orders until cancelled are among them, nothing is named twice, `deadMan` is there when it is claimed and not otherwise",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter } = yield* stage.trading
      const { account } = yield* open(stage)
      const { deadMan, kinds, timesInForce } = adapter.capabilities
      yield* equal("the trading capabilities", adapter.capabilities, stage.announcedTrading)
      yield* equal("deadMan, claimed and there", [deadMan, account.deadMan !== undefined], [deadMan, deadMan])
      yield* hold("no limit orders until cancelled", kinds.includes("limit") && timesInForce.includes("gtc"))
      for (const list of [kinds, timesInForce]) yield* equal("distinct claims", new Set<string>(list).size, list.length)
    })
}

export const opened: Card = {
  id: "EX-2",
  title: "open returns before the account is connected, and its stream comes up with a session",
  prerequisite: "trading",
  action: "open the account, look at its stream at once, then wait",
  pass: "not up when open returns; then up, with a session of at least 1, and every connection of it becomes Active",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const watched = yield* open(stage)
      yield* hold("the stream was up when open returned", watched.session === undefined)
      yield* until("the stream up", () => watched.session !== undefined)
      yield* hold(`a session ${watched.session}`, (watched.session ?? 0) >= 1)
      yield* until("every connection Active", () => {
        const connections = [...SubscriptionRef.getUnsafe(watched.account.connections).values()]
        return connections.every(({ state }) => state === "Active")
      })
    })
}

export const closed: Card = {
  id: "EX-3",
  title: "the close of the scope ends the account, and nothing is told afterwards",
  prerequisite: "trading",
  action: "open the account with an order in the market, close the scope, let the order be filled",
  pass: "no event follows, and the exchange has no connection left; the order is still there until it is filled",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange } = stage
      const scope = yield* Scope.make()
      const watched = yield* Scope.provide(openUp(stage), scope)
      const terms = yield* watched.exchange.terms(stage.symbol)
      yield* watched.open(atTheBid(stage.symbol, "end-1", terms))
      yield* Scope.close(scope, Exit.void)
      const told = watched.events.length
      yield* equal("the order after the end", (yield* watched.true("end-1")).status, "open")
      yield* watched.exchange.meet("end-1", terms.size)
      yield* Effect.sleep(AFTERWARDS_MS)
      yield* equal("events after the end", watched.events.slice(told), [])
      yield* equal("the exchange's connections", yield* exchange.connections, 0)
    })
}

export const twice: Card = {
  id: "EX-4",
  title: "opened twice, it gives two accounts that both know everything and do not know of each other",
  prerequisite: "trading",
  action:
    "open the account twice, place an order by the first, cancel it by the second, close the second and place another",
  pass: "both are told both steps; the first goes on without a new session",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const scope = yield* Scope.make()
      const first = yield* openUp(stage)
      const second = yield* Scope.provide(openUp(stage), scope)
      const terms = yield* first.exchange.terms(symbol)
      yield* first.open(resting(symbol, "two-1", terms))
      yield* second.untilTold("two-1", "open")
      yield* done("cancel", second.account.cancel({ symbol, clientOrderId: "two-1" }))
      for (const each of [first, second]) yield* each.untilTold("two-1", "cancelled")
      const { session } = first
      yield* Scope.close(scope, Exit.void)
      yield* first.open(resting(symbol, "two-2", terms))
      yield* equal("the session of the first", first.session, session)
    })
}
