/**
 * The changes of a book that wait for its snapshot, in order.
 *
 * Guarantees: at most `capacity`; when full the oldest gives way and is counted.
 */
import type { BookDelta } from "./BookRule.ts"

/** How many used-up slots are left at the front before the array is cut. */
const SLACK = 256

export class DeltaBuffer {
  /** Deltas that gave way since the buffer was made. */
  dropped = 0
  readonly #capacity: number
  readonly #deltas: Array<BookDelta> = []
  #head = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#deltas.length - this.#head
  }

  get last(): BookDelta | undefined {
    return this.size === 0 ? undefined : this.#deltas[this.#deltas.length - 1]
  }

  /** The delta at an offset from the oldest; `undefined` past the newest. */
  at(offset: number): BookDelta | undefined {
    return this.#deltas[this.#head + offset]
  }

  push(delta: BookDelta): void {
    if (this.size >= this.#capacity) {
      this.shift(1)
      this.dropped++
    }
    this.#deltas.push(delta)
  }

  /** Removes the oldest ones. */
  shift(count: number): void {
    this.#head += count
    if (this.#head < SLACK && this.#head < this.#deltas.length) return
    this.#deltas.splice(0, this.#head)
    this.#head = 0
  }

  clear(): void {
    this.#deltas.length = 0
    this.#head = 0
  }
}
