/** Cards of connections that are lost, refused, dead or replaced: what was streamed is accounted for. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { subscriptions } from "../Stage.ts"

/** How long connections are refused, and how many attempts that is worth at most: a storm is hundreds. */
const REFUSED_MS = 2_000
const FEW_DIALS = 12

/** How long what was sent before a fault may still come, ms. */
const ON_ITS_WAY_MS = 500

const LIVED_MS = 1_000

/** Backoff that leaves a mark within `REFUSED_MS`. */
const slow = {
  base: Duration.millis(400),
  max: Duration.seconds(1),
  attempts: 100,
  stableAfter: Duration.minutes(1),
  coolDown: Duration.seconds(1)
}

export const killed: Card = {
  id: "RS-1",
  title: "a killed connection comes back, and every trade is told or inside a gap",
  prerequisite: "channel trades; the exchange can kill connections (`kill`)",
  action: "kill the connection of a busy symbol",
  pass: "a reconnect is counted and told, trades flow again, each is accounted for",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const kill = yield* stage.fault("kill")
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 5)
      yield* kill(symbol)
      yield* until("a reconnect", () => watched.feed.counts().reconnects > 0 && watched.isActive)
      yield* flow.more(watched, symbol, 5)
      yield* flow.accounted(stage, watched, symbol)
      const states = watched.of("connection").map(({ state }) => state)
      const lost = states.findIndex((state) => state === "Reconnecting" || state === "Failed")
      yield* hold(`the loss was not told: ${states.join(", ")}`, lost !== -1 && states.indexOf("Active", lost) !== -1)
    })
}

export const isolated: Card = {
  id: "RS-2",
  title: "the loss of one symbol's connection does not touch another's",
  prerequisite: "channel trades; the exchange can kill connections (`kill`)",
  action: "stream trades of two symbols, each by itself, kill the connection of one",
  pass: "the other has no gap, no state and every trade; where the plan cannot keep them apart it says so in its notes",
  unless: claims.without("trades"),
  connection: { isolation: "symbol" },
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, other, symbol } = stage
      const wanted = subscriptions([symbol, other], "trades")
      const { connections, notes } = adapter.plan(wanted)
      const isShared = connections.some((each) => new Set(each.subscriptions.map((one) => one.symbol)).size > 1)
      if (isShared) return yield* hold("symbols share a connection, and no note says why", notes.length > 0)
      const kill = yield* stage.fault("kill")
      const watched = yield* stage.openActive(wanted)
      yield* flow.run(stage, watched, symbol, 3)
      yield* flow.more(watched, other, 3)
      const names = stage.connectionsOf(subscriptions([other], "trades"))
      const told = () => watched.of("connection").filter(({ connection }) => names.includes(connection)).length
      const before = told()
      yield* kill(symbol)
      yield* until("a reconnect", () => watched.feed.counts().reconnects > 0 && watched.isActive)
      yield* flow.more(watched, other, 3)
      yield* flow.accounted(stage, watched, other)
      yield* equal("states told of the other's connection", told() - before, 0)
      yield* equal("gaps of the other", watched.gaps(other), [])
    })
}

export const refused: Card = {
  id: "RS-3",
  title: "refused connections are tried again with growing pauses, not in a storm",
  prerequisite: "channel trades; the exchange can kill and refuse connections (`kill`, `refuse`)",
  action: "refuse new connections for 2 s and kill the open one; reconnect begins at 0.4 s, at most 1 s",
  pass: "at least one and at most 12 attempts in 2 s; not Active meanwhile; then it comes back and trades are accounted for",
  unless: claims.without("trades"),
  connection: { reconnect: slow },
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const [kill, refuse] = [yield* stage.fault("kill"), yield* stage.fault("refuse")]
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      const before = yield* exchange.dials
      yield* refuse(REFUSED_MS)
      yield* kill(symbol)
      yield* Effect.sleep(REFUSED_MS - 200)
      const dials = (yield* exchange.dials) - before
      yield* hold(`${dials} attempts in 2 s`, dials >= 1 && dials <= FEW_DIALS)
      yield* hold("Active while every connection is refused", !watched.isActive)
      yield* until("Active again", () => watched.isActive)
      yield* flow.more(watched, symbol, 3)
      yield* flow.accounted(stage, watched, symbol)
    })
}

export const silent: Card = {
  id: "RS-4",
  title: "a connection that stays open and says nothing is found and replaced",
  prerequisite: "channel trades; the exchange can fall silent (`silence`)",
  action: "after a second, stop everything on the open connection of a busy symbol without closing it",
  pass: "trades flow again, by themselves, and each is accounted for",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const silence = yield* stage.fault("silence")
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 5)
      // a connection that has lived for a moment: whether it answers is known
      yield* Effect.sleep(LIVED_MS)
      yield* silence(symbol)
      yield* Effect.sleep(ON_ITS_WAY_MS)
      const before = watched.of("trade", symbol).length
      yield* Effect.sleep(ON_ITS_WAY_MS)
      yield* equal("trades while nothing is sent", watched.of("trade", symbol).length - before, 0)
      yield* flow.more(watched, symbol, 5)
      yield* flow.accounted(stage, watched, symbol)
    })
}

export const down: Card = {
  id: "RS-7",
  title: "a venue that is down at the start is waited for",
  prerequisite: "the exchange can refuse connections (`refuse`)",
  action: "refuse connections for 1 s, open meanwhile",
  pass: "open succeeds; nothing is Active while refused; then it is, and trades flow",
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const refuse = yield* stage.fault("refuse")
      yield* refuse(1_000)
      const watched = yield* stage.open(subscriptions([symbol], "trades"))
      yield* Effect.sleep(500)
      yield* hold("Active while every connection is refused", !watched.states().includes("Active"))
      yield* until("Active in the end", () => watched.isActive)
      yield* flow.run(stage, watched, symbol, 3)
      yield* flow.accounted(stage, watched, symbol)
    })
}

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

/** So long that an attempt within a card is not the backoff's own. */
const never = { ...slow, base: Duration.hours(10), max: Duration.hours(10) }

export const reset: Card = {
  id: "RS-9",
  title: "reset lets what waits try at once, and leaves alone what is well",
  prerequisite: "the exchange can refuse connections (`refuse`)",
  action: "open while connections are refused, with a backoff of hours; afterwards reset",
  pass: "reset gives the name of the waiting connection, which is Active at once; then it gives none",
  connection: { reconnect: never },
  check: (stage) =>
    Effect.gen(function* () {
      const wanted = subscriptions([stage.symbol], "trades")
      const refuse = yield* stage.fault("refuse")
      yield* refuse(500)
      const watched = yield* stage.open(wanted)
      yield* until("a refused attempt", () => watched.of("connection").some(({ reason }) => reason !== undefined))
      yield* Effect.sleep(700)
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
