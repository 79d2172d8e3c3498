/**
 * One side of an order book: all its levels in a hash table, and the best of them sorted beside it. Most changes are not
 * near the touch, most reads are: each pays for what it needs.
 *
 * Guarantees: no price twice; at most `maxLevels` levels, of which the worst give way and are counted; the best level is
 * known at every moment; `set` allocates nothing, but for the table, which grows by doubling. Reading more than `TOP`
 * levels sorts the whole side.
 */
import type { Level } from "./Event.ts"
import { PriceTable } from "./PriceTable.ts"

/** The sorted part has this many levels after it was filled, and at most twice as many. */
const TOP = 64

/** When a side is too long, this part of `maxLevels` gives way at once, so that it does not happen at every level. */
const TRIM_SHIFT = 4

export class BookSide {
  /** Levels that gave way since the side was made. */
  trimmed = 0
  /** 1 for bids, -1 for asks: a key is the price times this, and the best level is the one with the highest key. */
  readonly #sign: 1 | -1
  readonly #maxLevels: number
  readonly #table = new PriceTable()
  /** The `#topCount` highest keys, ascending: exactly the best levels. */
  readonly #top = new Float64Array(2 * TOP)
  #topCount = 0

  constructor(side: "bid" | "ask", maxLevels: number) {
    this.#sign = side === "bid" ? 1 : -1
    this.#maxLevels = maxLevels
  }

  get count(): number {
    return this.#table.count
  }

  /** The best price; NaN when there is none, which compares as false with everything. */
  get bestPrice(): number {
    return this.#topCount === 0 ? Number.NaN : this.#priceOf(this.#top[this.#topCount - 1]!)
  }

  best(): Level | undefined {
    return this.#topCount === 0 ? undefined : this.#levelOf(this.#top[this.#topCount - 1]!)
  }

  /** A fresh array, best first. */
  levels(depth: number): Array<Level> {
    const length = Math.max(0, Math.min(depth, this.count))
    if (length > this.#topCount && length <= TOP) this.#refill()
    const keys = length <= this.#topCount ? this.#top.subarray(0, this.#topCount) : this.#sorted()
    return Array.from({ length }, (_, offset) => this.#levelOf(keys[keys.length - 1 - offset]!))
  }

  /** 0 where there is no level. */
  size(price: number): number {
    return this.#table.get(this.#keyOf(price))
  }

  /** Takes these levels in place of all it had. */
  replace(levels: ReadonlyArray<Level>): void {
    this.#table.clear()
    this.#topCount = 0
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
      this.#enter(key)
      if (this.count > this.#maxLevels) this.#trim()
    }
  }

  /** A new key belongs to the top when it is above its lowest, or when the top is all there is. */
  #enter(key: number): void {
    const top = this.#top
    let index = this.#topCount
    if (index > 0 && key < top[0]! && index < this.count - 1) return
    for (; index > 0 && top[index - 1]! > key; index--) top[index] = top[index - 1]!
    top[index] = key
    if (++this.#topCount < top.length) return
    top.copyWithin(0, TOP)
    this.#topCount = TOP
  }

  #leave(key: number): void {
    const top = this.#top
    if (this.#topCount === 0 || key < top[0]!) return
    let index = this.#topCount - 1
    while (top[index] !== key) index--
    top.copyWithin(index, index + 1, this.#topCount--)
    if (this.#topCount === 0 && this.count > 0) this.#refill()
  }

  /** Finds the best levels anew, in one pass over all. */
  #refill(): void {
    const top = this.#top
    const { slots } = this.#table
    let count = 0
    for (let slot = 0; slot < slots.length; slot++) {
      const key = slots[slot]!
      // a free slot is NaN, which is not above anything
      if (count === TOP ? !(key > top[0]!) : key !== key) continue
      if (count === TOP) top.copyWithin(0, 1, count--)
      let index = count++
      for (; index > 0 && top[index - 1]! > key; index--) top[index] = top[index - 1]!
      top[index] = key
    }
    this.#topCount = count
  }

  #trim(): void {
    const keys = this.#sorted()
    const gone = Math.max(1, this.#maxLevels >> TRIM_SHIFT)
    for (let index = 0; index < gone; index++) {
      this.#table.delete(keys[index]!)
      this.#leave(keys[index]!)
    }
    this.trimmed += gone
  }

  /** Every key, ascending. */
  #sorted(): Float64Array {
    return this.#table.slots.filter((key) => key === key).sort()
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
