/**
 * Rolling 24-hour statistics of one market, from its one-minute bars: the window begins at a minute's boundary, and at
 * the beginning of the seeded history at the earliest.
 */
import type { Bar } from "./bars.ts"
import type { Ring } from "./ring.ts"

const DAY_MS = 86_400_000

export interface DayStats {
  readonly openTime: number
  readonly closeTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly last: number
  readonly volume: number
  /** Ticks × steps. */
  readonly quote: bigint
  readonly firstId: number
  readonly lastId: number
  readonly count: number
}

export const dayStats = (minutes: Ring<Bar>, time: number): DayStats => {
  const first = minutes.search(time - DAY_MS, (bar) => bar.openTime)
  const from = minutes.at(first)!
  const last = minutes.last()!
  let { high, low } = from
  let firstId = -1
  let lastId = -1
  for (let i = first; i < minutes.length; i++) {
    const bar = minutes.at(i)!
    if (bar.high > high) high = bar.high
    if (bar.low < low) low = bar.low
    if (firstId === -1) firstId = bar.firstId
    if (bar.lastId !== -1) lastId = bar.lastId
  }
  return {
    openTime: time - DAY_MS,
    closeTime: time,
    open: from.open,
    high,
    low,
    last: last.close,
    volume: last.to.volume - from.from.volume,
    quote: last.to.quote - from.from.quote,
    firstId,
    lastId,
    count: last.to.count - from.from.count
  }
}
