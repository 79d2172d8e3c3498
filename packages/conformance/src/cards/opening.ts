/** Cards of how a feed begins and ends: its plan, `open`, the states of its connections, the close of its scope. */
import { Subscription } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, Failed, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { subscriptions } from "../Stage.ts"

/** How long a confirmation is withheld, and when it is looked whether anybody claimed to have it, ms. */
const WITHHELD_MS = 1_500
const MEANWHILE_MS = 700

/** How long after the end it is watched that nothing follows, ms. */
const AFTERWARDS_MS = 300

export const plan: Card = {
  id: "LC-1",
  title: "a plan is pure and names every subscription once",
  prerequisite: "none",
  action: "plan two symbols with one channel of every kind, twice",
  pass: "both plans are equal; every subscription is on one connection; connections have names of their own",
  check: ({ adapter, other, symbol }) =>
    Effect.gen(function* () {
      const wanted = subscriptions([symbol, other], ...claims.channels(adapter.capabilities))
      const { connections } = adapter.plan(wanted)
      yield* equal("the second plan", adapter.plan(wanted).connections, connections)
      const named = connections.flatMap((each) => each.subscriptions.map(Subscription.key))
      yield* equal("the subscriptions of the plan", named.toSorted(), wanted.map(Subscription.key).toSorted())
      yield* equal("distinct names", new Set(connections.map(({ name }) => name)).size, connections.length)
    })
}

export const returns: Card = {
  id: "LC-2",
  title: "open returns before anything is connected, and every connection becomes Active",
  prerequisite: "channel trades",
  action: "open trades of two symbols and look at the states at once, then wait",
  pass: "nothing is Active when open returns; the connections of the plan are there and become Active",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const wanted = subscriptions([stage.symbol, stage.other], "trades")
      const watched = yield* stage.open(wanted)
      yield* hold("something was Active when open returned", !watched.states().includes("Active"))
      yield* until("every connection Active", () => watched.isActive)
      const named = [...watched.feed.states.value.keys()].toSorted()
      yield* equal("the connections", named, stage.connectionsOf(wanted).toSorted())
    })
}

export const confirmed: Card = {
  id: "LC-3",
  title: "a connection is Active only after the venue has confirmed, and tells its states as they are",
  prerequisite: "channel trades; the exchange can withhold confirmations (`unconfirmed`)",
  action: "withhold confirmations for 1.5 s, open trades, look after 0.7 s, wait",
  pass: "not Active while unconfirmed, Active afterwards; the last state told of a connection is the one it has",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const withhold = yield* stage.fault("unconfirmed")
      yield* withhold(WITHHELD_MS)
      const watched = yield* stage.open(subscriptions([stage.symbol], "trades"))
      yield* Effect.sleep(MEANWHILE_MS)
      yield* hold("Active without the venue's confirmation", !watched.states().includes("Active"))
      yield* until("Active after the confirmation", () => watched.isActive)
      const told = new Map(watched.of("connection").map(({ connection, state }) => [connection, state]))
      const held = [...watched.feed.states.value.values()].map(({ name, state }) => [name, state])
      yield* equal("the states told last", [...told], held)
    })
}

export const closed: Card = {
  id: "LC-4",
  title: "the close of the scope ends everything, and nothing is told afterwards",
  prerequisite: "channel trades",
  action: "stream trades of two symbols on a busy market, close the scope",
  pass: "every subscription is told `ended`, no event follows, nothing is Active, the exchange has no connection left",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, other, symbol } = stage
      const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Scope.close(made, Exit.void))
      const wanted = subscriptions([symbol, other], "trades")
      const watched = yield* stage.openActive(wanted).pipe(Scope.provide(scope))
      yield* flow.run(stage, watched, symbol, 3)
      yield* Scope.close(scope, Exit.void)
      const count = watched.events.length
      const last = new Map(
        watched.of("subscription").map((event) => [Subscription.key(event as Subscribed), event.state])
      )
      yield* equal(
        "the last states of the subscriptions",
        wanted.map((each) => last.get(Subscription.key(each))),
        wanted.map(() => "ended")
      )
      yield* Effect.sleep(AFTERWARDS_MS)
      yield* equal("events after the close", watched.events.length - count, 0)
      yield* hold("a connection is still Active", !watched.states().includes("Active"))
      for (let look = 0; look < 50 && (yield* exchange.connections) > 0; look++) yield* Effect.sleep(20)
      yield* equal("connections left at the exchange", yield* exchange.connections, 0)
    })
}

type Subscribed = Subscription.Subscription

export const over: Card = {
  id: "LC-12",
  title: "a feed that has ended can be asked anything, and does nothing any more",
  prerequisite: "channel trades",
  action: "close the scope of a feed, then use every member of it",
  pass: "nothing throws or fails, nothing rotates or is reset, nothing is told or dialled, no book passes for live",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, other, symbol } = stage
      const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Scope.close(made, Exit.void))
      const wanted = subscriptions([symbol], ...claims.channels(stage.adapter.capabilities))
      const watched = yield* stage.openActive(wanted).pipe(Scope.provide(scope))
      yield* flow.run(stage, watched, symbol, 3)
      yield* Scope.close(scope, Exit.void)
      const { feed } = watched
      const before = [watched.events.length, yield* exchange.dials]
      const moved = yield* Effect.try({
        try: () => {
          for (const each of wanted) if (feed.pause(each)) feed.resume(each)
          feed.retellBook(symbol, { from: undefined, lost: 1 })
          feed.samples()
          return [feed.rotate(), feed.reset(), feed.counts().events > 0, feed.book(symbol)?.state === "live"]
        },
        catch: (cause) => new Failed({ message: `thrown by a feed that has ended: ${String(cause)}` })
      })
      yield* equal("rotated, reset, counted, and a live book", moved, [[], [], true, false])
      const updated = yield* Effect.exit(feed.update(subscriptions([other], "trades")))
      yield* hold("an update of a feed that has ended failed", Exit.isSuccess(updated))
      yield* Effect.sleep(AFTERWARDS_MS)
      yield* equal("events and dials", [watched.events.length, yield* exchange.dials], before)
    })
}

export const twice: Card = {
  id: "LC-11",
  title: "opened twice, it gives two feeds that do not know of each other",
  prerequisite: "channel trades",
  action: "open trades of a symbol twice, close the first",
  pass: "both told every trade; the second goes on without a gap or a new connection",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const scope = yield* Effect.acquireRelease(Scope.make(), (made) => Scope.close(made, Exit.void))
      const wanted = subscriptions([symbol], "trades")
      const first = yield* stage.openActive(wanted).pipe(Scope.provide(scope))
      const second = yield* stage.openActive(wanted)
      yield* stage.exchange.busy
      yield* Effect.all([flow.more(first, symbol, 5), flow.more(second, symbol, 5)], { concurrency: "unbounded" })
      yield* flow.accounted(stage, first, symbol)
      yield* Scope.close(scope, Exit.void)
      yield* flow.run(stage, second, symbol, 5)
      yield* flow.accounted(stage, second, symbol)
      yield* equal("gaps of the second", second.gaps(symbol), [])
      yield* equal("reconnects of the second", second.feed.counts().reconnects, 0)
    })
}
