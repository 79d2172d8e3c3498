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
    const length = Math.max(0, Math.min(depth, this.count))
    const keys = new Float64Array(length)
    const sizes = new Float64Array(length)
    this.#write(keys, sizes)
    const levels: Array<Level> = []
    for (let index = 0; index < length; index++) levels.push([this.#priceOf(keys[index]!), sizes[index]!])
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
    const keys = new Float64Array(this.count)
    const sizes = new Float64Array(this.count)
    this.#write(keys, sizes)
    this.#far.clear()
    this.#near.lay(keys)
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!
      if (!this.#near.set(key, sizes[index]!)) this.#far.set(key, sizes[index]!)
    }
    this.#mostFar = Math.max(FEWEST_BEYOND, 2 * this.#far.count)
  }

  /** Writes the best keys and their sizes, best first, as many as there is room for. */
  #write(keys: Float64Array, sizes: Float64Array): void {
    this.#near.write(keys, sizes)
    const written = this.#near.count
    if (written >= keys.length) return
    const others = this.#far.keys().sort().reverse()
    for (let index = written; index < keys.length; index++) {
      const key = others[index - written]!
      keys[index] = key
      sizes[index] = this.#far.get(key)
    }
  }

  #trim(): void {
    const keys = new Float64Array(this.count)
    this.#write(keys, new Float64Array(this.count))
    const gone = Math.max(1, this.#maxLevels >> TRIM_SHIFT)
    for (const key of keys.subarray(keys.length - gone)) {
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
