import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import { BookSide } from "../src/BookSide.ts"
import { seeded } from "./random.ts"

const bestFirst = (sizes: ReadonlyMap<number, number>, side: "bid" | "ask"): Array<Event.Level> =>
  [...sizes].sort(([a], [b]) => (side === "bid" ? b - a : a - b))

describe("BookSide", () => {
  for (const side of ["bid", "ask"] as const) {
    it(`equals a plain map on the ${side} side, far beyond its sorted part, while the market wanders`, () => {
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
