import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import type { Level } from "../src/Event.ts"
import { OrderBook } from "../src/OrderBook.ts"
import { type Random, seeded } from "./random.ts"

const empty = { bids: [], asks: [] }

/** Everything that a reader can see. */
const seen = (book: OrderBook) => ({
  sequence: book.sequence,
  exchangeTime: book.exchangeTime,
  receivedTime: book.receivedTime,
  bids: book.bids(),
  asks: book.asks(),
  bestBid: book.bestBid(),
  bestAsk: book.bestAsk(),
  levels: [book.levels("bid"), book.levels("ask")],
  isCrossed: book.isCrossed,
  trimmed: book.trimmed
})

describe("OrderBook", () => {
  it("is empty, and not crossed, before its first snapshot", () => {
    assert.deepStrictEqual(seen(new OrderBook()), {
      sequence: 0,
      exchangeTime: undefined,
      receivedTime: 0,
      bids: [],
      asks: [],
      bestBid: undefined,
      bestAsk: undefined,
      levels: [0, 0],
      isCrossed: false,
      trimmed: 0
    })
  })

  it("takes a snapshot in place of all it had", () => {
    const book = new OrderBook()
    book.replace({ bids: [[1, 1]], asks: [[2, 2]], sequence: 3, exchangeTime: 4, receivedTime: 5 })
    book.replace({
      bids: [
        [10, 1],
        [9, 2]
      ],
      asks: [
        [11, 3],
        [12, 4]
      ],
      sequence: 7,
      receivedTime: 8.5
    })
    assert.deepStrictEqual(seen(book), {
      sequence: 7,
      exchangeTime: undefined,
      receivedTime: 8.5,
      bids: [
        [10, 1],
        [9, 2]
      ],
      asks: [
        [11, 3],
        [12, 4]
      ],
      bestBid: [10, 1],
      bestAsk: [11, 3],
      levels: [2, 2],
      isCrossed: false,
      trimmed: 0
    })
  })

  it("sets absolute sizes, removes with 0 or -0, and passes over the removal of what it does not have", () => {
    const book = new OrderBook()
    book.replace({
      bids: [
        [10, 1],
        [9, 2],
        [8, 3]
      ],
      asks: [[11, 3]],
      sequence: 1,
      receivedTime: 1
    })
    book.apply({
      bids: [
        [10, 0],
        [9, 5],
        [8, -0],
        [7, 0],
        [6, 4]
      ],
      asks: [
        [12, 0],
        [10.5, 1]
      ],
      last: 2,
      exchangeTime: 3,
      receivedTime: 4
    })
    assert.deepStrictEqual(seen(book), {
      sequence: 2,
      exchangeTime: 3,
      receivedTime: 4,
      bids: [
        [9, 5],
        [6, 4]
      ],
      asks: [
        [10.5, 1],
        [11, 3]
      ],
      bestBid: [9, 5],
      bestAsk: [10.5, 1],
      levels: [2, 2],
      isCrossed: false,
      trimmed: 0
    })
  })

  it("gives a level that is repeated the last size, in a change and in a snapshot", () => {
    const book = new OrderBook()
    const bids: ReadonlyArray<Level> = [
      [10, 1],
      [9, 1],
      [10, 2],
      [9, 0]
    ]
    book.apply({ bids, asks: [], last: 1, receivedTime: 1 })
    const applied = book.bids()
    book.replace({ bids, asks: [], sequence: 2, receivedTime: 2 })
    assert.deepStrictEqual([applied, book.bids()], [[[10, 2]], [[10, 2]]])
  })

  it("sorts a snapshot that is not best first, and leaves out its empty levels", () => {
    const book = new OrderBook()
    book.replace({
      bids: [
        [8, 1],
        [10, 2],
        [9, 0]
      ],
      asks: [
        [11, 1],
        [12, 0],
        [13, 2]
      ],
      sequence: 1,
      receivedTime: 1
    })
    assert.deepStrictEqual(
      [book.bids(), book.asks()],
      [
        [
          [10, 2],
          [8, 1]
        ],
        [
          [11, 1],
          [13, 2]
        ]
      ]
    )
  })

  it("is crossed from the moment that the best bid reaches the best ask", () => {
    const book = new OrderBook()
    const crossed = [9, 10, 11].map((bid) => {
      book.replace({ bids: [[bid, 1]], asks: [[10, 1]], sequence: 1, receivedTime: 1 })
      return book.isCrossed
    })
    book.replace({ ...empty, bids: [[5, 1]], sequence: 1, receivedTime: 1 })
    assert.deepStrictEqual([...crossed, book.isCrossed], [false, true, true, false])
  })

  it("treats the price -0 as 0, on both sides", () => {
    const book = new OrderBook()
    book.apply({ bids: [[-0, 1]], asks: [[0, 2]], last: 1, receivedTime: 1 })
    book.apply({ bids: [[0, 3]], asks: [[-0, 4]], last: 2, receivedTime: 2 })
    // deepStrictEqual tells 0 from -0
    assert.deepStrictEqual([book.bids(), book.asks(), book.size("ask", -0)], [[[0, 3]], [[0, 4]], 4])
  })

  it("gives fresh arrays of at most the depth that was asked for", () => {
    const book = new OrderBook()
    const asks: ReadonlyArray<Level> = [
      [1, 1],
      [2, 2],
      [3, 3]
    ]
    book.replace({ bids: [], asks, sequence: 1, receivedTime: 1 })
    book.asks().length = 0
    assert.deepStrictEqual([book.asks(2), book.asks(0), book.asks(9), book.bids(2)], [asks.slice(0, 2), [], asks, []])
  })

  it("lets the worst levels go beyond maxLevels, and counts them", () => {
    const book = new OrderBook({ maxLevels: 2 })
    book.replace({
      bids: [
        [10, 1],
        [9, 0],
        [8, 1],
        [7, 1],
        [6, 0]
      ],
      asks: [],
      sequence: 1,
      receivedTime: 1
    })
    const afterSnapshot = [book.bids(), book.trimmed]
    book.apply({
      bids: [
        [9, 2],
        [5, 1]
      ],
      asks: [],
      last: 2,
      receivedTime: 2
    })
    assert.deepStrictEqual(
      [afterSnapshot, [book.bids(), book.trimmed]],
      [
        [
          [
            [10, 1],
            [8, 1]
          ],
          1
        ],
        [
          [
            [10, 1],
            [9, 2]
          ],
          3
        ]
      ]
    )
  })

  for (const maxLevels of [10_000, 30]) {
    it.prop(
      `equals a plain map of sizes by price after any operations, with at most ${maxLevels} levels a side`,
      [Schema.Int],
      ([seed]) => {
        const random = seeded(seed)
        const book = new OrderBook({ maxLevels })
        const naive = new NaiveBook(maxLevels)
        for (let step = 1; step <= 40; step++) {
          const isSnapshot = random.chance(0.1)
          const change = { bids: randomLevels(random, isSnapshot), asks: randomLevels(random, isSnapshot) }
          if (isSnapshot) book.replace({ ...change, sequence: step, exchangeTime: step, receivedTime: step })
          else book.apply({ ...change, last: step, receivedTime: step })
          naive.change(change, isSnapshot)
          assert.deepStrictEqual(
            { bids: book.bids(), asks: book.asks(), best: [book.bestBid(), book.bestAsk()], at: book.sequence },
            { bids: naive.bids(), asks: naive.asks(), best: [naive.bids()[0], naive.asks()[0]], at: step }
          )
          const price = random.below(150)
          assert.deepStrictEqual(
            [book.size("bid", price), book.size("ask", price), book.levels("bid"), book.levels("ask")],
            [naive.bid.get(price) ?? 0, naive.ask.get(price) ?? 0, naive.bid.size, naive.ask.size]
          )
        }
      }
    )
  }
})

/** Snapshots are mostly in order, as venues send them; changes are in none. */
const randomLevels = (random: Random, isSnapshot: boolean): ReadonlyArray<Level> => {
  const levels = Array.from({ length: random.below(isSnapshot ? 120 : 25) }, (): Level => [
    random.below(150),
    random.chance(0.3) ? 0 : 1 + random.below(9)
  ])
  if (!isSnapshot || random.chance(0.3)) return levels
  const unique = [...new Map(levels)]
  return random.chance(0.5) ? unique.toSorted((a, b) => a[0] - b[0]) : unique.toSorted((a, b) => b[0] - a[0])
}

class NaiveBook {
  readonly bid = new Map<number, number>()
  readonly ask = new Map<number, number>()
  readonly #maxLevels: number

  constructor(maxLevels: number) {
    this.#maxLevels = maxLevels
  }

  change(change: { bids: ReadonlyArray<Level>; asks: ReadonlyArray<Level> }, isSnapshot: boolean): void {
    this.#set(this.bid, change.bids, isSnapshot, () => this.bids())
    this.#set(this.ask, change.asks, isSnapshot, () => this.asks())
  }

  #set(
    side: Map<number, number>,
    levels: ReadonlyArray<Level>,
    isSnapshot: boolean,
    sorted: () => ReadonlyArray<Level>
  ): void {
    if (isSnapshot) side.clear()
    for (const [price, size] of levels) {
      if (size === 0) side.delete(price)
      else side.set(price, size)
      if (side.size > this.#maxLevels) side.delete(sorted().at(-1)![0])
    }
  }

  bids(): Array<Level> {
    return [...this.bid].toSorted((a, b) => b[0] - a[0])
  }

  asks(): Array<Level> {
    return [...this.ask].toSorted((a, b) => a[0] - b[0])
  }
}
