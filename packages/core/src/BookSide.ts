/**
 * One side of an order book: the levels near the touch by their tick, where their order is at hand, and the others in a
 * hash table. A change costs the same short time wherever in the book it is.
 *
 * Guarantees: no price twice; at most `maxLevels` levels, of which the worst give way and are counted; the best level is
 * known at every moment; `set` allocates nothing, but when the window near the touch is laid anew, because the market left
 * it or the book has grown. Only levels beyond the window are sorted to be read.
 */
import type { Level } from "./Event.ts"
import { PriceTable } from "./PriceTable.ts"
import { TickWindow } from "./TickWindow.ts"

/** When a side is too long, this part of `maxLevels` gives way at once, so that it does not happen at every level. */
const TRIM_SHIFT = 4

/** The window is laid anew when twice as many levels are beyond it, and at least so many. */
const FEWEST_BEYOND = 64

export class BookSide {
  /** Levels that gave way since the side was made. */
  trimmed = 0
  /** 1 for bids, -1 for asks: a key is the price times this, and the best level is the one with the highest key. */
  readonly #sign: 1 | -1
  readonly #maxLevels: number
  readonly #near = new TickWindow()
  readonly #far = new PriceTable()
  /** How many levels beyond the window ask for a new one. */
  #mostFar = FEWEST_BEYOND

  constructor(side: "bid" | "ask", maxLevels: number) {
    this.#sign = side === "bid" ? 1 : -1
    this.#maxLevels = maxLevels
  }

  get count(): number {
    return this.#near.count + this.#far.count
  }

  /** The best price; NaN when there is none, which compares as false with everything. */
  get bestPrice(): number {
    return this.#priceOf(this.#near.count > 0 ? this.#near.highest : highestOf(this.#far.keys()))
  }

  best(): Level | undefined {
    return this.count === 0 ? undefined : [this.bestPrice, this.size(this.bestPrice)]
  }

  /** A fresh array, best first. */
  levels(depth: number): Array<Level> {
    const near = this.#near
    const levels: Array<Level> = []
    for (let bit = near.first; bit !== -1 && levels.length < depth; bit = near.next(bit)) {
      levels.push([this.#priceOf(near.keyAt(bit)), near.sizeAt(bit)])
    }
    if (levels.length === near.count && levels.length < depth) {
      const keys = this.#far.keys().sort()
      for (let index = keys.length - 1; index >= 0 && levels.length < depth; index--) {
        const key = keys[index]!
        levels.push([this.#priceOf(key), this.#far.get(key)])
      }
    }
    return levels
  }

  /** 0 where there is no level. */
  size(price: number): number {
    const key = this.#keyOf(price)
    return this.#near.get(key) || this.#far.get(key)
  }

  /** Takes these levels in place of all it had. */
  replace(levels: ReadonlyArray<Level>): void {
    this.#near.clear()
    this.#far.clear()
    for (const [price, size] of levels) {
      this.#setFar(this.#keyOf(price), size)
      if (this.count > this.#maxLevels) this.#trim()
    }
    if (this.#far.count > 0) this.#lay()
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
    if (!this.#near.set(key, size)) {
      this.#setFar(key, size)
      if (this.#far.count > this.#mostFar || (size !== 0 && !this.#near.isBelow(key))) this.#lay()
    } else if (this.#near.count === 0 && this.#far.count > 0) this.#lay()
    if (this.count > this.#maxLevels) this.#trim()
  }

  #setFar(key: number, size: number): void {
    // -0 equals 0, and removes as well
    if (size === 0) this.#far.delete(key)
    else this.#far.set(key, size)
  }

  /** Lays the window where the best levels are, and puts every level where it belongs. */
  #lay(): void {
    const near = this.#near
    const keys = new Float64Array(this.count)
    const sizes = new Float64Array(this.count)
    this.#far.copy(keys, sizes)
    for (let bit = near.first, index = this.#far.count; bit !== -1; bit = near.next(bit), index++) {
      keys[index] = near.keyAt(bit)
      sizes[index] = near.sizeAt(bit)
    }
    this.#far.clear()
    near.lay(keys)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!
      if (!near.set(key, sizes[index]!)) this.#far.set(key, sizes[index]!)
    }
    this.#mostFar = Math.max(FEWEST_BEYOND, 2 * this.#far.count)
  }

  #trim(): void {
    const gone = Math.max(1, this.#maxLevels >> TRIM_SHIFT)
    for (const [price] of this.levels(Number.POSITIVE_INFINITY).slice(-gone)) {
      const key = this.#keyOf(price)
      if (!this.#far.delete(key)) this.#near.set(key, 0)
    }
    this.trimmed += gone
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
