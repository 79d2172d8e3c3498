/**
 * How many orders were sent in the last second and in the last minute, exactly.
 *
 * Guarantees: bounded: it remembers as many moments as it was made for and forgets the oldest, which is sound as long as no
 * more than that are let through in a minute. A clock that is set back makes it count too many, never too few.
 */
export class OrderRate {
  readonly #times: Float64Array
  #count = 0

  constructor(capacity: number) {
    this.#times = new Float64Array(capacity)
  }

  add(nowMs: number): void {
    this.#times[this.#count % this.#times.length] = nowMs
    this.#count++
  }

  /** How many there were in the window that ends now. */
  within(windowMs: number, nowMs: number): number {
    const kept = Math.min(this.#count, this.#times.length)
    for (let back = 1; back <= kept; back++) {
      if (this.#times[(this.#count - back) % this.#times.length]! <= nowMs - windowMs) return back - 1
    }
    return kept
  }
}
