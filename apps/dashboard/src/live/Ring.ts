/** The last of a series, newest last: at most so many, the oldest give way. */
export class Ring<A> {
  readonly #capacity: number
  #values: Array<A> = []

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  add(value: A): void {
    this.#values.push(value)
    // trimmed in blocks: a shift for each would move the whole of it
    if (this.#values.length >= 2 * this.#capacity) this.#values = this.#values.slice(-this.#capacity)
  }

  clear(): void {
    this.#values = []
  }

  /** The last `limit`, oldest first. */
  values(limit = this.#capacity): ReadonlyArray<A> {
    return this.#values.slice(-Math.min(limit, this.#capacity))
  }
}
