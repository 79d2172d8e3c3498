/**
 * Bar intervals in Binance's spelling and their alignment: UTC, weeks from Monday, months by the calendar.
 */

export const intervals = [
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

export type Interval = (typeof intervals)[number]

export const isInterval = (text: string): text is Interval => (intervals as ReadonlyArray<string>).includes(text)

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** 1970-01-05, the first Monday of the epoch. */
const MONDAY = 345_600_000

const lengthOf = (interval: Exclude<Interval, "1M">): number =>
  Number(interval.slice(0, -1)) * unitMs[interval.slice(-1) as keyof typeof unitMs]

/** The open time of the bar that contains this time. */
export const openOf = (interval: Interval, time: number): number => {
  if (interval === "1M") {
    const date = new Date(time)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  }
  const offset = interval === "1w" ? MONDAY : 0
  const length = lengthOf(interval)
  return Math.floor((time - offset) / length) * length + offset
}

/** The open time of the bar after the one that opens at `open`. */
export const nextOpen = (interval: Interval, open: number): number => {
  if (interval === "1M") {
    const date = new Date(open)
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1)
  }
  return open + lengthOf(interval)
}
