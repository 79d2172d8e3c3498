import { assert, describe, it } from "vitest"
import * as binance from "../src/frames/binance.ts"
import * as bybit from "../src/frames/bybit.ts"
import type { Frames } from "../src/frames/Frames.ts"
import { NaiveBook } from "../src/frames/naiveBook.ts"

const venues: ReadonlyArray<readonly [name: string, frames: Frames]> = [
  ["Binance", binance.make()],
  ["Bybit", bybit.make()]
]

interface Ids {
  readonly data: { readonly U?: number; readonly u: number }
}

describe.each(venues)("frames of %s", (_, frames) => {
  it("have trades whose ids differ, of the symbol and with the price that they are said to have", () => {
    const made = Array.from({ length: 20_000 }, (_, place) => frames.trade(place, "ETHUSDT"))
    assert.strictEqual(new Set(made.map(({ id }) => id)).size, made.length)
    for (const { id, price, text } of made.slice(0, 100)) {
      const [data] = [(JSON.parse(text) as { data: Record<string, unknown> | [Record<string, unknown>] }).data].flat()
      const found = { symbol: data!["s"], id: String(data!["t"] ?? data!["i"]), price: Number(data!["p"]) }
      assert.deepStrictEqual(found, { symbol: "ETHUSDT", id, price })
    }
  })

  it("have changes that each cover the id after the one before, and so do they in the next round", () => {
    const { changes, span } = frames.book()
    const ids = [0, span].flatMap((raised) => changes.map(({ text }) => (JSON.parse(text(raised)) as Ids).data))
    const breaks = ids.filter(({ U, u }, index) => {
      const due = (ids[index - 1]?.u ?? u - 1) + 1
      return (U ?? u) > due || u < due
    })
    assert.strictEqual(breaks.length, 0)
  })

  it("have a book that is never crossed, and at a round's end as at its beginning", () => {
    const { changes, start } = frames.book()
    const book = new NaiveBook(start)
    for (const [index, change] of changes.entries()) {
      book.apply(change)
      if (index % 100 === 0) assert.isBelow(book.top().bid, book.top().ask)
    }
    const origin = new NaiveBook(start)
    const sides = ({ asks, bids }: NaiveBook) => [Object.fromEntries(bids), Object.fromEntries(asks)]
    assert.deepStrictEqual(sides(book), sides(origin))
  })
})

it("Bybit's book has 50 levels a side after every change", () => {
  const { changes, start } = bybit.make().book()
  const book = new NaiveBook(start)
  const counts = changes.map((change) => {
    book.apply(change)
    return `${book.bids.size} ${book.asks.size}`
  })
  assert.deepStrictEqual([...new Set(counts)], ["50 50"])
})
