/**
 * The oracle against a faultless client, and against the same client with one thing spoilt: every kind of violation is
 * seen, and nothing else is.
 */
import { assert, describe, it } from "vitest"
import type { Oracle } from "../../src/index.ts"
import { onStage, type Stage } from "../support.ts"
import { FaultlessClient } from "./client.ts"
import { judge, kindsOf, options, oracleOf, record, subscribe } from "./judging.ts"
import { changed, isFinal, isQuote, isTicker, isTrade, middle, type Of, spoiltStreams } from "./spoilt.ts"
import type { Told } from "./client.ts"

describe("Oracle on spot", () => {
  it("sees each thing that is spoilt, and nothing where nothing is", () =>
    onStage(options, async (stage) => {
      await subscribe(stage, "spot")
      const events = record(new FaultlessClient(stage, "spot"), stage)
      const seen = spoiltStreams.map(({ spoil, what }) => ({
        what,
        seen: kindsOf(judge(oracleOf(stage, "spot", { detectWithinMs: 2_500 }), spoil(events), stage))
      }))
      assert.deepStrictEqual(
        seen,
        spoiltStreams.map(({ seen, what }) => ({ what, seen: seen.toSorted() }))
      )
    }))

  it("accounts for everything that a faultless client tells", () =>
    onStage(options, async (stage) => {
      await subscribe(stage, "spot")
      const events = record(new FaultlessClient(stage, "spot"), stage)
      const { accounted } = judge(oracleOf(stage, "spot"), events, stage)
      const count = (isMeant: (event: Told) => boolean) => events.filter(isMeant).length
      const { bookEvents, booksCompared, finalBars, notComparable, quotes, tickers, trades } = accounted
      assert.deepStrictEqual(
        { events: accounted.events, trades, quotes, bookEvents, finalBars, tickers, notComparable },
        {
          events: events.length,
          trades: count(isTrade),
          quotes: count(isQuote),
          bookEvents: count(({ type }) => type === "book"),
          finalBars: count(isFinal),
          tickers: count(isTicker),
          notComparable: 0
        }
      )
      // and once more at the end
      assert.strictEqual(booksCompared, bookEvents + 1)
      assert.isAbove(trades, 20)
    }))
})

describe("Oracle on USDⓈ-M", () => {
  it("finds a faultless client without a fault; its trades are aggregates, its book twenty levels", () =>
    onStage(options, async (stage) => {
      await subscribe(stage, "usdm")
      const events = record(new FaultlessClient(stage, "usdm"), stage, 300)
      const { accounted, violations } = judge(oracleOf(stage, "usdm"), events, stage)
      assert.deepStrictEqual([violations, accounted.notComparable], [[], 0])
      assert.isAbove(accounted.finalBars, 0)
    }))

  it("sees a wrong level of a book that comes whole each time, and one that lacks a level", () =>
    onStage(options, async (stage) => {
      await subscribe(stage, "usdm")
      const events = record(new FaultlessClient(stage, "usdm"), stage)
      const place = middle(events, ({ type }) => type === "book")
      const { asks } = events[place] as Of<"book">
      const spoilt = [asks.with(19, [asks[19]![0], 7]), asks.slice(0, 19), asks.toSpliced(4, 1)].map((levels) =>
        kindsOf(judge(oracleOf(stage, "usdm"), changed<"book">(events, place, { asks: levels }), stage))
      )
      assert.deepStrictEqual(spoilt, [["wrong book:20"], ["wrong book:20"], ["wrong book:20"]])
    }))
})

describe("Oracle of counts and memory", () => {
  const calm = async (stage: Stage, more: Partial<Oracle.OracleOptions>) => {
    await subscribe(stage, "spot")
    const events = record(new FaultlessClient(stage, "spot"), stage)
    return { events, oracle: oracleOf(stage, "spot", more) }
  }

  it("sees counts that do not add up, and deliveries that did not arrive", () =>
    onStage(options, async (stage) => {
      const { events, oracle } = await calm(stage, {})
      const delivered = events.length
      const right = { received: delivered + 3, delivered, conflated: 1, dropped: 1, waiting: 1 }
      const judged = (counts: Oracle.Counts) =>
        kindsOf(judge(oracleOf(stage, "spot"), events, stage, { counts: { spot: counts } }))
      assert.deepStrictEqual(kindsOf(judge(oracle, events, stage, { counts: { spot: right } })), [])
      assert.deepStrictEqual(judged({ ...right, received: delivered }), ["counts "])
      assert.deepStrictEqual(judged({ ...right, received: delivered + 4, delivered: delivered + 1 }), ["counts "])
      assert.deepStrictEqual(judged({ ...right, received: delivered + 2, delivered: delivered - 1 }), ["counts "])
    }))

  it("sees a heap that grows beyond its bound, and not one that grew while it warmed up", () =>
    onStage(options, async (stage) => {
      const growth = async (heap: ReadonlyArray<number>) => {
        const { events, oracle } = await calm(stage, { heapGrowthBytes: 100 })
        for (const bytes of heap) oracle.heap(bytes)
        const report = judge(oracle, events, stage)
        return [report.heap?.growthBytes, report.violations.filter(({ kind }) => kind === "memory").length]
      }
      assert.deepStrictEqual(await growth([0, 1_000, 1_000, 1_100]), [100, 0])
      assert.deepStrictEqual(await growth([0, 1_000, 1_000, 1_101]), [101, 1])
      assert.deepStrictEqual(await growth([0, 0, 0]), [undefined, 0])
    }))

  it("says how much was too long ago to be compared", () =>
    onStage({ ...options, keepBookChanges: 50, keepTrades: 40 }, async (stage) => {
      const { events, oracle } = await calm(stage, {})
      const { accounted, violations } = judge(oracle, events, stage)
      assert.deepStrictEqual(violations, [])
      assert.isAbove(accounted.notComparable, 50)
    }))
})
