/**
 * The levels near the touch: a size for each tick in a window that reaches to above the best price, and a bit for each
 * that is not 0, so that a level is set without a search and the next one is found without a sort.
 *
 * Guarantees: a key is taken only if the window has it exactly; setting one allocates nothing and takes the same short
 * time anywhere; finding the next is a look at the bits between. The tick is learnt: the largest power of ten, at most 1,
 * of which every key in the window is a multiple. Where there is none (keys of more than 15 digits) nothing is taken. The
 * window has from 512 to 32 768 ticks, and beyond 512 fewer than 32 for each level that the side had when it was laid.
 */

const FEWEST_TICKS = 512
const MOST_TICKS = 32_768
/** Before it is rounded up to a power of two. */
const TICKS_A_LEVEL = 16

/** No key has more decimals and is exact. */
const FINEST = 1e15

export class TickWindow {
  /** How many levels it has. */
  count = 0
  #sizes = new Float64Array(FEWEST_TICKS)
  #bits = new Int32Array(FEWEST_TICKS / 32)
  /** Ticks in 1; infinite where keys have no tick. */
  #scale = 1
  /** The first tick; `NaN` where there is no window. */
  #base = Number.NaN
  /** The highest bit that is set; -1 when none is. */
  #top = -1

  /** Forgets everything, the tick included. */
  clear(): void {
    this.#empty(FEWEST_TICKS)
    this.#scale = 1
  }

  /** The highest key; `NaN` when there is none. */
  get highest(): number {
    return this.count === 0 ? Number.NaN : this.keyAt(this.#top)
  }

  /** True of a key that belongs elsewhere: below the window, or anywhere when there can be none. */
  isBelow(key: number): boolean {
    return key * this.#scale - this.#base < 0 || this.#scale === Number.POSITIVE_INFINITY
  }

  get(key: number): number {
    const tick = key * this.#scale - this.#base
    if (!(tick > -0.5 && tick < this.#sizes.length - 0.5)) return 0
    const bit = (tick + 0.5) | 0
    return this.keyAt(bit) === key ? this.#sizes[bit]! : 0
  }

  /** Sets a size, 0 for none; false when the key is not in the window. */
  set(key: number, size: number): boolean {
    const sizes = this.#sizes
    const tick = key * this.#scale - this.#base
    if (!(tick > -0.5 && tick < sizes.length - 0.5)) return false
    const bit = (tick + 0.5) | 0
    if (this.keyAt(bit) !== key) return false
    // as numbers: half of all changes go either way, and a branch on that costs more than all the rest
    const had = Number(sizes[bit] !== 0) | 0
    const has = Number(size !== 0) | 0
    sizes[bit] = size
    this.#bits[bit >> 5]! ^= (had ^ has) << bit
    this.count += has - had
    if (bit >= this.#top) this.#top = has === 1 ? bit : this.next(bit)
    return true
  }

  /** Lays an empty window where the highest of these keys are to be. */
  lay(keys: Float64Array): void {
    let highest = Number.NEGATIVE_INFINITY
    let lowest = Number.POSITIVE_INFINITY
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index]!
      if (key > highest) highest = key
      if (key < lowest) lowest = key
    }
    for (; this.#scale <= FINEST; this.#scale *= 10) {
      const wanted = Math.min(2 * (highest - lowest) * this.#scale, TICKS_A_LEVEL * keys.length, MOST_TICKS)
      const length = Math.max(FEWEST_TICKS, 2 ** Math.ceil(Math.log2(wanted)))
      this.#empty(length)
      // a quarter of it is for what will be better than the best
      this.#base = Math.round(highest * this.#scale) - (length - length / 4)
      if (Number.isSafeInteger(this.#base) && keys.every((key) => this.#hasTick(key))) return
    }
    this.#empty(FEWEST_TICKS)
    this.#scale = Number.POSITIVE_INFINITY
  }

  /** Where the highest key is, for `keyAt`, `sizeAt` and `next`; -1 when there is none. */
  get first(): number {
    return this.#top
  }

  /** The next lower one; -1 when there is none. */
  next(bit: number): number {
    if (bit < 0) return -1
    const bits = this.#bits
    let word = bit >> 5
    // those of the same word, then the next word that is not empty
    let set = bits[word]! & ~(-1 << bit)
    while (set === 0 && word > 0) set = bits[--word]!
    return set === 0 ? -1 : (word << 5) + 31 - Math.clz32(set)
  }

  keyAt(bit: number): number {
    return (this.#base + bit) / this.#scale
  }

  sizeAt(bit: number): number {
    return this.#sizes[bit]!
  }

  /** True of a key that is not in the window, or exactly at a tick of it. */
  #hasTick(key: number): boolean {
    const tick = key * this.#scale - this.#base
    return tick <= -0.5 || this.keyAt((tick + 0.5) | 0) === key
  }

  #empty(ticks: number): void {
    if (this.#sizes.length === ticks) {
      this.#sizes.fill(0)
      this.#bits.fill(0)
    } else {
      this.#sizes = new Float64Array(ticks)
      this.#bits = new Int32Array(ticks / 32)
    }
    this.count = 0
    this.#base = Number.NaN
    this.#top = -1
  }
}
