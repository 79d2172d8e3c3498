/**
 * Bar intervals, in the spelling of the vocabulary: case-sensitive (`1m` is a minute, `1M` a month), aligned to UTC.
 */

/** Every interval the vocabulary knows; a venue offers a subset. */
export const all = [
  "1s",
  "1m",
  "3m",
  "5m",
  "15m",
  "30m",
  "1h",
  "2h",
  "4h",
  "6h",
  "8h",
  "12h",
  "1d",
  "3d",
  "1w",
  "1M"
] as const

export type Interval = (typeof all)[number]

const lengthMs: Record<Exclude<Interval, "1M">, number> = {
  "1s": 1_000,
  "1m": 60_000,
  "3m": 180_000,
  "5m": 300_000,
  "15m": 900_000,
  "30m": 1_800_000,
  "1h": 3_600_000,
  "2h": 7_200_000,
  "4h": 14_400_000,
  "6h": 21_600_000,
  "8h": 28_800_000,
  "12h": 43_200_000,
  "1d": 86_400_000,
  "3d": 259_200_000,
  "1w": 604_800_000
}

/** Weeks begin on a Monday; the epoch was a Thursday, so the first Monday is four days in. */
const FIRST_MONDAY_MS = 4 * 86_400_000

export const isInterval = (text: string): text is Interval => (all as ReadonlyArray<string>).includes(text)

/** The open time (epoch ms, UTC) of the bar that contains `timeMs`. */
export const openTime = (interval: Interval, timeMs: number): number => {
  if (interval === "1M") {
    const date = new Date(timeMs)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  }
  const offset = interval === "1w" ? FIRST_MONDAY_MS : 0
  const length = lengthMs[interval]
  return Math.floor((timeMs - offset) / length) * length + offset
}

/** The open time (epoch ms, UTC) of the bar after the one that opens at `openTimeMs`. */
export const nextOpenTime = (interval: Interval, openTimeMs: number): number => {
  if (interval === "1M") {
    const date = new Date(openTimeMs)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  }
  return openTimeMs + lengthMs[interval]
}

/** The open time (epoch ms, UTC) of the bar before the one that opens at `openTimeMs`. */
export const previousOpenTime = (interval: Interval, openTimeMs: number): number => openTime(interval, openTimeMs - 1)

/** How many bars open from `fromMs` (inclusive) to `toMs` (exclusive), both open times. */
export const countBetween = (interval: Interval, fromMs: number, toMs: number): number => {
  if (interval !== "1M") return Math.max(0, Math.round((toMs - fromMs) / lengthMs[interval]))
  const from = new Date(fromMs)
  const to = new Date(toMs)
  const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
  return Math.max(0, months)
}
