import { Instrument, Subscription } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Refresh from "../src/venues/refresh.ts"
import { Subscribing } from "../src/venues/Subscribing.ts"
import * as Wanted from "../src/venues/Wanted.ts"

const index = (...symbols: ReadonlyArray<string>) =>
  new Instrument.InstrumentIndex(
    symbols.map((symbol) => ({
      venue: "fake",
      symbol,
      unified: symbol,
      base: symbol,
      quote: "USDT",
      kind: "spot",
      tickSize: "0.01",
      lotSize: "0.001",
      contractSize: "1",
      sizeUnit: "base",
      status: "trading"
    }))
  )

const subscription = (text: string): Subscription.Subscription => {
  const [symbol = "", channel = ""] = text.split(" ")
  return { symbol, channel } as Subscription.Subscription
}

const byHand = (text: string): Wanted.Wanted => ({
  ...subscription(text),
  isPattern: false,
  transport: "websocket",
  symbolPath: ["add"],
  channelPath: ["add"]
})

const { wanted } = Wanted.expand([{ symbols: ["*USDT", "bbtc"], channels: ["trades"] }], undefined, [])

const begun = (strategies: ReadonlyArray<Subscription.Subscription> = []) =>
  new Subscribing(
    wanted,
    {
      index: index("AUSDT", "BUSDT", "BBTC", "CBTC"),
      subscriptions: ["AUSDT trades", "BUSDT trades", "BBTC trades"].map(subscription)
    },
    strategies
  )

/** What another list makes of it, as the refresh of symbols does it. */
const listed = (subscribing: Subscribing, ...symbols: ReadonlyArray<string>): ReadonlyArray<string> => {
  const list = index(...symbols)
  const { subscriptions } = Refresh.change(subscribing.wanted, subscribing.known, list, subscribing.isRemoved)
  subscribing.known = { index: list, subscriptions }
  return subscriptions.map(Subscription.key)
}

describe("S-B2 what an operator changed", () => {
  it("stays as it was changed with every list of the venue, and patterns go on", () => {
    const subscribing = begun()
    const after = ["AUSDT trades", "BBTC trades", "CBTC ticker"].map(subscription)
    subscribing.changed([byHand("CBTC ticker")], [subscription("BUSDT trades")], after)
    const lists = [
      listed(subscribing, "AUSDT", "BUSDT", "BBTC", "CBTC"),
      listed(subscribing, "AUSDT", "BUSDT", "BBTC", "CBTC", "DUSDT"),
      listed(subscribing, "AUSDT", "BUSDT", "BBTC", "DUSDT")
    ]
    assert.deepStrictEqual(lists, [
      ["AUSDT trades", "BBTC trades", "CBTC ticker"],
      ["AUSDT trades", "DUSDT trades", "BBTC trades", "CBTC ticker"],
      ["AUSDT trades", "DUSDT trades", "BBTC trades"]
    ])
  })

  it("can be taken back, and then it is as it was configured", () => {
    const subscribing = begun()
    const before = subscribing.known.subscriptions
    subscribing.changed([], [subscription("BBTC trades")], before.slice(0, 2))
    assert.deepStrictEqual(listed(subscribing, "AUSDT", "BUSDT", "BBTC"), ["AUSDT trades", "BUSDT trades"])
    subscribing.changed([byHand("BBTC trades")], [], before)
    assert.deepStrictEqual(listed(subscribing, "AUSDT", "BUSDT", "BBTC"), before.map(Subscription.key))
    assert.strictEqual(subscribing.wantedBy(subscription("BBTC trades")), "configuration")
    subscribing.changed([byHand("AUSDT quotes")], [], [...before, subscription("AUSDT quotes")])
    subscribing.changed([], [subscription("AUSDT quotes")], before)
    assert.deepStrictEqual(listed(subscribing, "AUSDT", "BUSDT", "BBTC"), before.map(Subscription.key))
  })

  it("knows who wanted what, and that one book serves every depth that a strategy wants", () => {
    const subscribing = begun([subscription("AUSDT book")])
    const after = [...subscribing.known.subscriptions, subscription("AUSDT book:50"), subscription("CBTC ticker")]
    subscribing.changed([byHand("CBTC ticker")], [], after)
    assert.deepStrictEqual(
      after.map((each) => `${Subscription.key(each)}: ${subscribing.wantedBy(each)}`),
      [
        "AUSDT trades: pattern",
        "BUSDT trades: pattern",
        "BBTC trades: configuration",
        "AUSDT book:50: strategy",
        "CBTC ticker: operator"
      ]
    )
  })
})
