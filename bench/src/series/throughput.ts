/** Trades as fast as they are taken, and depth with the checked book, on both venues. */
import { baseline, tidewire } from "../clients.ts"
import type { Flood, VenueName } from "../messages.ts"
import * as Rounds from "../rounds.ts"
import * as plans from "./plans.ts"
import { framesPerSecond, processorMicros, ratioAtLeast, type Series } from "./Series.ts"

interface Given {
  readonly name: string
  readonly kind: Flood["kind"]
  readonly venue: VenueName
  readonly about: string
  readonly unit: string
  readonly goal: number
  readonly guard: number
}

const make = ({ about, goal, guard, kind, name, unit, venue }: Given): Series => ({
  name,
  about,
  measure: async (setting) => {
    const amount = kind === "depth" ? plans.DEPTH : plans.TRADES
    const plan = plans.flood(kind, venue, amount, setting)
    return [await Rounds.run({ label: name, plan, clients: [baseline, tidewire] }, setting)]
  },
  rows: [
    { what: `${unit} frames/s`, read: framesPerSecond, goal: ratioAtLeast(goal) },
    { what: `processor time a ${unit} frame, µs`, read: processorMicros, guard }
  ]
})

export const trades = make({
  name: "trades",
  kind: "trades",
  venue: "binance",
  about: "Binance spot's trades, socket to handler",
  unit: "Binance trade",
  goal: 1.8,
  guard: 1.5
})

export const depth = make({
  name: "depth",
  kind: "depth",
  venue: "binance",
  about: "Binance spot's depth, with the checked, live book",
  unit: "Binance depth",
  goal: 2,
  guard: 1.5
})

export const bybitTrades = make({
  name: "bybit-trades",
  kind: "trades",
  venue: "bybit-linear",
  about: "Bybit linear's trades, socket to handler",
  unit: "Bybit trade",
  goal: 1.8,
  guard: 3
})

export const bybitDepth = make({
  name: "bybit-depth",
  kind: "depth",
  venue: "bybit-linear",
  about: "Bybit linear's orderbook.50, with the checked, live book",
  unit: "Bybit depth",
  goal: 2,
  guard: 4
})
