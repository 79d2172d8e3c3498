/**
 * The latest final bars of the streams that strategies listen to: a bounded ring for each.
 *
 * Guarantees: bars are final, each open time once, oldest first, at most `most` of a stream. A bar that comes late (fetched after
 * a gap) takes its place by its open time.
 */
import type { Event } from "@tidewire/core"

const MOST = 1_000

export class BarHistory {
  readonly #most: number
  readonly #series = new Map<string, Array<Event.Bar>>()

  constructor(most = MOST) {
    this.#most = most
  }

  take(bar: Event.Bar): void {
    if (!bar.isFinal) return
    const key = keyOf(bar.venue, bar.symbol, bar.interval)
    const series = this.#series.get(key) ?? []
    this.#series.set(key, series)
    let index = series.length
    while (index > 0 && series[index - 1]!.openTime > bar.openTime) index--
    if (series[index - 1]?.openTime === bar.openTime) return
    series.splice(index, 0, bar)
    if (series.length > this.#most) series.shift()
  }

  /** The latest `count`, oldest first; as many as there are. */
  latest(venue: string, symbol: string, interval: string, count: number): ReadonlyArray<Event.Bar> {
    return count <= 0 ? [] : (this.#series.get(keyOf(venue, symbol, interval))?.slice(-count) ?? [])
  }
}

const keyOf = (venue: string, symbol: string, interval: string): string => `${venue}\n${symbol}\n${interval}`
