/** The last of a series: at most so many, the oldest give way and are counted. */
export class Ring<A> {
  /** Of all that were added. */
  added = 0
  readonly #capacity: number
  readonly #kept: Array<A> = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(value: A): void {
    this.#kept[this.added % this.#capacity] = value
    this.added++
  }

  /** Oldest first; the last `limit` of them where one is given. */
  values(limit = this.#capacity): ReadonlyArray<A> {
    const size = Math.min(this.added, this.#capacity)
    const taken = Math.min(size, limit)
    return Array.from({ length: taken }, (_, index) => this.#kept[(this.added - taken + index) % this.#capacity]!)
  }
}
