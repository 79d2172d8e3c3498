/** Cards of single messages that come twice, unreadable, or not at all. */
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { subscriptions } from "../Stage.ts"

const TWICE = 10

export const duplicates: Card = {
  id: "RS-5",
  title: "what the venue sends twice is told once",
  prerequisite: "channel trades; the exchange can repeat messages (`duplicate`)",
  action: "let ten messages about a busy symbol come twice",
  pass: "every trade once, no gap; the repeated ones are counted",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const duplicate = yield* stage.fault("duplicate")
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      yield* duplicate(symbol, TWICE)
      yield* until("duplicates counted", () => watched.feed.counts().duplicates >= TWICE)
      yield* flow.more(watched, symbol, 2)
      yield* flow.accounted(stage, watched, symbol)
      yield* equal("gaps", watched.gaps(symbol), [])
    })
}

export const malformed: Card = {
  id: "RS-6",
  title: "a message that cannot be read is counted and kept as a sample, and the flow goes on",
  prerequisite: "channel trades; the exchange can send something unreadable (`malformed`)",
  action: "send one unreadable message about a busy symbol",
  pass: "it is counted and among the samples; every trade, no gap, no reconnect",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const mangle = yield* stage.fault("malformed")
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      const before = watched.feed.counts().malformed
      yield* mangle(symbol)
      yield* until("the message counted", () => watched.feed.counts().malformed === before + 1)
      const sample = watched.feed.samples().at(-1)
      yield* hold(`the sample says ${JSON.stringify(sample)}`, sample !== undefined && sample.reason !== "")
      yield* flow.more(watched, symbol, 3)
      yield* flow.accounted(stage, watched, symbol)
      yield* equal("gaps and reconnects", [watched.gaps(symbol), watched.feed.counts().reconnects], [[], 0])
    })
}

export const missing: Card = {
  id: "RS-11",
  title: "a trade that the venue did not send is fetched, or is a gap that counts it",
  prerequisite: "channel trades with consecutive ids; the exchange can drop a message (`drop`)",
  action: "drop one trade message of a busy symbol",
  pass: "a gap is told; every trade is told, or inside it",
  unless: (capabilities) =>
    claims.without("trades")(capabilities) ??
    (capabilities.consecutiveTradeIds ? undefined : "without consecutive ids nothing shows that a trade is missing"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const drop = yield* stage.fault("drop")
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      yield* drop(symbol, "trades")
      yield* flow.more(watched, symbol, 3)
      yield* until("a gap", () => watched.gaps(symbol, "trades").length > 0)
      yield* flow.accounted(stage, watched, symbol)
      const [gap] = watched.gaps(symbol, "trades")
      const fetched = watched.of("trade", symbol).filter(({ origin }) => origin === "backfill").length
      yield* equal("lost, by the gap", gap?.lost, gap?.repaired === true ? fetched : gap?.lost)
    })
}
