/**
 * Everything at once, by chance: what the stream tells through seeded faults is held against what happened on the
 * exchange. `CHAOS_SEED=n` plays one seed again; `pnpm soak` runs longer.
 */
import { assert, describe, it } from "vitest"
import { describe as inWords } from "./describe.ts"
import type { FamilyName } from "./market.ts"
import { isShared, run } from "./run.ts"

const given = process.env["CHAOS_SEED"]
const seeds = given === undefined ? [1, 2, 3, 4] : [Number(given)]

const DURATION_MS = 12_000

/** Of each market; one venue has two, the other three. */
const SYMBOLS: Readonly<Record<FamilyName, number>> = { binance: 4, bybit: 3 }

for (const family of ["binance", "bybit"] as const) {
  describe.concurrent(`chaos on ${family}`, () => {
    for (const seed of seeds) {
      const layout = isShared(seed) ? "S-A2 shared" : "S-A1 isolated"
      it(`${layout}, S-B5 S-C1 seed ${seed}: every trade and bar once or in a gap, books, quotes and states true`, async () => {
        const outcome = await run({ family, seed, durationMs: DURATION_MS, symbols: SYMBOLS[family] })
        const { accounted, violationCount } = outcome.report
        assert.strictEqual(violationCount, 0, inWords(outcome))
        assert.isDefined(outcome.calmAfterMs, inWords(outcome))
        assert.deepStrictEqual([outcome.left, outcome.drifts], [0, 0])
        // it did happen
        assert.isAbove(accounted.trades, 500)
        assert.isAbove(accounted.booksCompared, 500)
        // the shortest of the other venue is a minute, which may not end meanwhile
        if (family === "binance") assert.isAbove(accounted.finalBars, 20)
        assert.isAbove(accounted.gaps, 0)
        assert.isAbove(outcome.audits, 0)
        assert.isBelow(accounted.notComparable, 0.001 * accounted.events)
      }, 120_000)
    }

    it("a client that leaves out a trade and a few changes of books is found out", async () => {
      const counts = { trade: 0, change: 0 }
      const { report } = await run({
        family,
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
      const books = family === "binance" ? "book" : "book:50"
      assert.includeMembers([...kinds], ["missing trades", `wrong ${books}`, "counts "])
    }, 120_000)
  })
}
