import { assert, describe, it } from "@effect/vitest"
import { Amount, type Instrument, type PrivateEvent } from "@tidewire/core"
import { Portfolio } from "@tidewire/engine"
import { BigDecimal, Schema } from "effect"

const instrument = (symbol: string, over: Partial<Instrument.Instrument>): Instrument.Instrument => ({
  venue: "v",
  symbol,
  unified: symbol,
  base: "BTC",
  quote: "USDT",
  kind: "spot",
  tickSize: "0.01",
  lotSize: "0.001",
  contractSize: "1",
  sizeUnit: "base",
  status: "trading",
  ...over
})

const SPOT = instrument("SPOT", {})
const LINEAR = instrument("LINEAR", { kind: "perpetual", settle: "USDT", sizeUnit: "contracts", contractSize: "0.01" })
const INVERSE = instrument("INVERSE", { kind: "perpetual", quote: "USD", settle: "BTC", sizeUnit: "quote" })
const instruments = new Map([SPOT, LINEAR, INVERSE].map((each) => [each.symbol, each]))

const portfolio = () => new Portfolio.Portfolio((_, symbol) => instruments.get(symbol))

let ids = 0
const fill = (over: Partial<PrivateEvent.Fill>): PrivateEvent.Fill => ({
  type: "fill",
  venue: "v",
  symbol: "SPOT",
  receivedTime: 1,
  id: String(++ids),
  side: "buy",
  price: "100",
  size: "1",
  ...over
})

describe("Portfolio", () => {
  it("averages what is added, keeps the average of what is sold, and begins anew through zero", () => {
    const book = portfolio()
    book.fill(fill({ price: "100", size: "1" }))
    book.fill(fill({ price: "110", size: "3" }))
    assert.deepStrictEqual(book.holding("v", "SPOT"), { size: "4", averagePrice: "107.5", realizedPnl: "0" })
    book.fill(fill({ side: "sell", price: "120", size: "1" }))
    assert.deepStrictEqual(book.holding("v", "SPOT"), { size: "3", averagePrice: "107.5", realizedPnl: "12.5" })
    book.fill(fill({ side: "sell", price: "100", size: "5" }))
    assert.deepStrictEqual(book.holding("v", "SPOT"), { size: "-2", averagePrice: "100", realizedPnl: "-10" })
    book.price("v", "SPOT", 90, "quote")
    assert.deepStrictEqual(book.holding("v", "SPOT").unrealizedPnl, "20")
  })

  it("counts a linear contract by its size, and an inverse one in the asset it settles in", () => {
    const book = portfolio()
    book.fill(fill({ symbol: "LINEAR", price: "60000", size: "10" }))
    book.fill(fill({ symbol: "LINEAR", side: "sell", price: "61000", size: "10" }))
    book.fill(fill({ symbol: "INVERSE", price: "50000", size: "1000" }))
    book.fill(fill({ symbol: "INVERSE", side: "sell", price: "40000", size: "1000" }))
    const { realizedPnl } = book.summary()
    // 10 contracts of 0.01 BTC, 1000 up; 1000 · (1/50000 − 1/40000)
    assert.deepStrictEqual(realizedPnl, { USDT: "100", BTC: "-0.005" })
  })

  it("gives the entry price of an inverse position as the venue does, by contracts", () => {
    const book = portfolio()
    book.fill(fill({ symbol: "INVERSE", price: "50000", size: "1000" }))
    book.fill(fill({ symbol: "INVERSE", price: "40000", size: "1000" }))
    // 2000 / (1000/50000 + 1000/40000)
    assert.strictEqual(book.holding("v", "INVERSE").averagePrice, "44444.444444444444")
  })

  it("counts a fill once, fees by asset, and funding for the account alone", () => {
    const book = portfolio()
    const told = fill({ fee: "0.1", feeAsset: "USDT", strategy: "a" })
    assert.deepStrictEqual([book.fill(told), book.fill(told)], [true, false])
    book.fill(fill({ side: "sell", fee: "-0.002", feeAsset: "BNB", strategy: "b" }))
    book.funding({ type: "funding", venue: "v", receivedTime: 1, asset: "USDT", amount: "-0.5" })
    const { fees, funding, netPnl } = book.summary()
    assert.deepStrictEqual(
      { fees, funding, netPnl },
      {
        fees: { USDT: "0.1", BNB: "-0.002" },
        funding: { USDT: "-0.5" },
        netPnl: { USDT: "-0.6", BNB: "0.002" }
      }
    )
    assert.deepStrictEqual(book.summary("a").netPnl, { USDT: "-0.1" })
  })

  it("says how many fills it cannot value", () => {
    const book = portfolio()
    assert.isFalse(book.fill(fill({ symbol: "NONE" })))
    assert.strictEqual(book.unvalued, 1)
  })

  const Fill = Schema.Struct({
    symbol: Schema.Literals(["SPOT", "LINEAR", "INVERSE"]),
    side: Schema.Literals(["buy", "sell"]),
    ticks: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 })),
    lots: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100_000 })),
    strategy: Schema.Literals(["a", "b", Portfolio.UNOWNED])
  })

  it.prop(
    "is worth exactly the cash that was moved and the position at its price, however it is split between strategies",
    [Schema.Array(Fill), Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 10_000_000 }))],
    ([drawn, mark]) => {
      const book = portfolio()
      const price = BigDecimal.make(BigInt(mark), 2)
      const expected = new Map<string, { cash: BigDecimal.BigDecimal; size: BigDecimal.BigDecimal }>()
      for (const { lots, side, strategy, symbol, ticks } of drawn) {
        const size = BigDecimal.make(BigInt(lots), 3)
        const at = BigDecimal.make(BigInt(ticks), 2)
        book.fill(fill({ symbol, side, price: Amount.write(at), size: Amount.write(size), strategy }))
        const signed = side === "buy" ? size : BigDecimal.negate(size)
        const before = expected.get(symbol) ?? { cash: BigDecimal.make(0n, 0), size: BigDecimal.make(0n, 0) }
        expected.set(symbol, {
          size: BigDecimal.sum(before.size, signed),
          cash: BigDecimal.subtract(before.cash, BigDecimal.multiply(signed, naiveWorth(symbol, at)))
        })
      }
      for (const [symbol, { cash, size }] of expected) {
        book.price("v", symbol, Number(Amount.write(price)), "mark")
        const shown = book.holding("v", symbol)
        const total = add(shown.realizedPnl, shown.unrealizedPnl!)
        assert.strictEqual(shown.size, Amount.write(size))
        assert.strictEqual(
          total,
          Amount.write(BigDecimal.sum(cash, BigDecimal.multiply(size, naiveWorth(symbol, price))))
        )
        const parts = book.owners().map((owner) => book.holding("v", symbol, owner))
        assert.strictEqual(parts.map((part) => part.size).reduce(add, "0"), shown.size)
        assert.strictEqual(
          parts.map((part) => add(part.realizedPnl, part.unrealizedPnl ?? "0")).reduce(add, "0"),
          total
        )
      }
    }
  )
})

const add = (a: string, b: string): string =>
  Amount.write(BigDecimal.sum(BigDecimal.fromStringUnsafe(a), BigDecimal.fromStringUnsafe(b)))

/** As the formulas of the venues have it. */
const naiveWorth = (symbol: string, price: BigDecimal.BigDecimal): BigDecimal.BigDecimal => {
  if (symbol === "SPOT") return price
  if (symbol === "LINEAR") return BigDecimal.multiply(price, BigDecimal.make(1n, 2))
  const inverse = BigDecimal.divideUnsafe(BigDecimal.make(-1n, 0), price)
  return BigDecimal.round(inverse, { scale: 24, mode: "half-even" })
}
