/**
 * The last `capacity` items in order of arrival. Memory is bounded; what falls out is gone. `search` needs items whose
 * key never decreases.
 */

export class Ring<A> {
  readonly capacity: number
  private items: Array<A> = []
  private start = 0

  constructor(capacity: number) {
    this.capacity = capacity
  }

  get length(): number {
    return this.items.length - this.start
  }

  push(item: A): void {
    this.items.push(item)
    if (this.length > this.capacity) this.start++
    if (this.start > this.capacity) {
      this.items = this.items.slice(this.start)
      this.start = 0
    }
  }

  at(index: number): A | undefined {
    return index < 0 ? undefined : this.items[this.start + index]
  }

  last(): A | undefined {
    return this.at(this.length - 1)
  }

  /** A copy of up to `limit` items from `index` on. */
  slice(index: number, limit: number): Array<A> {
    const from = this.start + Math.max(0, index)
    return this.items.slice(from, Math.min(from + Math.max(0, limit), this.items.length))
  }

  /** The index of the first item whose key is at least `key`, or the length. */
  search(key: number, keyOf: (item: A) => number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (keyOf(this.items[this.start + middle]!) < key) low = middle + 1
      else high = middle
    }
    return low
  }
}
