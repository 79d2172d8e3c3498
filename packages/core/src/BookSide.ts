/**
 * One side of an order book: its levels in one sorted array, key and size side by side, the best level at the end, so that
 * a change near the touch moves few elements, and every change moves them at once.
 *
 * Guarantees: sorted and without repeats at every moment; at most `maxLevels` levels, of which the worst give way and
 * are counted; `set` allocates nothing, but for the array itself, which grows by doubling.
 */
import type { Level } from "./Event.ts"

/** Levels from the best within which most changes fall: they are searched first, and the rest only if need be. */
const NEAR = 256

/** Fewer numbers than this are moved by a loop; the native move has a cost of its own. */
const FEW = 32

const INITIAL_LEVELS = 64

export class BookSide {
  /** Levels that gave way since the side was made. */
  trimmed = 0
  #count = 0
  /** 1 for bids, -1 for asks: a key is the price times this, and the best level is the one with the highest key. */
  readonly #sign: 1 | -1
  readonly #maxLevels: number
  /** The key of the level at `index` is at `2 * index`, its size after it. */
  #levels = new Float64Array(2 * INITIAL_LEVELS)

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
    return index < this.#count && this.#levels[2 * index] === key ? this.#levels[2 * index + 1]! : 0
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
    const isKnown = index < this.#count && this.#levels[2 * index] === key
    // -0 equals 0, and removes as well
    if (size === 0) {
      if (isKnown) this.#remove(index)
    } else if (isKnown) this.#levels[2 * index + 1] = size
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
    if (2 * this.#count === this.#levels.length) this.#grow()
    const slot = 2 * at
    const end = 2 * this.#count
    const levels = this.#levels
    if (end - slot < FEW) for (let from = end - 1; from >= slot; from--) levels[from + 2] = levels[from]!
    else levels.copyWithin(slot + 2, slot, end)
    levels[slot] = key
    levels[slot + 1] = size
    this.#count++
  }

  #remove(index: number): void {
    const slot = 2 * index
    const end = 2 * this.#count
    const levels = this.#levels
    if (end - slot < FEW) for (let to = slot; to < end - 2; to++) levels[to] = levels[to + 2]!
    else levels.copyWithin(slot, slot + 2, end)
    this.#count--
  }

  /** The index of the first key that is not below this one. */
  #find(key: number): number {
    const levels = this.#levels
    let high = this.#count
    let low = 0
    const near = high - NEAR
    if (near > 0) {
      if (levels[2 * near]! < key) low = near
      else high = near
    }
    while (low < high) {
      const middle = (low + high) >>> 1
      if (levels[2 * middle]! < key) low = middle + 1
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
    const levels = new Float64Array(this.#levels.length * 2)
    levels.set(this.#levels)
    this.#levels = levels
  }

  #levelAt(index: number): Level {
    return [this.#priceAt(index), this.#levels[2 * index + 1]!]
  }

  /** Adding 0 turns -0 into 0. */
  #priceAt(index: number): number {
    return this.#levels[2 * index]! * this.#sign + 0
  }

  #keyOf(price: number): number {
    return price * this.#sign
  }
}
