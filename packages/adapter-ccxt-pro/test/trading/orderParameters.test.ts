/** What CCXT says that an exchange takes is claimed, nothing else is, and what is not claimed is not sent. */
import type { Order } from "@tidewire/core"
import ccxt from "ccxt"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { accountQuirksOf, type Triggers } from "../../src/trading/accountQuirks.ts"
import { capabilitiesOf } from "../../src/trading/capabilitiesOf.ts"
import { orderParameters } from "../../src/trading/orderParameters.ts"
import type { PrivateExchange } from "../../src/trading/PrivateExchange.ts"

type Make = new (settings: object) => PrivateExchange

const claimed = (id: string, options: object = {}) => {
  const made = new (ccxt.pro as unknown as Readonly<Record<string, Make>>)[id]!({ options })
  const { amends, kinds, positions, reduceOnly, timesInForce } = capabilitiesOf(made, accountQuirksOf(id))
  return [kinds.join(" "), timesInForce.join(" "), amends, reduceOnly, positions]
}

describe("what an exchange of CCXT is said to take", () => {
  it("is what its features say of the market that it trades by default", () => {
    const all = "gtc ioc fok postOnly"
    expect({
      binance: claimed("binance"),
      binanceusdm: claimed("binanceusdm"),
      "binance, swap": claimed("binance", { defaultType: "swap" }),
      bybit: claimed("bybit"),
      "bybit, inverse": claimed("bybit", { defaultType: "inverse" }),
      kraken: claimed("kraken"),
      krakenfutures: claimed("krakenfutures"),
      kucoinfutures: claimed("kucoinfutures")
    }).toEqual({
      binance: ["limit market stop takeProfit", all, "none", false, false],
      binanceusdm: ["limit market", all, "priceAndSize", true, true],
      "binance, swap": ["limit market", all, "priceAndSize", true, true],
      bybit: ["limit market stop takeProfit", all, "priceAndSize", true, true],
      "bybit, inverse": ["limit market stop takeProfit", all, "priceAndSize", true, true],
      kraken: ["limit market", all, "none", false, false],
      krakenfutures: ["limit market", all, "none", true, true],
      kucoinfutures: ["limit market", "gtc ioc postOnly", "none", true, true]
    })
  })

  it("has no market orders where those to buy are of a cost, and hardly anything where CCXT says nothing", () => {
    const features = { spot: { createOrder: { marketBuyRequiresPrice: true, timeInForce: { IOC: true } } } }
    const made = { id: "made", has: {}, urls: {}, features } as unknown as PrivateExchange
    const silent = { id: "made", has: {}, urls: {} } as unknown as PrivateExchange
    const none = accountQuirksOf("made")
    expect(
      [capabilitiesOf(made, none), capabilitiesOf(silent, none)].map(({ kinds, timesInForce }) => [kinds, timesInForce])
    ).toEqual([
      [["limit"], ["gtc", "ioc"]],
      [["limit"], ["gtc"]]
    ])
  })
})

const order: Order.Request = {
  clientOrderId: "a-1",
  symbol: "BTC/USDT",
  side: "buy",
  kind: "limit",
  size: "1",
  price: "100"
}
const { price: _, ...unpriced } = order
const market = { ...unpriced, kind: "market" } as const

const stop = { ...unpriced, kind: "stop", triggerPrice: "101" } as const
const waiting = { kinds: ["stop", "takeProfit"] }

const claims = { kinds: ["limit", "market"], timesInForce: ["gtc", "ioc", "postOnly"], reduceOnly: false } as const

describe("an order for CCXT", () => {
  it("has what was asked for as CCXT calls it", () => {
    const made = (request: Order.Request, over = {}, triggers?: Triggers) =>
      Result.getOrThrow(orderParameters({ ...claims, ...over }, triggers, request))
    expect([
      made(order),
      made({ ...order, timeInForce: "gtc" }),
      made({ ...order, timeInForce: "ioc" }),
      made({ ...order, timeInForce: "postOnly" }),
      made(market),
      made({ ...market, timeInForce: "ioc" }),
      made({ ...order, reduceOnly: true }, { reduceOnly: true }),
      made(stop, waiting, "sided"),
      made({ ...stop, kind: "takeProfit", price: "100" }, waiting, "sided"),
      made(stop, waiting, "directed"),
      made({ ...stop, side: "sell" }, waiting, "directed"),
      made({ ...stop, kind: "takeProfit" }, waiting, "directed"),
      made({ ...stop, kind: "takeProfit", side: "sell" }, waiting, "directed")
    ]).toEqual([
      { clientOrderId: "a-1" },
      { clientOrderId: "a-1" },
      { clientOrderId: "a-1", timeInForce: "IOC" },
      { clientOrderId: "a-1", postOnly: true },
      { clientOrderId: "a-1" },
      { clientOrderId: "a-1" },
      { clientOrderId: "a-1", reduceOnly: true },
      { clientOrderId: "a-1", stopLossPrice: "101" },
      { clientOrderId: "a-1", takeProfitPrice: "101" },
      { clientOrderId: "a-1", triggerPrice: "101", triggerDirection: "ascending" },
      { clientOrderId: "a-1", triggerPrice: "101", triggerDirection: "descending" },
      { clientOrderId: "a-1", triggerPrice: "101", triggerDirection: "descending" },
      { clientOrderId: "a-1", triggerPrice: "101", triggerDirection: "ascending" }
    ])
  })

  it("that waits for a price needs to be told which, and cannot be post-only", () => {
    const { triggerPrice: __, ...untold } = stop
    const messages = [untold, { ...stop, price: "100", timeInForce: "postOnly" } as const].map((request) =>
      Result.match(orderParameters({ ...claims, ...waiting, kinds: ["stop"] }, "sided", request), {
        onFailure: ({ message }) => message,
        onSuccess: () => "sent"
      })
    )
    expect(messages).toEqual(["a stop order needs a trigger price", "a stop order cannot be post-only"])
  })

  it.each<readonly [string, Order.Request]>([
    ["orders of kind stop are not had here", stop],
    ["a limit order needs a price", unpriced],
    ["a market order has no price", { ...order, kind: "market" }],
    ["fok is not had here", { ...order, timeInForce: "fok" }],
    ["without a price an order is ioc, not postOnly", { ...market, timeInForce: "postOnly" }],
    ["orders that may only reduce are not had here", { ...order, reduceOnly: true }]
  ])("%s", (message, request) => {
    expect(orderParameters(claims, undefined, request)).toMatchObject({ failure: { _tag: "Unsupported", message } })
  })
})
