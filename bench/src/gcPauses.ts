/** The pauses that the collection of garbage makes, as the runtime tells them: a moment after each. */
import { PerformanceObserver } from "node:perf_hooks"

export interface GcPauses {
  readonly count: number
  readonly longestMs: number
  readonly totalMs: number
}

interface Pause {
  readonly at: number
  readonly ms: number
}

export class GcWatch {
  readonly #pauses: Array<Pause> = []
  readonly #observer = new PerformanceObserver((list) => this.#add(list.getEntries()))

  constructor() {
    this.#observer.observe({ entryTypes: ["gc"] })
  }

  /** Those that began between two readings of `performance.now()`. To be asked a turn after the second. */
  between(fromMs: number, toMs: number): GcPauses {
    this.#add(this.#observer.takeRecords())
    this.#observer.disconnect()
    const pauses = this.#pauses.filter(({ at }) => at >= fromMs && at <= toMs).map(({ ms }) => ms)
    const totalMs = pauses.reduce((total, ms) => total + ms, 0)
    return { count: pauses.length, longestMs: rounded(Math.max(0, ...pauses)), totalMs: rounded(totalMs) }
  }

  #add(entries: ReadonlyArray<{ readonly startTime: number; readonly duration: number }>): void {
    for (const { duration, startTime } of entries) this.#pauses.push({ at: startTime, ms: duration })
  }
}

const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000
