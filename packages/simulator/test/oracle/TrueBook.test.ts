import { assert, describe, it } from "vitest"
import { TrueBook } from "../../src/oracle/TrueBook.ts"
import { onStage, type Stage } from "../support.ts"

const SYMBOL = "BTCUSDT"

/** The market's own book at several of its ids, then the one that is remembered. */
const record = ({ clock, simulator }: Stage, steps: number) => {
  const views = Array.from({ length: steps }, () => {
    clock.advance(200)
    const { asks, bids, updateId } = simulator.control.book("usdm", SYMBOL)
    const side = (levels: typeof bids) => levels.map(([price, size]) => [Number(price), Number(size)] as const)
    return { id: updateId, bid: new Map(side(bids)), ask: new Map(side(asks)) }
  })
  const market = simulator.truth.market("usdm", SYMBOL)!
  const sides = { bid: new Map<number, number>(), ask: new Map<number, number>() }
  const book = new TrueBook(market, market.journal!, {
    emptied: () => Object.values(sides).forEach((side) => side.clear()),
    changed: (side, price, size) => (size === 0 ? sides[side].delete(price) : sides[side].set(price, size))
  })
  return { book, sides, views }
}

const symbols = { usdm: [SYMBOL] }

describe("TrueBook", () => {
  it("is the market's book at every id, whichever way it moves", () =>
    onStage({ symbols, keepBookChanges: 10_000 }, async (stage) => {
      const { book, sides, views } = record(stage, 20)
      for (const place of [0, 1, 2, 19, 3, 3, 18, 0]) {
        const { ask, bid, id } = views[place]!
        assert.strictEqual(book.moveTo(id), "there")
        assert.deepStrictEqual([sides.bid, sides.ask], [bid, ask])
      }
    }))

  it("tells an id that never was from one that is too long ago, and still knows the rest", () =>
    onStage({ symbols, keepBookChanges: 100 }, async (stage) => {
      const { book, sides, views } = record(stage, 40)
      const last = views.at(-1)!
      assert.strictEqual(book.moveTo(views[0]!.id), "unreachable")
      assert.strictEqual(book.moveTo(last.id + 1), "unknown")
      assert.strictEqual(book.moveTo(last.id), "there")
      assert.deepStrictEqual([sides.bid.size, sides.ask.size], [last.bid.size, last.ask.size])
      // nothing was forgotten of a young market: an id before its first never was
      await onStage({ symbols, keepBookChanges: 10_000 }, async (young) => {
        assert.strictEqual(record(young, 1).book.moveTo(1), "unknown")
      })
    }))

  it("costs nothing unless it was asked for", () =>
    onStage({ symbols }, async (stage) => {
      stage.clock.advance(1_000)
      assert.isUndefined(stage.simulator.truth.market("usdm", SYMBOL)!.journal)
    }))
})
