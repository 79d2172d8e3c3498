/**
 * Everything at once, with orders: what an engine knows after faults and sudden deaths is what really happened. `CHAOS_SEED=n`
 * plays one seed again; `pnpm soak --venues trading` runs longer.
 */
import { assert, describe, it } from "vitest"
import { describe as inWords } from "./describe.ts"
import { type Judged, judge } from "./judge.ts"
import { run } from "./run.ts"
import { known, truth } from "./scene.ts"

const given = process.env["CHAOS_SEED"]
const seeds = given === undefined ? [1] : [Number(given)]

describe("chaos with trading", () => {
  for (const seed of seeds) {
    it(`seed ${seed}: an engine that is killed twice knows every order, fill, position and balance, and sends nothing twice`, async () => {
      const outcome = await run({ seed, durationMs: 12_000 })
      assert.deepStrictEqual(outcome.violations, [], inWords(outcome))
      // it did happen
      assert.isAbove(outcome.counts.orders, 20)
      assert.isAbove(outcome.counts.fills, 5)
    }, 180_000)
  }
})

describe("the judge of trading", () => {
  const venues: ReadonlyArray<Judged> = [{ venue: "binance-usdm", market: "usdm", wallet: "usdm" }]
  const violationsOf = (over: Parameters<typeof known>[0], really: Parameters<typeof truth>[0] = {}) => {
    const { entries, standing } = known(over)
    return judge(venues, entries, standing, truth(really)).violations
  }

  it("finds nothing where all is known", () => {
    assert.deepStrictEqual(violationsOf({}), [])
  })

  it("finds an order with another end, or with none", () => {
    assert.deepStrictEqual(violationsOf({ status: "cancelled" }), [
      "binance-usdm a: known as cancelled 1, really filled 1"
    ])
    assert.deepStrictEqual(violationsOf({ hasReport: false }), [
      "binance-usdm a: nothing is known of what became of it; really filled"
    ])
  })

  it("finds an order that nobody meant to send, and one that was sent twice", () => {
    assert.deepStrictEqual(violationsOf({}, { stranger: true }), ["binance-usdm b: nobody knows of this order"])
    assert.deepStrictEqual(violationsOf({}, { placed: 2 }), ["binance-usdm a: sent 2 times"])
  })

  it("finds a fill that is missing, that was counted twice, or that differs", () => {
    assert.deepStrictEqual(violationsOf({ fills: 0 }), ["binance-usdm BTCUSDT 7 a: a fill is missing"])
    assert.deepStrictEqual(violationsOf({ fills: 2 }), ["binance-usdm BTCUSDT 7 a: a fill was counted twice"])
    assert.deepStrictEqual(violationsOf({ price: "101" }), [
      "binance-usdm BTCUSDT 7 a: known as 1 at 101, fee 0.04; really 1 at 100, 0.04"
    ])
  })

  it("finds another position, and another balance", () => {
    assert.deepStrictEqual(violationsOf({ position: "2", balance: "9" }), [
      "binance-usdm BTCUSDT: a position of 2, really 1",
      "binance-usdm USDT: 9, really 10"
    ])
  })
})
