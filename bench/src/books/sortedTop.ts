/** A hash table, and the best 64 to 128 keys sorted beside it: what core used before. */
import { PriceTable } from "../../../packages/core/src/PriceTable.ts"
import type { Side } from "./side.ts"

const TOP = 64

class SortedTop implements Side {
  readonly #table = new PriceTable()
  readonly #top = new Float64Array(2 * TOP)
  #topCount = 0

  get bestPrice(): number {
    return this.#topCount === 0 ? Number.NaN : this.#top[this.#topCount - 1]!
  }

  levels(depth: number): ReadonlyArray<readonly [number, number]> {
    const length = Math.min(depth, this.#table.count)
    if (length > this.#topCount && length <= TOP) this.#refill()
    const keys = length <= this.#topCount ? this.#top.subarray(0, this.#topCount) : this.#table.keys().sort()
    const levels: Array<readonly [number, number]> = []
    for (let index = keys.length - 1; levels.length < length; index--) {
      levels.push([keys[index]!, this.#table.get(keys[index]!)])
    }
    return levels
  }

  set(key: number, size: number): void {
    if (size === 0) {
      if (this.#table.delete(key)) this.#leave(key)
    } else if (this.#table.set(key, size)) this.#enter(key)
  }

  #enter(key: number): void {
    const top = this.#top
    let index = this.#topCount
    if (index > 0 && key < top[0]! && index < this.#table.count - 1) return
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
    if (this.#topCount === 0 && this.#table.count > 0) this.#refill()
  }

  #refill(): void {
    const top = this.#top
    const keys = this.#table.keys()
    let count = 0
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot]!
      if (count === TOP && key < top[0]!) continue
      if (count === TOP) top.copyWithin(0, 1, count--)
      let index = count++
      for (; index > 0 && top[index - 1]! > key; index--) top[index] = top[index - 1]!
      top[index] = key
    }
    this.#topCount = count
  }
}

export const sortedTop = (): Side => new SortedTop()
