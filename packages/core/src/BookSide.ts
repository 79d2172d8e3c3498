/**
 * One side of an order book: its levels in parallel arrays, sorted with the best price at the end, so that changes near
 * the touch, which is where nearly all of them are, move few elements.
 *
 * Guarantees: sorted and without repeats at every moment; at most `maxLevels` levels, of which the worst give way and
 * are counted; `set` allocates nothing, but for the arrays themselves, which grow by doubling.
 */
import type { Level } from "./Event.ts"

/** How many levels are looked at one by one, from the best, before the search halves what is left. */
const NEAR = 8

/** Fewer elements than this are moved by a loop; the native move has a cost of its own. */
const FEW = 24

const INITIAL_SLOTS = 64

export class BookSide {
  /** Levels that gave way since the side was made. */
  trimmed = 0
  #count = 0
  /** 1 for bids, -1 for asks: a key is the price times this, and the best level is the one with the highest key. */
  readonly #sign: 1 | -1
  readonly #maxLevels: number
  #keys = new Float64Array(INITIAL_SLOTS)
  #sizes = new Float64Array(INITIAL_SLOTS)

  constructor(side: "bid" | "ask", maxLevels: number) {
    this.#sign = side === "bid" ? 1 : -1
    this.#maxLevels = maxLevels
  }

  get count(): number {
    return this.#count
  }

  /** The best price; NaN when there is none, which compares as false with everything. */
  get bestPrice(): number {
    return this.#count === 0 ? Number.NaN : this.#priceAt(this.#count - 1)
  }

  best(): Level | undefined {
    return this.#count === 0 ? undefined : this.#levelAt(this.#count - 1)
  }

  /** A fresh array, best first. */
  levels(depth: number): Array<Level> {
    const length = Math.max(0, Math.min(depth, this.#count))
    return Array.from({ length }, (_, offset) => this.#levelAt(this.#count - 1 - offset))
  }

  /** 0 where there is no level. */
  size(price: number): number {
    const key = this.#keyOf(price)
    const index = this.#find(key)
    return index < this.#count && this.#keys[index] === key ? this.#sizes[index]! : 0
  }

  /** Takes these levels in place of all it had. */
  replace(levels: ReadonlyArray<Level>): void {
    this.#count = 0
    if (!this.#isBestFirst(levels)) return this.apply(levels)
    // from the worst to the best each level is appended; the other way round each would move all before it
    let kept = 0
    let end = 0
    while (end < levels.length && kept < this.#maxLevels) if (levels[end++]![1] !== 0) kept++
    for (let index = end; index < levels.length; index++) if (levels[index]![1] !== 0) this.trimmed++
    for (let index = end - 1; index >= 0; index--) this.set(levels[index]![0], levels[index]![1])
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
    const index = this.#find(key)
    const isKnown = index < this.#count && this.#keys[index] === key
    // -0 equals 0, and removes as well
    if (size === 0) {
      if (isKnown) this.#remove(index)
    } else if (isKnown) this.#sizes[index] = size
    else this.#insert(index, key, size)
  }

  #insert(index: number, key: number, size: number): void {
    let at = index
    if (this.#count >= this.#maxLevels) {
      this.trimmed++
      if (at === 0) return
      this.#remove(0)
      at--
    }
    if (this.#count === this.#keys.length) this.#grow()
    move(this.#keys, at, at + 1, this.#count - at)
    move(this.#sizes, at, at + 1, this.#count - at)
    this.#keys[at] = key
    this.#sizes[at] = size
    this.#count++
  }

  #remove(index: number): void {
    move(this.#keys, index + 1, index, this.#count - index - 1)
    move(this.#sizes, index + 1, index, this.#count - index - 1)
    this.#count--
  }

  /** The index of the first key that is not below this one. */
  #find(key: number): number {
    const keys = this.#keys
    let high = this.#count
    const near = Math.max(0, high - NEAR)
    while (high > near) {
      if (keys[high - 1]! < key) return high
      high--
    }
    let low = 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if (keys[middle]! < key) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Strictly: a repeated price is not. */
  #isBestFirst(levels: ReadonlyArray<Level>): boolean {
    for (let index = 1; index < levels.length; index++) {
      if (!(this.#keyOf(levels[index]![0]) < this.#keyOf(levels[index - 1]![0]))) return false
    }
    return true
  }

  #grow(): void {
    const keys = new Float64Array(this.#keys.length * 2)
    const sizes = new Float64Array(keys.length)
    keys.set(this.#keys)
    sizes.set(this.#sizes)
    this.#keys = keys
    this.#sizes = sizes
  }

  #levelAt(index: number): Level {
    return [this.#priceAt(index), this.#sizes[index]!]
  }

  /** Adding 0 turns -0 into 0. */
  #priceAt(index: number): number {
    return this.#keys[index]! * this.#sign + 0
  }

  #keyOf(price: number): number {
    return price * this.#sign
  }
}

const move = (array: Float64Array, from: number, to: number, length: number): void => {
  if (length >= FEW) array.copyWithin(to, from, from + length)
  else if (to > from) for (let offset = length - 1; offset >= 0; offset--) array[to + offset] = array[from + offset]!
  else for (let offset = 0; offset < length; offset++) array[to + offset] = array[from + offset]!
}
