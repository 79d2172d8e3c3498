/**
 * Sizes by price: a hash table in one typed array, so that a level is set, changed and removed in the same short time
 * wherever in the book it stands.
 *
 * Guarantees: each key once; never more than half full; allocates only when it grows, by doubling, and gives back what it
 * grew when it is cleared. Keys must be finite; they come in no order.
 */

/** Few: most tables of a book hold its levels only until they are put where they are looked up. */
const INITIAL_SLOTS = 16

/** The bits of a key, to be mixed. */
const key64 = new Float64Array(1)
const key32 = new Int32Array(key64.buffer)

/** 2^32 over the golden ratio: a product with it is well mixed in its upper bits. */
const MIX = 0x9e3779b1

export class PriceTable {
  /** How many keys it has. */
  count = 0
  /** A slot is a key and its size, side by side, because they are looked at together; a free slot's key is `NaN`. */
  #cells = new Float64Array(2 * INITIAL_SLOTS).fill(Number.NaN)
  #mask = 2 * INITIAL_SLOTS - 1
  /** Leaves of 32 mixed bits those that number a slot. */
  #shift = 32 - Math.log2(INITIAL_SLOTS)

  /** 0 where there is no such key. */
  get(key: number): number {
    const at = this.#find(key)
    return this.#cells[at] === key ? this.#cells[at + 1]! : 0
  }

  /** Sets the size of a key; true when the key is new. */
  set(key: number, size: number): boolean {
    const cells = this.#cells
    const at = this.#find(key)
    cells[at + 1] = size
    if (cells[at] === key) return false
    cells[at] = key
    if (++this.count * 4 > this.#mask) this.#grow()
    return true
  }

  /** Removes a key; false when there was none. */
  delete(key: number): boolean {
    const at = this.#find(key)
    if (this.#cells[at] !== key) return false
    this.#close(at)
    this.count--
    return true
  }

  clear(): void {
    this.count = 0
    if (this.#cells.length === 2 * INITIAL_SLOTS) return void this.#cells.fill(Number.NaN)
    this.#cells = new Float64Array(2 * INITIAL_SLOTS).fill(Number.NaN)
    this.#mask = 2 * INITIAL_SLOTS - 1
    this.#shift = 32 - Math.log2(INITIAL_SLOTS)
  }

  /** Every key, in no order. */
  keys(): Float64Array {
    const keys = new Float64Array(this.count)
    this.copy(keys)
    return keys
  }

  /** Writes every key, and its size at the same place, in no order. */
  copy(keys: Float64Array, sizes?: Float64Array): void {
    const cells = this.#cells
    for (let at = 0, index = 0; index < this.count; at += 2) {
      const key = cells[at]!
      if (key !== key) continue
      keys[index] = key
      if (sizes !== undefined) sizes[index] = cells[at + 1]!
      index++
    }
  }

  #home(key: number): number {
    key64[0] = key
    return (Math.imul(key32[0]! ^ key32[1]!, MIX) >>> this.#shift) << 1
  }

  /** Where a key is, or the free slot where it would be. */
  #find(key: number): number {
    const cells = this.#cells
    let at = this.#home(key)
    while (true) {
      const there = cells[at]!
      // only NaN differs from itself
      if (there === key || there !== there) return at
      at = (at + 2) & this.#mask
    }
  }

  /** Frees a slot; whatever was pushed past it moves up, so that no search stops short of it. */
  #close(slot: number): void {
    const cells = this.#cells
    const mask = this.#mask
    let free = slot
    for (let next = (slot + 2) & mask; ; next = (next + 2) & mask) {
      const key = cells[next]!
      if (key !== key) break
      const pushed = (next - this.#home(key)) & mask
      if (pushed < ((next - free) & mask)) continue
      cells[free] = key
      cells[free + 1] = cells[next + 1]!
      free = next
    }
    cells[free] = Number.NaN
  }

  #grow(): void {
    const cells = this.#cells
    this.#cells = new Float64Array(cells.length * 2).fill(Number.NaN)
    this.#mask = cells.length * 2 - 1
    this.#shift--
    for (let at = 0; at < cells.length; at += 2) {
      const key = cells[at]!
      if (key !== key) continue
      const to = this.#find(key)
      this.#cells[to] = key
      this.#cells[to + 1] = cells[at + 1]!
    }
  }
}
