import { assert, describe, it } from "@effect/vitest"
import type { Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"
import { page } from "../../src/replay/report/page.ts"
import { Report } from "../../src/replay/report/Report.ts"
import { Thinned } from "../../src/replay/report/Thinned.ts"
import { Valuation } from "../../src/replay/report/Valuation.ts"

const sums = { rows: [], realizedPnl: {}, unrealizedPnl: {}, fees: {}, funding: {}, netPnl: {} }

const report: Report = {
  format: 1,
  recording: { startedAt: 0, endedAt: 10_000, frames: 5, lost: 0, damages: 1 },
  currency: "USDT",
  unvalued: ["<b>"],
  netValue: "-1.5",
  maxDrawdown: { amount: "2.5", from: 1_000, to: 2_000 },
  statistics: { orders: 1, byStatus: { filled: 1 }, fills: 1, makerFills: 0, takerFills: 1 },
  strategies: [{ name: "<script>alert(1)</script>", state: "stopped", handled: 3, pnl: sums }],
  pnl: sums,
  equity: [
    { time: 0, value: "0", drawdown: "0" },
    { time: 1_000, value: "1", drawdown: "0" },
    { time: 2_000, value: "-1.5", drawdown: "2.5" }
  ],
  orders: [],
  fills: [
    {
      type: "fill",
      venue: "v",
      symbol: "BTCUSDT",
      receivedTime: 1_500,
      id: "1",
      clientOrderId: "a",
      side: "buy",
      price: "100",
      size: "1",
      liquidity: "taker",
      strategy: "<i>"
    }
  ],
  omitted: { orders: 0, fills: 0 },
  prices: [
    {
      venue: "v",
      symbol: "BTCUSDT",
      points: [
        [0, 99],
        [2_000, 101]
      ]
    }
  ]
}

describe("a report", () => {
  it("is what its schema says", () => {
    assert.deepStrictEqual(Schema.decodeUnknownSync(Report)(JSON.parse(JSON.stringify(report))), report)
  })

  it("as a page has no scripts, nothing from elsewhere, and no text that is not escaped", () => {
    const html = page(report)
    assert.isFalse(/<script|<link|<img|https?:|url\(|<b>|<i>/.test(html))
    assert.isTrue(html.includes("&lt;script&gt;alert(1)&lt;/script&gt;"))
    assert.strictEqual(html.split("<svg").length - 1, 3)
    // the fill stands at half the way between 99 and 101, at three quarters of the time
    assert.isTrue(html.includes('<path class="buy" d="M762 123'))
  })

  it("sums assets at the latest price in its currency, exactly, and names those without one", () => {
    const instrument = (_: string, symbol: string) =>
      ({ base: symbol.slice(0, 3), quote: symbol.slice(3) }) as Instrument.Instrument
    const valuation = new Valuation("USDT", instrument)
    const told = { venue: "v", receivedTime: 0 }
    const quote = { ...told, type: "quote" as const, bidSize: 1, askSize: 1 }
    valuation.quote({ ...quote, symbol: "BTCUSDT", bid: 100.1, ask: 100.3 })
    valuation.quote({ ...quote, symbol: "ETHBTC", bid: 0.1, ask: 0.2 })
    const value = valuation.value({ USDT: "-0.1", BTC: "0.3", ETH: "5" })
    assert.deepStrictEqual([BigDecimal.format(value), [...valuation.unvalued]], ["29.96", ["ETH"]])
  })

  it("has curves of a bounded length that keep their first point and their last", () => {
    const thinned = new Thinned<number>()
    for (let index = 0; index < 100_001; index++) thinned.add(index)
    const points = thinned.points()
    assert.isBelow(points.length, 4_002)
    assert.isAbove(points.length, 1_999)
    assert.deepStrictEqual([points[0], points.at(-1)], [0, 100_000])
    const steps = new Set(points.slice(1, -1).map((point, index) => point - points[index]!))
    assert.strictEqual(steps.size, 1)
  })
})
