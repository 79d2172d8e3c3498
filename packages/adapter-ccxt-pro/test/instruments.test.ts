import { Instrument } from "@tidewire/core"
import { Schema } from "effect"
import { assert, describe, it } from "vitest"
import type { Exchange, Market } from "../src/Exchange.ts"
import { instrumentsOf } from "../src/instruments.ts"
import { inTime, keepOrder } from "../src/keepOrder.ts"

const base: Market = { id: "xbtusd", symbol: "BTC/USD", base: "BTC", quote: "USD", type: "spot", spot: true }

const listed = (precisionMode: number, ...markets: ReadonlyArray<Market>) =>
  instrumentsOf("mine", {
    precisionMode,
    markets: Object.fromEntries(markets.map((each) => [each.symbol, each]))
  } as unknown as Exchange)

describe("S-E5 instruments of CCXT's markets", () => {
  it("have both spellings, and the grid in plain digits, however CCXT counts it", () => {
    const precision = { price: 0.1, amount: 1e-8 }
    const [steps] = listed(4, { ...base, precision, limits: { cost: { min: 5 } } })
    assert.isTrue(Schema.is(Instrument.Instrument)(steps))
    assert.deepStrictEqual(
      [steps?.symbol, steps?.unified, steps?.venueSymbol, steps?.tickSize, steps?.lotSize, steps?.minNotional],
      ["BTC/USD", "BTC/USD", "xbtusd", "0.1", "0.00000001", "5"]
    )
    const [digits] = listed(2, { ...base, precision: { price: 2, amount: 3 }, active: false })
    assert.deepStrictEqual([digits?.tickSize, digits?.lotSize, digits?.status], ["0.01", "0.001", "halted"])
  })

  it("say what a size counts", () => {
    const swap = { ...base, type: "swap", spot: false, settle: "USDT" }
    const units = listed(
      4,
      base,
      { ...swap, symbol: "a", linear: true, contractSize: 1 },
      { ...swap, symbol: "b", linear: true, contractSize: 0.01 },
      { ...swap, symbol: "c", inverse: true, contractSize: 1 },
      { ...swap, symbol: "d", inverse: true, contractSize: 100, type: "future" },
      { ...swap, symbol: "e", type: "something new" }
    )
    assert.deepStrictEqual(
      units.map(({ contractSize, kind, sizeUnit }) => [kind, sizeUnit, contractSize]),
      [
        ["spot", "base", "1"],
        ["perpetual", "base", "1"],
        ["perpetual", "contracts", "0.01"],
        ["perpetual", "quote", "1"],
        ["future", "contracts", "100"]
      ]
    )
  })
})

describe("past trades of one millisecond", () => {
  const trade = (id: string, timestamp: number) => ({ id, timestamp })

  it("stay as the exchange lists them, whichever end it begins with", () => {
    const oldestFirst = [trade("b", 1), trade("a", 1), trade("d", 2), trade("c", 2)]
    assert.deepStrictEqual([inTime(oldestFirst), inTime(oldestFirst.toReversed())], [oldestFirst, oldestFirst])
  })

  it("and nothing else, are sorted otherwise than CCXT sorts", () => {
    const asked: Array<ReadonlyArray<unknown>> = []
    const exchange = { sortBy2: (...given: ReadonlyArray<unknown>) => asked.push(given) } as unknown as Exchange
    keepOrder(exchange)
    const rows = [trade("b", 2), trade("a", 1)]
    assert.deepStrictEqual(exchange.sortBy2?.(rows, "timestamp", "id"), [trade("a", 1), trade("b", 2)])
    exchange.sortBy2?.(rows, "price", "id")
    exchange.sortBy2?.(rows, "timestamp", "id", true)
    assert.deepStrictEqual(
      asked.map(([, ...how]) => how),
      [
        ["price", "id", undefined],
        ["timestamp", "id", true]
      ]
    )
  })
})
