import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import { BookSide } from "../src/BookSide.ts"
import { type Random, seeded } from "./random.ts"

/** What prices may be, by a number of ticks. */
const prices: ReadonlyArray<readonly [string, (tick: number, random: Random) => number]> = [
  ["ticks of a hundredth", (tick) => tick / 100],
  ["prices far below 1", (tick) => tick / 1e12],
  ["prices of 15 digits", (tick) => (900_000_000 + tick) / 1 + 0.000001 * (tick % 10)],
  ["one price in a hundred of a finer tick", (tick, random) => tick / 100 + (random.chance(0.01) ? 0.000001 : 0)],
  ["prices that no tick divides", (tick) => tick / 3],
  ["prices beyond every whole number", (tick) => tick * 1e200]
]

const bestFirst = (sizes: ReadonlyMap<number, number>, side: "bid" | "ask"): Array<Event.Level> =>
  [...sizes].sort(([a], [b]) => (side === "bid" ? b - a : a - b))

describe("BookSide", () => {
  for (const side of ["bid", "ask"] as const) {
    it(`equals a plain map on the ${side} side, far beyond its window, while the market wanders`, () => {
      const random = seeded(side === "bid" ? 5 : 6)
      const book = new BookSide(side, 10_000)
      const naive = new Map<number, number>()
      let middle = 50_000
      for (let step = 0; step < 60_000; step++) {
        middle += random.below(5) - 2
        const distance = Math.floor(random.next() ** 3 * 900)
        const price = (side === "bid" ? middle - distance : middle + distance) / 100
        const size = random.chance(0.45) ? 0 : 1 + random.below(1_000)
        book.set(price, size)
        if (size === 0) naive.delete(price)
        else naive.set(price, size)
        if (step % 200 !== 0) continue
        const truth = bestFirst(naive, side)
        const depth = random.pick([1, 5, 20, 64, 65, 200, Number.POSITIVE_INFINITY])
        assert.deepStrictEqual(
          [book.count, book.best(), book.levels(depth), book.size(price)],
          [truth.length, truth[0], truth.slice(0, depth), size]
        )
      }
    })
  }

  for (const [kind, priceOf] of prices) {
    it(`equals a plain map with ${kind}, through sweeps, wandering and snapshots of thousands of levels`, () => {
      const random = seeded(7)
      const book = new BookSide("ask", 10_000)
      const naive = new Map<number, number>()
      const set = (tick: number, size: number) => {
        const price = priceOf(tick, random)
        book.set(price, size)
        if (size === 0) naive.delete(price)
        else naive.set(price, size)
      }
      let middle = 500_000
      for (let step = 0; step < 120; step++) {
        const event = random.below(6)
        if (event === 0) {
          const levels = Array.from({ length: random.below(3_000) }, (_, index): Event.Level => [
            priceOf(middle + index * random.pick([1, 1, 40]), random),
            1 + random.below(9)
          ])
          book.replace(levels)
          naive.clear()
          for (const [price, size] of levels) naive.set(price, size)
        } else if (event === 1) {
          // a sweep takes the best levels, one after the other
          for (const [price] of bestFirst(naive, "ask").slice(0, random.below(400))) {
            book.set(price, 0)
            naive.delete(price)
          }
        } else if (event === 2) {
          // the market jumps
          middle += (random.below(3) - 1) * random.pick([100, 9_000, 60_000])
        } else {
          for (let level = 0; level < 100; level++) {
            set(middle + Math.floor(random.next() ** 4 * 50_000), random.chance(0.5) ? 0 : 1 + random.below(9))
          }
        }
        const truth = bestFirst(naive, "ask")
        const depth = random.pick([1, 20, 100, 2_000, Number.POSITIVE_INFINITY])
        assert.deepStrictEqual(
          [book.count, book.best(), book.bestPrice, book.levels(depth)],
          [truth.length, truth[0], truth[0]?.[0] ?? Number.NaN, truth.slice(0, depth)]
        )
      }
    })
  }

  it("is emptied from the best to the last level without losing sight of the best", () => {
    const book = new BookSide("ask", 10_000)
    for (let price = 1; price <= 1_000; price++) book.set(price, price)
    for (let price = 1; price <= 1_000; price++) {
      assert.deepStrictEqual(book.best(), [price, price])
      book.set(price, 0)
    }
    assert.deepStrictEqual([book.count, book.best(), book.bestPrice], [0, undefined, Number.NaN])
  })

  it("lets a part of the worst levels go at once when it is too long, and counts them", () => {
    const book = new BookSide("bid", 160)
    for (let price = 1; price <= 161; price++) book.set(price, 1)
    const levels = book.levels(Number.POSITIVE_INFINITY)
    assert.deepStrictEqual([book.count, book.trimmed, levels[0], levels.at(-1)], [151, 10, [161, 1], [11, 1]])
  })
})
