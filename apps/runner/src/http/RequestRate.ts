/**
 * How many requests of an address are let through: a bucket each, filled at a steady rate.
 *
 * Guarantees: at most `rate` a second in the long run and twice as many at once; the buckets of the `MOST` latest addresses are
 * kept, the one that was used longest ago gives way.
 */

const MOST = 10_000
const BURST_SECONDS = 2

interface Bucket {
  left: number
  filledMs: number
}

export class RequestRate {
  readonly #rate: number
  readonly #now: () => number
  readonly #buckets = new Map<string, Bucket>()

  constructor(rate: number, now: () => number) {
    this.#rate = rate
    this.#now = now
  }

  /** After how many seconds to come again; `undefined` where it is let through. */
  take(address: string): number | undefined {
    const now = this.#now()
    const most = this.#rate * BURST_SECONDS
    const known = this.#buckets.get(address)
    const left = known === undefined ? most : Math.min(most, known.left + ((now - known.filledMs) / 1_000) * this.#rate)
    // the one that was used last stands last
    this.#buckets.delete(address)
    this.#buckets.set(address, { left: left >= 1 ? left - 1 : left, filledMs: now })
    if (this.#buckets.size > MOST) this.#buckets.delete(this.#buckets.keys().next().value!)
    return left >= 1 ? undefined : Math.max(1, Math.ceil((1 - left) / this.#rate))
  }
}
