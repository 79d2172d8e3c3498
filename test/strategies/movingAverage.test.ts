import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { strategy } from "../../examples/moving-average/moving-average.ts"
import { scripted } from "./scripted.ts"

const options = { venue: "v", symbol: "BTC/USDT:USDT", interval: "1m", fast: 1, slow: 3, size: "0.01" }

const fills = ({ told }: { readonly told: () => ReadonlyArray<string> }) =>
  told().filter((line) => line.includes(" fill "))

describe("the moving average example", () => {
  it.effect("buys on the crossing above and sells on the crossing below, warmed up by the venue's history", () =>
    Effect.gen(function* () {
      const run = yield* scripted(strategy(options), ["v"], [10, 10, 10, 10])
      yield* run.show("v", { bid: 9_999, ask: 10_001 })
      const heldAfter: Array<string> = []
      for (const close of [10, 11, 12, 13, 9, 8, 9]) {
        yield* run.close("v", close)
        yield* run.pass(1_000)
        heldAfter.push(run.held("v"))
      }
      assert.deepStrictEqual(heldAfter, ["0", "0.01", "0.01", "0.01", "0", "0", "0.01"])
      assert.deepStrictEqual(fills(run), [
        "v fill buy 0.01 at 10001 taker",
        "v fill sell 0.01 at 9999 taker",
        "v fill buy 0.01 at 10001 taker"
      ])
    }).pipe(Effect.scoped)
  )

  it.effect("does nothing before there are bars enough, and tries again what was refused", () =>
    Effect.gen(function* () {
      const run = yield* scripted(strategy(options), ["v"], [10, 10])
      for (const close of [10, 10]) yield* run.close("v", close)
      yield* run.close("v", 12)
      yield* run.pass(1_000)
      // there is no live book, and so no order
      assert.deepStrictEqual(run.told(), [])
      assert.match(run.logged.map(({ message }) => message).join("; "), /^crossed above; not ordered: .*not live/)
      yield* run.show("v", { bid: 9_999, ask: 10_001 })
      yield* run.close("v", 13)
      yield* run.pass(1_000)
      assert.strictEqual(run.held("v"), "0.01")
    }).pipe(Effect.scoped)
  )

  for (const [title, ms] of [
    ["long since filled", 1_000],
    ["still on its way", 0]
  ] as const) {
    it.effect(`is flat when it is stopped with an order ${title}`, () =>
      Effect.gen(function* () {
        const run = yield* scripted(strategy(options), ["v"], [10, 10, 10, 10])
        yield* run.show("v", { bid: 9_999, ask: 10_001 })
        yield* run.close("v", 11)
        yield* run.pass(ms)
        const { left } = yield* run.stop
        assert.deepStrictEqual(
          { left, held: run.held("v"), fills: fills(run) },
          {
            left: [],
            held: "0",
            fills: ["v fill buy 0.01 at 10001 taker", "v fill sell 0.01 at 9999 taker"]
          }
        )
      }).pipe(Effect.scoped)
    )
  }

  it("says what is wrong with its options", () => {
    assert.throws(() => strategy({ ...options, slow: 1 }), /expected fast to be less than slow/i)
    assert.throws(() => strategy({ ...options, interval: "1min" }), /\["interval"\]/)
  })
})
