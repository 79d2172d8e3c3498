/**
 * Bar intervals in the venue's spelling: minutes as a number, `D`, `W` and `M`.
 * Source: docs/venues/bybit.md, "Bars".
 */
import type { Interval } from "@tidewire/core"

const spellings = [
  ["1m", "1"],
  ["3m", "3"],
  ["5m", "5"],
  ["15m", "15"],
  ["30m", "30"],
  ["1h", "60"],
  ["2h", "120"],
  ["4h", "240"],
  ["6h", "360"],
  ["12h", "720"],
  ["1d", "D"],
  ["1w", "W"],
  ["1M", "M"]
] as const satisfies ReadonlyArray<readonly [Interval.Interval, string]>

export const all: ReadonlyArray<Interval.Interval> = spellings.map(([interval]) => interval)

const byInterval: ReadonlyMap<string, string> = new Map(spellings)
const bySpelling: ReadonlyMap<unknown, Interval.Interval> = new Map(
  spellings.map(([interval, spelling]) => [spelling, interval])
)

/** `60` of `1h`; `undefined` where the venue has no such bars. */
export const spell = (interval: Interval.Interval): string | undefined => byInterval.get(interval)

/** `1h` of `60`; `undefined` for what is no interval. */
export const read = (spelling: unknown): Interval.Interval | undefined => bySpelling.get(spelling)
