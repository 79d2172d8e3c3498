/**
 * Sizes by price: a hash table in two typed arrays, so that a level is set, changed and removed in the same short time
 * wherever in the book it stands.
 *
 * Guarantees: each key once; never more than half full; allocates only when it grows, by doubling. Keys must be finite;
 * they come in no order.
 */

const INITIAL_SLOTS = 128

/** The bits of a key, to be mixed. */
const key64 = new Float64Array(1)
const key32 = new Int32Array(key64.buffer)

export class PriceTable {
  /** How many keys it has. */
  count = 0
  #keys = new Float64Array(INITIAL_SLOTS).fill(Number.NaN)
  #sizes = new Float64Array(INITIAL_SLOTS)
  #mask = INITIAL_SLOTS - 1

  /** Every slot's key; `NaN` where there is none. */
  get slots(): Float64Array {
    return this.#keys
  }

  /** 0 where there is no such key. */
  get(key: number): number {
    const slot = this.#find(key)
    return this.#keys[slot] === key ? this.#sizes[slot]! : 0
  }

  /** Sets the size of a key; true when the key is new. */
  set(key: number, size: number): boolean {
    const slot = this.#find(key)
    this.#sizes[slot] = size
    if (this.#keys[slot] === key) return false
    this.#keys[slot] = key
    if (++this.count * 2 > this.#mask) this.#grow()
    return true
  }

  /** Removes a key; false when there was none. */
  delete(key: number): boolean {
    const slot = this.#find(key)
    if (this.#keys[slot] !== key) return false
    this.#close(slot)
    this.count--
    return true
  }

  clear(): void {
    this.#keys.fill(Number.NaN)
    this.count = 0
  }

  #home(key: number): number {
    key64[0] = key
    const mixed = Math.imul(key32[0]! ^ key32[1]!, 0x9e3779b1)
    return (mixed ^ (mixed >>> 15)) & this.#mask
  }

  /** The slot of a key, or the free one where it would be. */
  #find(key: number): number {
    const keys = this.#keys
    let slot = this.#home(key)
    while (true) {
      const there = keys[slot]!
      // only NaN differs from itself
      if (there === key || there !== there) return slot
      slot = (slot + 1) & this.#mask
    }
  }

  /** Frees a slot; whatever was pushed past it moves up, so that no search stops short of it. */
  #close(slot: number): void {
    const keys = this.#keys
    const sizes = this.#sizes
    let free = slot
    for (let next = (slot + 1) & this.#mask; ; next = (next + 1) & this.#mask) {
      const key = keys[next]!
      if (key !== key) break
      const pushed = (next - this.#home(key)) & this.#mask
      if (pushed < ((next - free) & this.#mask)) continue
      keys[free] = key
      sizes[free] = sizes[next]!
      free = next
    }
    keys[free] = Number.NaN
  }

  #grow(): void {
    const keys = this.#keys
    const sizes = this.#sizes
    this.#keys = new Float64Array(keys.length * 2).fill(Number.NaN)
    this.#sizes = new Float64Array(keys.length * 2)
    this.#mask = keys.length * 2 - 1
    for (let slot = 0; slot < keys.length; slot++) {
      const key = keys[slot]!
      if (key !== key) continue
      const to = this.#find(key)
      this.#keys[to] = key
      this.#sizes[to] = sizes[slot]!
    }
  }
}
