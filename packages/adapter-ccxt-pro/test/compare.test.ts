/** What changed between two books, applied to the first, gives the second, and names nothing that did not change. */
import { OrderBook } from "@tidewire/core"
import { assert, describe, it } from "vitest"
import { changes, levelsOf } from "../src/compare.ts"

describe("levels", () => {
  it("are one for each price, as many as asked for, without those that hold nothing", () => {
    const rows = [
      [10, 1, "a"],
      [10, 2, "b"],
      [9, 0],
      [8, 1],
      [7, 1]
    ] as const
    assert.deepStrictEqual(levelsOf(rows, 2), [
      [10, 3],
      [8, 1]
    ])
  })
})

describe("changes", () => {
  it.each([
    {
      before: [[10, 1]],
      after: [
        [11, 1],
        [10, 1]
      ],
      sign: -1,
      told: [[11, 1]]
    },
    {
      before: [
        [11, 1],
        [10, 1]
      ],
      after: [[10, 2]],
      sign: -1,
      told: [
        [11, 0],
        [10, 2]
      ]
    },
    {
      before: [
        [10, 1],
        [12, 1]
      ],
      after: [
        [10, 1],
        [11, 3]
      ],
      sign: 1,
      told: [
        [11, 3],
        [12, 0]
      ]
    },
    { before: [[10, 1]], after: [], sign: 1, told: [[10, 0]] }
  ] as const)("from $before to $after are $told", ({ after, before, sign, told }) => {
    assert.deepStrictEqual(changes(before, after, sign), told as never)
  })
})

describe("any two books", () => {
  it("differ by what makes one of the other, and by nothing more", () => {
    let seed = 1
    const next = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
    const side = (sign: 1 | -1) =>
      [...new Set(Array.from({ length: next(12) }, () => 1 + next(20)))]
        .toSorted((one, other) => sign * (one - other))
        .map((price): [number, number] => [price, 1 + next(3)])
    for (let round = 0; round < 2_000; round++) {
      const [bids, asks] = [side(-1), side(1)]
      const [laterBids, laterAsks] = [side(-1), side(1)]
      const book = new OrderBook.OrderBook()
      book.replace({ bids, asks, sequence: 1, receivedTime: 0 })
      const delta = { bids: changes(bids, laterBids, -1), asks: changes(asks, laterAsks, 1) }
      book.apply({ ...delta, last: 2, receivedTime: 0 })
      assert.deepStrictEqual([book.bids(), book.asks()], [laterBids, laterAsks])
      const idle = delta.bids.filter(([price, size]) => bids.some((each) => each[0] === price && each[1] === size))
      assert.deepStrictEqual(idle, [])
    }
  })
})
