/**
 * Frames in the shape of Binance spot's, from a seed: for machines without the recordings. The mid price stands still, so
 * that no order of changes can cross the book.
 */

import { seeded } from "./seeded.ts"

const TRADES = 10_000
const CHANGES = 3_000
const SNAPSHOT_LEVELS = 1_000
const LEVELS_PER_SIDE = 12
const MID_TICKS = 6_183_764
const FIRST_ID = 50_093_239_218
const FIRST_TIME = 1_723_161_255_208

const price = (ticks: number): string => `${(ticks / 100).toFixed(2)}000000`
const size = (random: () => number): string => `${(random() * 2 + 0.00001).toFixed(5)}000`

export const make = () => {
  const random = seeded(7)
  return { trades: trades(random), snapshot: snapshot(random), changes: changes(random) }
}

const trades = (random: () => number): ReadonlyArray<string> =>
  Array.from({ length: TRADES }, (_, index) => {
    const time = FIRST_TIME + index * 35
    const data = {
      e: "trade",
      E: time + 1,
      s: "BTCUSDT",
      t: 3_735_683_259 + index,
      p: price(MID_TICKS + Math.floor(random() * 2_000) - 1_000),
      q: size(random),
      T: time,
      m: random() < 0.5,
      M: true
    }
    return JSON.stringify({ stream: "btcusdt@trade", data })
  })

const snapshot = (random: () => number): string =>
  JSON.stringify({
    lastUpdateId: FIRST_ID,
    bids: Array.from({ length: SNAPSHOT_LEVELS }, (_, depth) => [price(MID_TICKS - 1 - depth), size(random)]),
    asks: Array.from({ length: SNAPSHOT_LEVELS }, (_, depth) => [price(MID_TICKS + 1 + depth), size(random)])
  })

const changes = (random: () => number): ReadonlyArray<string> => {
  let id = FIRST_ID
  return Array.from({ length: CHANGES }, (_, index) => {
    const first = id + 1
    id += 1 + Math.floor(random() * 30)
    const data = {
      e: "depthUpdate",
      E: FIRST_TIME + index * 100,
      s: "BTCUSDT",
      U: first,
      u: id,
      b: side(random, -1),
      a: side(random, 1)
    }
    return JSON.stringify({ stream: "btcusdt@depth@100ms", data })
  })
}

/** Distinct levels, best first, most of them near the touch, four in ten removed; the best level always stays. */
const side = (random: () => number, sign: 1 | -1): ReadonlyArray<readonly [string, string]> => {
  const depths = Array.from({ length: LEVELS_PER_SIDE }, () => Math.floor(1 + SNAPSHOT_LEVELS * random() ** 3))
  return [...new Set(depths)]
    .sort((left, right) => left - right)
    .map((depth) => [price(MID_TICKS + sign * depth), depth > 1 && random() < 0.4 ? "0.00000000" : size(random)])
}
