/**
 * Which prices near the touch have a level: one bit a tick, in a window that follows the best price. It knows the order
 * of levels without sorting any.
 *
 * Guarantees: the marked keys are the highest of those that were added; marking allocates nothing and takes the same short
 * time anywhere; finding the next key is a look at the words between, at most those of the window (4 kB). The tick is
 * learnt: the largest power of ten, at most 1, of which every key in the window is a multiple. Where there is none (keys
 * of more than 15 digits) nothing is marked.
 */

/** Ticks that the window has, and how many of them are above the best price when it is laid. */
const TICKS = 32_768
const ABOVE = 8_192

/** No key has more decimals and is exact. */
const FINEST = 1e15

export class TickMarks {
  /** How many keys are marked. */
  count = 0
  readonly #bits = new Int32Array(TICKS / 32)
  /** Ticks in 1; infinite where keys have no tick. */
  #scale = 1
  /** The tick of the first bit; `NaN` where there is no window. */
  #base = Number.NaN
  /** The highest bit that is set. */
  #top = -1

  /** Forgets everything, the tick included. */
  clear(): void {
    this.#empty()
    this.#scale = 1
  }

  /** The highest key; `NaN` when none is marked. */
  get highest(): number {
    return this.count === 0 ? Number.NaN : this.#keyOf(this.#top)
  }

  /** True of a key that would be marked. */
  covers(key: number): boolean {
    const tick = key * this.#scale - this.#base
    return tick > -0.5 && tick < TICKS - 0.5
  }

  /** Marks a new key, unless it is below the window; false when the window must be laid anew to have it. */
  add(key: number): boolean {
    const tick = key * this.#scale - this.#base
    // NaN where there is no window: none yet, or never one
    if (!(tick > -0.5)) return tick < 0 || this.#scale === Number.POSITIVE_INFINITY
    if (tick >= TICKS - 0.5) return false
    const bit = (tick + 0.5) | 0
    if (this.#keyOf(bit) !== key) return false
    this.#bits[bit >> 5]! |= 1 << bit
    this.count++
    if (bit > this.#top) this.#top = bit
    return true
  }

  /** Takes the mark from a key that was added. */
  remove(key: number): void {
    const tick = key * this.#scale - this.#base
    if (!(tick > -0.5)) return
    const bit = (tick + 0.5) | 0
    this.#bits[bit >> 5]! &= ~(1 << bit)
    this.count--
    if (bit === this.#top) this.#top = this.#below(bit)
  }

  /** Lays the window anew over these keys: what is marked then are the highest of them. */
  lay(keys: Float64Array): void {
    let highest = Number.NEGATIVE_INFINITY
    for (let index = 0; index < keys.length; index++) if (keys[index]! > highest) highest = keys[index]!
    for (; this.#scale <= FINEST; this.#scale *= 10) {
      this.#empty()
      this.#base = Math.round(highest * this.#scale) - (TICKS - ABOVE)
      if (Number.isSafeInteger(this.#base) && keys.every((key) => this.add(key))) return
    }
    this.#empty()
    this.#scale = Number.POSITIVE_INFINITY
  }

  /** Writes the marked keys, the highest first, as many as there is room for. */
  write(keys: Float64Array): void {
    const most = Math.min(keys.length, this.count)
    for (let bit = this.#top, index = 0; index < most; bit = this.#below(bit)) keys[index++] = this.#keyOf(bit)
  }

  /** The next bit that is set; -1 when none is. */
  #below(bit: number): number {
    const bits = this.#bits
    let word = bit >> 5
    // those of the same word, then the next word that is not empty
    let set = bits[word]! & ~(-1 << bit)
    while (set === 0 && word > 0) set = bits[--word]!
    return set === 0 ? -1 : (word << 5) + 31 - Math.clz32(set)
  }

  #empty(): void {
    this.#bits.fill(0)
    this.count = 0
    this.#base = Number.NaN
    this.#top = -1
  }

  #keyOf(bit: number): number {
    return (this.#base + bit) / this.#scale
  }
}
