import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { strategy } from "../../examples/spread-arbitrage/spread-arbitrage.ts"
import { scripted } from "./scripted.ts"

// 0.2 % of fees for all four trades, and 0.1 % to be left
const options = { venues: ["a", "b"], symbol: "BTC/USDT:USDT", size: "0.01", fees: [0.0005, 0.0005], profit: 0.001 }

const near = { bid: 9_999, ask: 10_001 }
const dear = { bid: 10_040, ask: 10_042 }

const ready = Effect.gen(function* () {
  const run = yield* scripted(strategy(options), ["a", "b"])
  yield* run.show("a", near)
  return {
    ...run,
    legs: () => [run.held("a"), run.held("b")],
    fills: () => run.told().filter((line) => line.includes(" fill "))
  }
})

describe("the spread arbitrage example", () => {
  it.effect("takes both legs when the spread pays for the fees, and closes both when it is gone", () =>
    Effect.gen(function* () {
      const run = yield* ready
      // 0.29 % is not enough
      yield* run.show("b", { bid: 10_030, ask: 10_032 })
      yield* run.pass(2_000)
      assert.deepStrictEqual(run.told(), [])
      yield* run.show("b", dear)
      yield* run.pass(2_000)
      assert.deepStrictEqual(run.legs(), ["0.01", "-0.01"])
      // nearer, but not gone
      yield* run.show("b", { bid: 10_005, ask: 10_007 })
      yield* run.pass(2_000)
      assert.deepStrictEqual(run.legs(), ["0.01", "-0.01"])
      yield* run.show("b", { bid: 9_997, ask: 9_999 })
      yield* run.pass(2_000)
      assert.deepStrictEqual(run.legs(), ["0", "0"])
      assert.deepStrictEqual(run.fills(), [
        "a fill buy 0.01 at 10001 taker",
        "b fill sell 0.01 at 10040 taker",
        "a fill sell 0.01 at 9999 taker",
        "b fill buy 0.01 at 9999 taker"
      ])
    }).pipe(Effect.scoped)
  )

  it.effect("closes a leg whose other did not fill, and no more than was filled alone", () =>
    Effect.gen(function* () {
      for (const [size, alone] of [
        [undefined, "0.01"],
        [0.004, "0.006"]
      ] as const) {
        const run = yield* ready
        yield* run.show("b", dear)
        // while both orders are on their way, the dear price goes away, or most of its size does
        yield* run.show("b", size === undefined ? near : { ...dear, size })
        yield* run.pass(2_000)
        const rest = size === undefined ? "0" : String(size)
        assert.deepStrictEqual(run.legs(), [rest, rest === "0" ? "0" : `-${rest}`])
        assert.include(run.fills(), `a fill sell ${alone} at 9999 taker`)
        assert.isTrue(run.logged.some(({ message }) => message === "a lonely leg on a is closed"))
      }
    }).pipe(Effect.scoped)
  )

  it.effect("trades nothing on a book that is not live, and closes both legs when it is stopped", () =>
    Effect.gen(function* () {
      const run = yield* ready
      yield* run.lose("a")
      yield* run.show("b", dear)
      yield* run.pass(5_000)
      assert.deepStrictEqual(run.told(), [])
      yield* run.show("a", near)
      yield* run.pass(2_000)
      assert.deepStrictEqual(run.legs(), ["0.01", "-0.01"])
      const { left } = yield* run.stop
      assert.deepStrictEqual({ left, legs: run.legs() }, { left: [], legs: ["0", "0"] })
    }).pipe(Effect.scoped)
  )

  it("says what is wrong with its options", () => {
    assert.throws(() => strategy({ ...options, venues: ["a"] }), /\["venues"\]/)
    assert.throws(() => strategy({ ...options, fees: [0.0005, 5] }), /\["fees"\]/)
  })
})
