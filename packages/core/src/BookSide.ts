/**
 * One side of an order book: all its levels in a hash table, and beside it a mark for each of those near the touch, which
 * knows their order. A change costs the same short time wherever in the book it is.
 *
 * Guarantees: no price twice; at most `maxLevels` levels, of which the worst give way and are counted; the best level is
 * known at every moment; `set` allocates nothing, but for the table, which grows by doubling, and when the marks' window
 * is laid anew. Only levels that the marks do not cover are sorted to be read.
 */
import type { Level } from "./Event.ts"
import { PriceTable } from "./PriceTable.ts"
import { TickMarks } from "./TickMarks.ts"

/** When a side is too long, this part of `maxLevels` gives way at once, so that it does not happen at every level. */
const TRIM_SHIFT = 4

export class BookSide {
  /** Levels that gave way since the side was made. */
  trimmed = 0
  /** 1 for bids, -1 for asks: a key is the price times this, and the best level is the one with the highest key. */
  readonly #sign: 1 | -1
  readonly #maxLevels: number
  readonly #table = new PriceTable()
  readonly #marks = new TickMarks()
  /** The highest key; `NaN` when there is none. */
  #best = Number.NaN

  constructor(side: "bid" | "ask", maxLevels: number) {
    this.#sign = side === "bid" ? 1 : -1
    this.#maxLevels = maxLevels
  }

  get count(): number {
    return this.#table.count
  }

  /** The best price; NaN when there is none, which compares as false with everything. */
  get bestPrice(): number {
    return this.#priceOf(this.#best)
  }

  best(): Level | undefined {
    return this.count === 0 ? undefined : this.#levelOf(this.#best)
  }

  /** A fresh array, best first. */
  levels(depth: number): Array<Level> {
    const keys = new Float64Array(Math.max(0, Math.min(depth, this.count)))
    this.#marks.write(keys)
    const marked = this.#marks.count
    if (marked < keys.length) {
      const others = this.#table.keys().filter((key) => !this.#marks.covers(key))
      others.sort().reverse()
      keys.set(others.subarray(0, keys.length - marked), marked)
    }
    return Array.from(keys, (key) => this.#levelOf(key))
  }

  /** 0 where there is no level. */
  size(price: number): number {
    return this.#table.get(this.#keyOf(price))
  }

  /** Takes these levels in place of all it had. */
  replace(levels: ReadonlyArray<Level>): void {
    this.#table.clear()
    this.#marks.clear()
    this.#best = Number.NaN
    this.apply(levels)
  }

  apply(levels: ReadonlyArray<Level>): void {
    for (let index = 0; index < levels.length; index++) {
      const level = levels[index]!
      this.set(level[0], level[1])
    }
  }

  /** Sets the size at a price; 0 removes the level, also one that is not there. */
  set(price: number, size: number): void {
    const key = this.#keyOf(price)
    // -0 equals 0, and removes as well
    if (size === 0) {
      if (this.#table.delete(key)) this.#leave(key)
    } else if (this.#table.set(key, size)) {
      // also when there is no best one
      if (!(key <= this.#best)) this.#best = key
      if (!this.#marks.add(key)) this.#marks.lay(this.#table.keys())
      if (this.count > this.#maxLevels) this.#trim()
    }
  }

  #leave(key: number): void {
    this.#marks.remove(key)
    if (key !== this.#best) return
    if (this.#marks.count === 0) this.#marks.lay(this.#table.keys())
    this.#best = this.#marks.count > 0 ? this.#marks.highest : highestOf(this.#table.keys())
  }

  #trim(): void {
    const keys = this.#table.keys().sort()
    const gone = Math.max(1, this.#maxLevels >> TRIM_SHIFT)
    for (let index = 0; index < gone; index++) {
      this.#table.delete(keys[index]!)
      this.#leave(keys[index]!)
    }
    this.trimmed += gone
  }

  #levelOf(key: number): Level {
    return [this.#priceOf(key), this.#table.get(key)]
  }

  /** Adding 0 turns -0 into 0, here and below. */
  #priceOf(key: number): number {
    return key * this.#sign + 0
  }

  #keyOf(price: number): number {
    return price * this.#sign + 0
  }
}

/** `NaN` of none. */
const highestOf = (keys: Float64Array): number =>
  keys.reduce((highest, key) => (key <= highest ? highest : key), Number.NaN)
