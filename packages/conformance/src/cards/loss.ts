/** Cards of connections that are lost, refused or dead: what was streamed is accounted for. */
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { reconnect } from "../reconnect.ts"
import { subscriptions } from "../Stage.ts"

/** How long connections are refused, and how many attempts that is worth at most: a storm is hundreds. */
const REFUSED_MS = 2_000
const FEW_DIALS = 12

const AWAY_MS = 500

/** How long what was sent before a fault may still come, ms. */
const ON_ITS_WAY_MS = 500

const LIVED_MS = 1_000

/** Backoff that leaves a mark within `REFUSED_MS`. */
const slow = reconnect("400 millis", "1 second")

export const killed: Card = {
  id: "RS-1",
  title: "a killed connection comes back, and every trade is told or inside a gap",
  prerequisite: "channel trades; the exchange can kill and refuse connections (`kill`, `refuse`)",
  action: "kill the connection of a busy symbol, and refuse new ones for half a second",
  pass: "a reconnect is counted and told, trades flow again, each is accounted for",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const [kill, refuse] = [yield* stage.fault("kill"), yield* stage.fault("refuse")]
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 5)
      // so long that there is something to miss
      yield* refuse(AWAY_MS)
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
  prerequisite: "channel trades; the exchange can refuse connections (`refuse`)",
  action: "refuse connections for 2 s, open meanwhile",
  pass: "open succeeds; nothing is Active while refused; then it is, and trades flow",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const refuse = yield* stage.fault("refuse")
      yield* refuse(REFUSED_MS)
      const watched = yield* stage.open(subscriptions([symbol], "trades"))
      yield* Effect.sleep(500)
      yield* hold("Active while every connection is refused", !watched.states().includes("Active"))
      yield* until("Active in the end", () => watched.isActive)
      yield* flow.run(stage, watched, symbol, 3)
      yield* flow.accounted(stage, watched, symbol)
    })
}
