/** The venue's spelling of intervals. Source: Bybit v5 docs, "Enums Definitions", interval. */
import type { Interval } from "../market/interval.ts"

const names: Readonly<Record<string, Interval>> = {
  "1": "1m",
  "3": "3m",
  "5": "5m",
  "15": "15m",
  "30": "30m",
  "60": "1h",
  "120": "2h",
  "240": "4h",
  "360": "6h",
  "720": "12h",
  D: "1d",
  W: "1w",
  M: "1M"
}

export const intervalOf = (name: string): Interval | undefined => (Object.hasOwn(names, name) ? names[name] : undefined)

export const nameOf = (interval: Interval): string | undefined =>
  Object.keys(names).find((name) => names[name] === interval)
