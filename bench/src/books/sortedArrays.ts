/** Two arrays, keys ascending and their sizes: a binary search, and everything better moves by one. */
import type { Side } from "./side.ts"

class SortedArrays implements Side {
  #keys = new Float64Array(64)
  #sizes = new Float64Array(64)
  #count = 0

  get bestPrice(): number {
    return this.#count === 0 ? Number.NaN : this.#keys[this.#count - 1]!
  }

  levels(depth: number): ReadonlyArray<readonly [number, number]> {
    const levels: Array<readonly [number, number]> = []
    for (let index = this.#count - 1; index >= 0 && levels.length < depth; index--) {
      levels.push([this.#keys[index]!, this.#sizes[index]!])
    }
    return levels
  }

  set(key: number, size: number): void {
    const keys = this.#keys
    let at = 0
    for (let end = this.#count; at < end;) {
      const middle = (at + end) >> 1
      if (keys[middle]! < key) at = middle + 1
      else end = middle
    }
    const isKnown = at < this.#count && keys[at] === key
    if (size !== 0 && isKnown) this.#sizes[at] = size
    else if (size !== 0) this.#insert(at, key, size)
    else if (isKnown) {
      keys.copyWithin(at, at + 1, this.#count)
      this.#sizes.copyWithin(at, at + 1, this.#count--)
    }
  }

  #insert(at: number, key: number, size: number): void {
    if (this.#count === this.#keys.length) {
      this.#keys = grown(this.#keys)
      this.#sizes = grown(this.#sizes)
    }
    this.#keys.copyWithin(at + 1, at, this.#count)
    this.#sizes.copyWithin(at + 1, at, this.#count++)
    this.#keys[at] = key
    this.#sizes[at] = size
  }
}

const grown = (array: Float64Array) => {
  const longer = new Float64Array(array.length * 2)
  longer.set(array)
  return longer
}

export const sortedArrays = (): Side => new SortedArrays()
