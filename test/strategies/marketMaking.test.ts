import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { strategy } from "../../examples/market-making/market-making.ts"
import { scripted } from "./scripted.ts"

const options = { venue: "v", symbol: "BTC/USDT:USDT", size: "0.002", most: "0.003", halfSpread: 0.001, skew: 0.002 }

/** The open quotes as `side size at price`. */
const quotes = ({ engine }: { readonly engine: Effect.Success<ReturnType<typeof scripted>>["engine"] }) =>
  engine.desk.open().map(({ filled, price, side, size, timeInForce }) => {
    return `${side} ${size} at ${price} ${timeInForce} ${filled}`
  })

describe("the market making example", () => {
  it.effect("quotes both sides of the middle, follows it by amending, and leans against what it holds", () =>
    Effect.gen(function* () {
      const run = yield* scripted(strategy(options), ["v"])
      yield* run.show("v", { bid: 9_999, ask: 10_001 })
      yield* run.pass(2_000)
      assert.deepStrictEqual(quotes(run), ["buy 0.002 at 9990 postOnly 0", "sell 0.002 at 10010 postOnly 0"])
      const ids = run.engine.desk.open().map(({ clientOrderId }) => clientOrderId)
      yield* run.show("v", { bid: 10_001, ask: 10_003 })
      yield* run.pass(2_000)
      assert.deepStrictEqual(quotes(run), ["buy 0.002 at 9991.9 postOnly 0", "sell 0.002 at 10012.1 postOnly 0"])
      assert.deepStrictEqual(
        run.engine.desk.open().map(({ clientOrderId }) => clientOrderId),
        ids
      )
      // a sale below its bid fills that; two thirds of what it may hold move both quotes down by two thirds of the skew, but not
      // so far that they would take
      yield* run.print("v", 9_991, "sell")
      yield* run.pass(2_500)
      assert.strictEqual(run.held("v"), "0.002")
      assert.deepStrictEqual(quotes(run), ["sell 0.002 at 10001.1 postOnly 0", "buy 0.001 at 9978.6 postOnly 0"])
    }).pipe(Effect.scoped)
  )

  it.effect("never holds or owes more than its bound, however long it goes one way, and is only ever a maker", () =>
    Effect.gen(function* () {
      const run = yield* scripted(strategy(options), ["v"])
      yield* run.show("v", { bid: 9_999, ask: 10_001 })
      for (const [side, price, bound] of [
        ["sell", 9_900, "0.003"],
        ["buy", 10_100, "-0.003"]
      ] as const) {
        for (let turn = 0; turn < 20; turn++) {
          yield* run.pass(700)
          yield* run.print("v", price, side)
          assert.isAtMost(Math.abs(Number(run.held("v"))), 0.003)
        }
        yield* run.pass(1_000)
        assert.strictEqual(run.held("v"), bound)
      }
      const fills = run.told().filter((line) => line.includes(" fill "))
      assert.deepStrictEqual([fills.length > 3, fills.filter((line) => !line.endsWith("maker"))], [true, []])
    }).pipe(Effect.scoped)
  )

  it.effect("quotes nothing while its book is not live, and again when it is", () =>
    Effect.gen(function* () {
      const run = yield* scripted(strategy(options), ["v"])
      yield* run.show("v", { bid: 9_999, ask: 10_001 })
      yield* run.pass(2_000)
      assert.strictEqual(quotes(run).length, 2)
      yield* run.lose("v")
      yield* run.pass(500)
      assert.deepStrictEqual(quotes(run), [])
      run.forget()
      yield* run.pass(5_000)
      assert.deepStrictEqual(run.told(), [])
      yield* run.show("v", { bid: 9_999, ask: 10_001 })
      yield* run.pass(2_000)
      assert.strictEqual(quotes(run).length, 2)
    }).pipe(Effect.scoped)
  )

  it("says what is wrong with its options, all of it", () => {
    const wrong = { ...options, size: "-1", most: 3, halfSpraed: 0.1 }
    assert.throws(() => strategy(wrong), /a decimal text above 0[^]*\["size"\][^]*\["most"\]/)
    assert.throws(() => strategy(wrong), /halfSpraed/)
  })
})
