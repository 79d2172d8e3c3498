import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import * as BookAudit from "../src/BookAudit.ts"
import { OrderBook, type Event } from "@tidewire/core"
import { open, subscriptions } from "./opened.ts"
import { ScriptedDriver } from "./referenceVenue.ts"

type Levels = ReadonlyArray<Event.Level>

const bookOf = (bids: Levels, asks: Levels) => {
  const book = new OrderBook.OrderBook()
  book.replace({ bids, asks, sequence: 10, receivedTime: 1 })
  return book
}

const snapshotOf = (sequence: number, bids: Levels, asks: Levels) => ({
  symbol: "AAA",
  sequence,
  bids,
  asks,
  receivedTime: 1
})

const all: BookAudit.Depth = { bid: undefined, ask: undefined }

describe("BookAudit", () => {
  it("finds a level that differs, one that is missing, and one that is too many", () => {
    const book = bookOf(
      [
        [9, 1],
        [8, 2],
        [6, 1]
      ],
      [[11, 1]]
    )
    const snapshot = snapshotOf(
      10,
      [
        [9, 1],
        [8, 3],
        [7, 4],
        [6, 1]
      ],
      [
        [11, 1],
        [12, 1]
      ]
    )
    const drift = BookAudit.compare(book, snapshot, all, new Set())
    assert.deepStrictEqual(drift, {
      compared: 6,
      different: 3,
      examples: ["bid 8: 2 here, 3 there", "bid 7: 0 here, 4 there", "ask 12: 0 here, 1 there"]
    })
  })

  it("compares no deeper than both know, and nothing that has changed since", () => {
    const book = bookOf(
      [
        [9, 1],
        [8, 2],
        [7, 5]
      ],
      [[11, 1]]
    )
    const snapshot = snapshotOf(
      10,
      [
        [9, 1],
        [8, 1],
        [5, 1]
      ],
      [[11, 1]]
    )
    const trail = new BookAudit.Trail(9)
    trail.add({ sequence: 11, bids: [[8, 2]], asks: [] })
    const touched = trail.touchedAfter(10)!
    assert.deepStrictEqual(
      [BookAudit.compare(book, snapshot, { bid: 7.5, ask: undefined }, touched), trail.touchedAfter(8)],
      [{ compared: 2, different: 0, examples: [] }, undefined]
    )
  })
})

describe("audit of live books", () => {
  it.effect("a book that has drifted is told stale with the differences, and rebuilt; a true one is left alone", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.answersPings = true
      let bid = 1
      const { events, feed, market } = yield* open(subscriptions(["AAA"], ["book"]), {
        driver,
        connection: { audit: "1 minute" },
        snapshot: ({ symbol }) =>
          Effect.sync(() => snapshotOf(10, [[8, bid]], [[11, 1]])).pipe(Effect.map((each) => ({ ...each, symbol })))
      })
      yield* TestClock.adjust("1 minute")
      const before = feed.counts()
      bid = 2
      yield* TestClock.adjust("1 minute")
      const stale = events.findLast((each) => each.type === "bookState" && each.state === "stale")
      assert.deepStrictEqual(
        [
          [before.audits, before.drifts, before.resyncs],
          feed.counts().drifts,
          stale?.type === "bookState" && stale.reason,
          market().slice(-4)
        ],
        [
          [1, 0, 0],
          1,
          "1 of 2 levels differ from the venue's: bid 8: 1 here, 2 there",
          ["AAA book stale", "AAA book syncing", "AAA snapshot 10", "AAA book live"]
        ]
      )
    })
  )
})
