/** Orders and balances of CCXT as private events, where what CCXT says needs to be understood. */
import { describe, expect, it } from "vitest"
import { accountQuirksOf } from "../../src/trading/accountQuirks.ts"
import * as rows from "../../src/trading/rows.ts"

const stamp = { venue: "mine", receivedTime: 5 }

const told = {
  id: "77",
  clientOrderId: "a-1",
  symbol: "BTC/USDT",
  side: "buy",
  type: "limit",
  price: "100",
  amount: "2.0",
  timestamp: 4
}

const statusOf = (status: string, filled: string | undefined) => {
  const { filled: much, status: is } = rows.order(
    { ...told, status, ...(filled !== undefined && { filled }) },
    stamp,
    accountQuirksOf("gate")
  )!
  return `${is} ${much}`
}

describe("an order of CCXT", () => {
  it("that is closed is filled, unless a part of it is not: then it was cancelled", () => {
    expect([
      statusOf("open", "0.5"),
      statusOf("closed", "2"),
      statusOf("closed", "1.999999999999999999"),
      statusOf("closed", "0"),
      statusOf("closed", undefined),
      statusOf("canceled", "0.5"),
      statusOf("odd", "0")
    ]).toEqual([
      "open 0.5",
      "filled 2",
      "cancelled 1.999999999999999999",
      "cancelled 0",
      "filled 0",
      "cancelled 0.5",
      "unknown 0"
    ])
  })
})

describe("an order of CCXT that waits for a price", () => {
  const waiting = { ...told, status: "open", triggerPrice: "101", filled: "0" }

  it("is a stop or takes a profit by its type, or by which way the price is to come", () => {
    const kindOf = (id: string, over: object) => {
      const { kind, price, triggerPrice } = rows.order({ ...waiting, ...over }, stamp, accountQuirksOf(id))!
      return `${kind} ${price} ${triggerPrice}`
    }
    const falls = { info: { triggerDirection: 2 } }
    expect([
      kindOf("binance", { type: "stop_loss_limit" }),
      kindOf("binance", { type: "TAKE_PROFIT", price: "0" }),
      kindOf("bybit", { info: { triggerDirection: "1" } }),
      kindOf("bybit", falls),
      kindOf("bybit", { ...falls, side: "sell" }),
      kindOf("gate", { ...falls, triggerPrice: undefined })
    ]).toEqual([
      "stop 100 101",
      "takeProfit undefined 101",
      "stop 100 101",
      "takeProfit 100 101",
      "stop 100 101",
      "limit 100 undefined"
    ])
  })
})

describe("balances of CCXT", () => {
  const total = { USDT: "105", BTC: "1" }

  it("are the wallet's where CCXT's total has unrealised profits in it", () => {
    const totals = (id: string, info: unknown) =>
      rows.balances({ total, info }, stamp, accountQuirksOf(id)).map(({ asset, total: all }) => `${asset} ${all}`)
    expect({
      binanceusdm: totals("binanceusdm", { assets: [{ asset: "USDT", walletBalance: "100.50" }, { asset: "BTC" }] }),
      bybit: totals("bybit", [{ coin: [{ coin: "USDT", equity: "105", walletBalance: "100" }] }]),
      "bybit, odd": totals("bybit", { coin: 1 }),
      others: totals("gate", { assets: [{ asset: "USDT", walletBalance: "100" }] })
    }).toEqual({
      binanceusdm: ["USDT 100.5", "BTC 1"],
      bybit: ["USDT 100", "BTC 1"],
      "bybit, odd": ["USDT 105", "BTC 1"],
      others: ["USDT 105", "BTC 1"]
    })
  })
})
