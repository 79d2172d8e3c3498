/**
 * The bars of one market and interval: those of the API, and what has come since. A bar that is streamed replaces the one of its
 * time; where the interval is not streamed, trades change the newest one.
 *
 * Guarantees: rising open times, at most `MOST` of them.
 */
import type { Event } from "@tidewire/core"

export const MOST = 500

export interface Bar {
  /** Epoch ms. */
  readonly openTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** Intervals of which the beginning of a bar follows from its time alone, ms. */
export const intervals: Readonly<Record<string, number>> = {
  "1m": 60_000,
  "5m": 300_000,
  "15m": 900_000,
  "1h": 3_600_000
}

export class Bars {
  readonly #lengthMs: number
  #bars: ReadonlyArray<Bar> = []

  constructor(interval: string) {
    this.#lengthMs = intervals[interval] ?? 60_000
  }

  all(): ReadonlyArray<Bar> {
    return this.#bars
  }

  /** What the API told; newer ones than those stay. */
  load(bars: ReadonlyArray<Bar>): void {
    const last = bars.at(-1)?.openTime ?? 0
    this.#bars = [...bars, ...this.#bars.filter(({ openTime }) => openTime > last)].slice(-MOST)
  }

  bar(bar: Bar): Bar {
    const at = this.#bars.findIndex(({ openTime }) => openTime >= bar.openTime)
    if (at < 0) this.#bars = [...this.#bars, bar].slice(-MOST)
    else this.#bars = this.#bars.with(at, bar)
    return bar
  }

  /** Gives the bar that it is in, as it has become; nothing for one of a bar that is over. */
  trade({ exchangeTime, price, receivedTime, size }: Event.Trade): Bar | undefined {
    const last = this.#bars.at(-1)
    const time = exchangeTime ?? receivedTime
    const openTime = time - (time % this.#lengthMs)
    if (last === undefined || openTime < last.openTime) return undefined
    if (openTime > last.openTime)
      return this.bar({ openTime, open: price, high: price, low: price, close: price, volume: size })
    const [high, low] = [Math.max(last.high, price), Math.min(last.low, price)]
    return this.bar({ ...last, high, low, close: price, volume: last.volume + size })
  }
}
