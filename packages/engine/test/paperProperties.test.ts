import { assert, describe, it } from "@effect/vitest"
import { Amount, type PrivateEvent } from "@tidewire/core"
import { BigDecimal, Effect } from "effect"
import { perpetual, spot } from "./opened.ts"
import { balances, paperRun, type PaperRun } from "./paperRun.ts"

const read = BigDecimal.fromStringUnsafe
const signed = ({ side, size }: PrivateEvent.Fill) => (side === "buy" ? read(size) : BigDecimal.negate(read(size)))

const fillsOf = ({ told }: PaperRun) => told.filter((event) => event.type === "fill")
const balanceOf = (run: PaperRun, asset: string) => read(run.balances.find((each) => each.asset === asset)!.total)

/** What fills and funding make of the balances that there were, by cash alone. */
const expected = (run: PaperRun, asset: "USDT" | "BTC", isSpot: boolean): BigDecimal.BigDecimal => {
  let sum = read(balances[asset])
  for (const fill of fillsOf(run)) {
    if (fill.feeAsset === asset) sum = BigDecimal.subtract(sum, read(fill.fee!))
    if (isSpot && asset === "BTC") sum = BigDecimal.sum(sum, signed(fill))
    if (asset === "USDT") sum = BigDecimal.subtract(sum, BigDecimal.multiply(signed(fill), read(fill.price)))
  }
  return sum
}

const runs = [1, 2, 3, 4, 5, 6].flatMap((seed) => [
  { seed, symbol: spot.symbol, hasBook: false, steps: 800 } as const,
  { seed, symbol: spot.symbol, hasBook: true, steps: 800 } as const,
  { seed, symbol: perpetual.symbol, hasBook: false, steps: 800 } as const,
  { seed, symbol: perpetual.symbol, hasBook: true, steps: 800 } as const
]) as ReadonlyArray<{ seed: number; symbol: "BTCSPOT" | "BTCUSDT"; hasBook: boolean; steps: number }>

describe("PaperVenue, at random", () => {
  it.effect.each(runs)("keeps its accounts: $symbol, seed $seed, book $hasBook", (options) =>
    Effect.gen(function* () {
      const run = yield* paperRun(options)
      const fills = fillsOf(run)
      assert.isAbove(fills.length, 50)
      const isSpot = options.symbol === "BTCSPOT"
      // all is where the fills and fees put it; a position is worth what it was entered at
      const position = run.positions[0]
      const entered =
        position === undefined ? read("0") : BigDecimal.multiply(read(position.size), read(position.entryPrice!))
      const usdt = BigDecimal.subtract(balanceOf(run, "USDT"), entered)
      assert.strictEqual(
        Amount.write(BigDecimal.round(usdt, { scale: 8 })),
        Amount.write(BigDecimal.round(expected(run, "USDT", isSpot), { scale: 8 }))
      )
      assert.strictEqual(Amount.write(balanceOf(run, "BTC")), Amount.write(expected(run, "BTC", isSpot)))
      const held = fills.reduce((sum, fill) => BigDecimal.sum(sum, signed(fill)), read("0"))
      if (!isSpot) assert.strictEqual(Amount.write(held), position?.size ?? "0")
      // nothing is open, so nothing is held
      assert.strictEqual(run.open, 0)
      assert.deepStrictEqual(
        run.balances.map(({ locked }) => locked),
        run.balances.map(() => "0")
      )
      if (isSpot) {
        // what was told last is what there is
        const told = new Map(run.told.flatMap((event) => (event.type === "balance" ? [[event.asset, event.free]] : [])))
        assert.deepStrictEqual(
          run.balances.map(({ asset }) => told.get(asset)),
          run.balances.map(({ free }) => free)
        )
        const least = run.told.flatMap((event) =>
          event.type === "balance" ? [Number(event.free), Number(event.locked)] : []
        )
        assert.isAtLeast(Math.min(...least), 0)
      }
    })
  )

  it.effect.each(runs)("fills as it was asked: $symbol, seed $seed, book $hasBook", (options) =>
    Effect.gen(function* () {
      const run = yield* paperRun(options)
      const prices = run.shown.get(options.symbol)!
      const wrong: Array<string> = []
      let position = 0
      for (const fill of fillsOf(run)) {
        const { clientOrderId = "", liquidity, price, side } = fill
        const request = run.requests.get(clientOrderId)!
        // at its own price, or at one that was shown
        if (liquidity === "taker" && !prices.has(Number(price))) wrong.push(`${clientOrderId} at ${price}`)
        if (request.timeInForce === "postOnly" && liquidity === "taker") wrong.push(`${clientOrderId} took`)
        const after = Number((position + (side === "buy" ? 1 : -1) * Number(fill.size)).toFixed(3))
        if (request.reduceOnly === true && (Math.abs(after) > Math.abs(position) || after * position < 0)) {
          wrong.push(`${clientOrderId} made ${position} into ${after}`)
        }
        position = after
      }
      const last = new Map(run.told.flatMap((event) => (event.type === "order" ? [[event.clientOrderId, event]] : [])))
      for (const [id, { filled, size, status }] of last) {
        const { timeInForce } = run.requests.get(id)!
        if (timeInForce === "fok" && filled !== "0" && filled !== size) wrong.push(`${id} was filled in part`)
        if (status === "open") wrong.push(`${id} is open`)
        const sum = fillsOf(run)
          .filter((fill) => fill.clientOrderId === id)
          .reduce((total, fill) => BigDecimal.sum(total, read(fill.size)), read("0"))
        if (Amount.write(sum) !== filled) wrong.push(`${id} says ${filled}, its fills ${Amount.write(sum)}`)
      }
      assert.deepStrictEqual(wrong, [])
    })
  )

  it.effect.each([1, 2, 3])("is the same to the byte, however time is sliced (seed %i)", (seed) =>
    Effect.gen(function* () {
      const options = { seed, steps: 600, symbol: "BTCUSDT", hasBook: false } as const
      const [once, sliced] = [
        yield* paperRun(options),
        yield* paperRun({
          ...options,
          advance: (line, to, random) => {
            while (line.now < to) line.advance(Math.min(to, line.now + 1 + random.below(4)))
          }
        })
      ]
      assert.isAbove(once.told.length, 300)
      assert.strictEqual(JSON.stringify(sliced.told), JSON.stringify(once.told))
      assert.deepStrictEqual(sliced.answers, once.answers)
    })
  )
})
