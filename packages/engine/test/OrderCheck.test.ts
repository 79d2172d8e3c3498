import { Amount, type Instrument, type Trading } from "@tidewire/core"
import { OrderCheck, Refusal } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import { perpetual } from "./opened.ts"
import { request } from "./orders.ts"
import { seeded } from "./random.ts"
import { ScriptedAccount } from "./scriptedAccount.ts"

const { capabilities } = new ScriptedAccount()

const instrument: Instrument.Instrument = {
  ...perpetual,
  tickSize: "0.5",
  lotSize: "0.01",
  orderRules: {
    minPrice: "0.2",
    maxPrice: "1000",
    priceOrigin: "0.2",
    minSize: "0.03",
    maxSize: "10",
    sizeOrigin: "0.03",
    market: { lotSize: "0.1", minSize: "0.13", maxSize: "5.03" }
  }
}

const { clientOrderId: _, ...limit } = request({ price: "100.2", size: "0.03" })
const { price: __, ...unpriced } = limit
const market = { ...unpriced, kind: "market", size: "0.13" } as const

const messageOf = (
  given: Parameters<typeof OrderCheck.check>[0],
  of: Instrument.Instrument = instrument,
  can: Trading.TradingCapabilities = capabilities
) => {
  const checked = OrderCheck.check(given, of, can)
  return checked instanceof Refusal.InvalidOrder ? checked.message : "passes"
}

describe("OrderCheck", () => {
  it.each([
    ["passes", limit],
    ["passes", market],
    ["passes", { ...limit, kind: "stop", triggerPrice: "99.7" }],
    ["passes", { ...unpriced, kind: "takeProfit", triggerPrice: "99.7", size: "0.23" }],
    ["BTCUSDT: price 100 is not in ticks of 0.5 from 0.2.", { ...limit, price: "100" }],
    ["BTCUSDT: price 0.1 is below 0.2.", { ...limit, price: "0.1" }],
    ["BTCUSDT: price 1000.2 is above 1000.", { ...limit, price: "1000.2" }],
    ["BTCUSDT: price 0 is not above 0.", { ...limit, price: "0" }],
    ["BTCUSDT: price 1e is no number.", { ...limit, price: "1e" }],
    ["BTCUSDT: trigger price 99.9 is not in ticks of 0.5 from 0.2.", { ...limit, kind: "stop", triggerPrice: "99.9" }],
    ["BTCUSDT: size 0.035 is not in lots of 0.01 from 0.03.", { ...limit, size: "0.035" }],
    ["BTCUSDT: size 0.02 is below 0.03.", { ...limit, size: "0.02" }],
    ["BTCUSDT: size 10.03 is above 10.", { ...limit, size: "10.03" }],
    ["BTCUSDT: size -1 is not above 0.", { ...limit, size: "-1" }],
    ["BTCUSDT: size 0.14 is not in lots of 0.1 from 0.03.", { ...market, size: "0.14" }],
    ["BTCUSDT: size 5.13 is above 5.03.", { ...market, size: "5.13" }],
    ["BTCUSDT: a limit order needs a price.", unpriced],
    ["BTCUSDT: a market order has no price.", { ...market, price: "100.2" }],
    ["BTCUSDT: a stop order needs a trigger price.", { ...limit, kind: "stop" }],
    ["BTCUSDT: a limit order has no trigger price.", { ...limit, triggerPrice: "99.7" }],
    [
      "BTCUSDT: a stop order cannot be postOnly.",
      { ...limit, kind: "stop", triggerPrice: "99.7", timeInForce: "postOnly" }
    ],
    ["BTCUSDT: an order without a price cannot rest.", { ...market, timeInForce: "gtc" }]
  ] as const)("%s", (expected, given) => {
    assert.strictEqual(messageOf(given), expected)
  })

  it("refuses what the venue does not know, and what does not trade", () => {
    const few = { ...capabilities, kinds: ["limit"], timesInForce: ["gtc"], reduceOnly: false } as const
    assert.deepStrictEqual(
      [
        messageOf(market, instrument, few),
        messageOf({ ...limit, timeInForce: "fok" }, instrument, few),
        messageOf({ ...limit, reduceOnly: true }, instrument, few),
        messageOf(limit, { ...instrument, status: "halted" })
      ],
      [
        "BTCUSDT: paper takes no market orders.",
        "BTCUSDT: paper takes no fok orders.",
        "BTCUSDT: paper takes no reduce-only orders here.",
        "BTCUSDT does not trade: it is halted."
      ]
    )
  })

  it("gives the canonical form, and rounds nothing", () => {
    const checked = OrderCheck.check({ ...limit, size: "0.030", price: "1002e-1" }, instrument, capabilities)
    if (checked instanceof Refusal.InvalidOrder) assert.fail(checked.message)
    assert.deepStrictEqual([checked.request.size, checked.request.price], ["0.03", "100.2"])
  })

  it("passes what is on the grid and nothing else, where floats would err, 5 000 times", () => {
    const random = seeded(11)
    let passed = 0
    for (let run = 0; run < 5_000; run++) {
      // everything in whole millionths, so that the model is exact
      const [tick, origin] = [1 + random.below(300), random.below(500)]
      const price = 1 + random.below(40_000)
      const text = (millionths: number) => Amount.canonicalOf(`${millionths}e-6`)!
      const of = { ...perpetual, tickSize: text(tick), orderRules: { priceOrigin: text(origin) } }
      const isOnGrid = (price - origin) % tick === 0
      passed += Number(isOnGrid)
      assert.strictEqual(messageOf({ ...limit, size: "1", price: text(price) }, of) === "passes", isOnGrid)
    }
    assert.isAbove(passed, 50)
  })

  it("values orders by what their size counts, and holds the least notional but for reduce-only ones", () => {
    const inverse = { ...perpetual, sizeUnit: "quote", contractSize: "1", minNotional: "5" } as const
    const contracts = { ...perpetual, sizeUnit: "contracts", contractSize: "0.01", minNotional: "5" } as const
    const problem = (of: Instrument.Instrument, size: string, reduceOnly = false) => {
      const order = OrderCheck.check({ ...limit, price: "100", size, reduceOnly }, of, capabilities)
      if (order instanceof Refusal.InvalidOrder) return order.message
      return OrderCheck.notionalProblem(of, order, Amount.read("100")!)?.message
    }
    assert.deepStrictEqual(
      [
        problem(inverse, "5"),
        problem(inverse, "4"),
        problem(contracts, "5"),
        problem(contracts, "4"),
        problem(contracts, "4", true)
      ],
      [
        undefined,
        "BTCUSDT: 4 is below the least notional, 5.",
        undefined,
        "BTCUSDT: 4 is below the least notional, 5.",
        undefined
      ]
    )
  })
})
