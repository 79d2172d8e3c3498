/** Sizes by integer tick, in pages of 64 that are there while they hold a level; the tick is known beforehand. */
import type { Side } from "./side.ts"

const TICKS = 64

class Page {
  readonly sizes = new Float64Array(TICKS)
  count = 0
}

class TickPages implements Side {
  readonly #scale: number
  readonly #pages = new Map<number, Page>()
  #best = Number.NaN

  constructor(scale: number) {
    this.#scale = scale
  }

  get bestPrice(): number {
    return this.#best / this.#scale
  }

  levels(depth: number): ReadonlyArray<readonly [number, number]> {
    const found: Array<readonly [number, number]> = []
    for (const page of [...this.#pages.keys()].sort((left, right) => right - left)) {
      const { sizes } = this.#pages.get(page)!
      for (let at = TICKS - 1; at >= 0 && found.length < depth; at--) {
        if (sizes[at] !== 0) found.push([(page * TICKS + at) / this.#scale, sizes[at]!])
      }
      if (found.length === depth) break
    }
    return found
  }

  set(key: number, size: number): void {
    const tick = Math.round(key * this.#scale)
    const number = Math.floor(tick / TICKS)
    const at = tick - number * TICKS
    let page = this.#pages.get(number)
    if (size !== 0) {
      if (page === undefined) this.#pages.set(number, (page = new Page()))
      if (page.sizes[at] === 0) page.count++
      page.sizes[at] = size
      if (!(tick <= this.#best)) this.#best = tick
    } else if (page !== undefined && page.sizes[at] !== 0) {
      page.sizes[at] = 0
      if (--page.count === 0) this.#pages.delete(number)
      if (tick === this.#best) this.#best = this.#highest()
    }
  }

  #highest(): number {
    let last = Number.NEGATIVE_INFINITY
    for (const number of this.#pages.keys()) if (number > last) last = number
    const sizes = this.#pages.get(last)?.sizes
    if (sizes === undefined) return Number.NaN
    let at = TICKS - 1
    while (sizes[at] === 0) at--
    return last * TICKS + at
  }
}

export const tickPages = (): Side => new TickPages(100)
