/**
 * How many things happened in the last minute, by the second: constant space, constant time.
 */

const SECONDS = 60

export class RateWindow {
  readonly #startMs: number
  readonly #counts = new Float64Array(SECONDS)
  /** The second that was counted last. */
  #second: number

  constructor(nowMs: number) {
    this.#startMs = nowMs
    this.#second = Math.floor(nowMs / 1_000)
  }

  add(nowMs: number): void {
    this.#moveTo(nowMs)
    this.#counts[this.#second % SECONDS]! += 1
  }

  /** A second, over the last minute or as long as it has been counted, at least over one second. */
  perSecond(nowMs: number): number {
    this.#moveTo(nowMs)
    const elapsed = Math.min(SECONDS, Math.max(1, (nowMs - this.#startMs) / 1_000))
    return this.#counts.reduce((total, each) => total + each, 0) / elapsed
  }

  /** Empties the seconds that have begun since; a clock that was set back is counted where it was. */
  #moveTo(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000)
    if (second <= this.#second) return
    const steps = Math.min(SECONDS, second - this.#second)
    for (let step = 1; step <= steps; step++) this.#counts[(this.#second + step) % SECONDS] = 0
    // further than a minute: all are empty, and only the place matters
    this.#second = second
  }
}
