/**
 * Everything at once, by chance: what the stream tells through seeded faults is held against what happened on the
 * exchange. `CHAOS_SEED=n` plays one seed again; `pnpm soak` runs longer.
 */
import { assert, describe, it } from "vitest"
import { describe as inWords } from "./describe.ts"
import { isShared, run } from "./run.ts"

const given = process.env["CHAOS_SEED"]
const seeds = given === undefined ? [1, 2, 3, 4] : [Number(given)]

const DURATION_MS = 12_000

describe.concurrent("chaos", () => {
  for (const seed of seeds) {
    const layout = isShared(seed) ? "S-A2 shared" : "S-A1 isolated"
    it(`${layout}, S-B5 S-C1 seed ${seed}: every trade and bar once or in a gap, books, quotes and states true`, async () => {
      const outcome = await run({ seed, durationMs: DURATION_MS, symbols: 4 })
      const { accounted, violationCount } = outcome.report
      assert.strictEqual(violationCount, 0, inWords(outcome))
      assert.isDefined(outcome.calmAfterMs, inWords(outcome))
      assert.deepStrictEqual([outcome.left, outcome.drifts], [0, 0])
      // it did happen
      assert.isAbove(accounted.trades, 500)
      assert.isAbove(accounted.booksCompared, 500)
      assert.isAbove(accounted.finalBars, 20)
      assert.isAbove(accounted.gaps, 0)
      assert.isAbove(outcome.audits, 0)
      assert.isBelow(accounted.notComparable, 0.001 * accounted.events)
    }, 120_000)
  }

  it("a client that leaves out a trade and a few changes of books is found out", async () => {
    const counts = { trade: 0, change: 0 }
    const { report } = await run({
      seed: 1,
      durationMs: 3_000,
      symbols: 1,
      isHeard: (event) => {
        // an account begins with the first trade of a symbol
        if (event.type === "trade") return ++counts.trade !== 10
        // a change may be followed by a whole book, which covers it
        if (event.type === "book" && event.kind === "delta") return ++counts.change % 10 !== 0
        return true
      }
    })
    const kinds = new Set(report.violations.map(({ channel, kind }) => `${kind} ${channel}`))
    assert.includeMembers([...kinds], ["missing trades", "wrong book", "counts "])
  }, 120_000)
})
