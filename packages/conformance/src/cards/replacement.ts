/** Cards of what is asked of connections that are well or wait, and of REST that fails beside them. */
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { reconnect } from "../reconnect.ts"
import { subscriptions } from "../Stage.ts"

export const rotated: Card = {
  id: "RS-8",
  title: "a connection is replaced on request, without a loss and without a repetition",
  prerequisite: "channel trades",
  action: "rotate the connections of two busy symbols, one by name, then all",
  pass: "the names of those that begin are given; rotations are counted; every trade once, no gap, no reconnect",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { other, symbol } = stage
      const wanted = subscriptions([symbol, other], "trades")
      const watched = yield* stage.openActive(wanted)
      yield* flow.run(stage, watched, symbol, 3)
      yield* flow.more(watched, other, 3)
      const [name = ""] = stage.connectionsOf(wanted)
      const { feed } = watched
      yield* equal("what rotates by name", feed.rotate(name), [name])
      yield* equal("what rotates under an unknown name", feed.rotate(`no ${name}`), [])
      yield* until("a rotation", () => feed.counts().rotations >= 1)
      const all = feed.rotate()
      yield* equal("what rotates when all are asked", all.toSorted(), stage.connectionsOf(wanted).toSorted())
      yield* until("all rotations", () => feed.counts().rotations >= 1 + all.length)
      yield* flow.more(watched, symbol, 3)
      for (const each of [symbol, other]) yield* flow.accounted(stage, watched, each)
      yield* equal("gaps and reconnects", [watched.of("gap"), feed.counts().reconnects], [[], 0])
    })
}

export const doubled: Card = {
  id: "RS-12",
  title: "with two sockets for each connection everything is told once",
  prerequisite: "channel trades",
  action: "stream trades of a busy symbol with `redundancy: 2`",
  pass: "two connections are planned and Active, or a note says why not; every trade once, no gap",
  unless: claims.without("trades"),
  connection: { redundancy: 2 },
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const wanted = subscriptions([symbol], "trades")
      const { connections, notes } = adapter.plan(wanted)
      yield* hold("one connection is planned, and no note says why", connections.length === 2 || notes.length > 0)
      const watched = yield* stage.openActive(wanted)
      yield* equal("connections Active", watched.states().length, connections.length)
      yield* equal("connections at the exchange", yield* exchange.connections, connections.length)
      yield* flow.run(stage, watched, symbol, 10)
      yield* flow.accounted(stage, watched, symbol)
      yield* equal("gaps", watched.gaps(symbol), [])
    })
}

const REFUSED_MS = 1_500

/** So long that an attempt within a card is not the backoff's own. */
const never = reconnect("10 hours", "10 hours")

export const reset: Card = {
  id: "RS-9",
  title: "reset lets what waits try at once, and leaves alone what is well",
  prerequisite: "channel trades; the exchange can refuse connections (`refuse`)",
  action: "open while connections are refused, with a backoff of hours; afterwards reset",
  pass: "reset gives the name of the waiting connection, which is Active at once; then it gives none",
  unless: claims.without("trades"),
  connection: { reconnect: never },
  check: (stage) =>
    Effect.gen(function* () {
      const wanted = subscriptions([stage.symbol], "trades")
      const refuse = yield* stage.fault("refuse")
      yield* refuse(REFUSED_MS)
      const watched = yield* stage.open(wanted)
      yield* until("a refused attempt", () => watched.of("connection").some(({ reason }) => reason !== undefined))
      yield* Effect.sleep(REFUSED_MS)
      yield* hold("Active by itself", !watched.states().includes("Active"))
      yield* equal("what was reset", watched.feed.reset(), stage.connectionsOf(wanted))
      yield* until("Active after the reset", () => watched.isActive)
      yield* equal("what was reset while well", watched.feed.reset(), [])
    })
}

export const restless: Card = {
  id: "RS-10",
  title: "REST that fails does not stop the streams, and a read says so in a typed error",
  prerequisite: "channel trades; the exchange's REST can fail (`rest`)",
  action:
    "let every REST request fail with 500 for 2 s while trades stream, list the instruments meanwhile and afterwards",
  pass: "every trade, no gap, no reconnect; the listing fails with a VenueError, and succeeds afterwards",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, symbol } = stage
      const rest = yield* stage.fault("rest")
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      yield* rest(500, 2_000)
      const refusal = yield* Effect.flip(adapter.instruments).pipe(
        Effect.timeoutOption("1900 millis"),
        Effect.catch(() => fail("the listing succeeded while every request failed"))
      )
      yield* hold("the listing did not fail within 1.9 s", refusal._tag === "Some")
      yield* flow.more(watched, symbol, 5)
      yield* Effect.sleep(2_000)
      yield* Effect.catch(adapter.instruments, (error) => fail(`the listing afterwards: ${error.message}`))
      yield* flow.accounted(stage, watched, symbol)
      yield* equal("gaps and reconnects", [watched.of("gap"), watched.feed.counts().reconnects], [[], 0])
    })
}
