/**
 * How many orders were sent in the last second and in the last minute, exactly, in constant time.
 *
 * Guarantees: bounded: it remembers as many moments as it was made for and forgets the oldest, which is sound as long as no
 * more than that are let through in a minute. A clock that is set back makes it count too many, never too few.
 */
export class OrderRate {
  readonly #times: Float64Array
  #count = 0
  /** The first of all times that is in the last second, and in the last minute. */
  #second = 0
  #minute = 0

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity)
  }

  add(nowMs: number): void {
    this.#times[this.#count % this.#times.length] = nowMs
    this.#count++
  }

  inLastSecond(nowMs: number): number {
    this.#second = this.#firstAfter(this.#second, nowMs - 1_000)
    return this.#count - this.#second
  }

  inLastMinute(nowMs: number): number {
    this.#minute = this.#firstAfter(this.#minute, nowMs - 60_000)
    return this.#count - this.#minute
  }

  #firstAfter(from: number, timeMs: number): number {
    let first = Math.max(from, this.#count - this.#times.length)
    while (first < this.#count && this.#times[first % this.#times.length]! <= timeMs) first++
    return first
  }
}
