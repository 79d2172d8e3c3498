/** CCXT's exchanges on the simulator, as the conformance suite opens them, and what is claimed of their accounts. */
import { moduleSubject, type Subject } from "@tidewire/conformance"
import type { Trading } from "@tidewire/core"
import { defaultAccount, type MarketKind } from "@tidewire/simulator"
import { Effect } from "effect"
import { adapter } from "../../src/index.ts"
import { type Names, served } from "./served.ts"

/** Listed before it is opened, as the runner does: CCXT dials nothing before it has the list. */
export const subject = (
  id: string,
  market: MarketKind,
  names: Names,
  trading: Trading.TradingCapabilities,
  options = {}
): Subject => {
  const { key, secret } = defaultAccount
  const plain = moduleSubject(adapter, id, {
    serve: served(market, names),
    options: { apiKey: key, secret, ...options },
    trading
  })
  return {
    ...plain,
    open: (connection) => Effect.tap(plain.open(connection), (opened) => Effect.ignore(opened.adapter.instruments))
  }
}

export const spot = { "BTC/USDT": "BTCUSDT", "ETH/USDT": "ETHUSDT" }
export const linear = { "BTC/USDT:USDT": "BTCUSDT", "ETH/USDT:USDT": "ETHUSDT" }

const plain: Trading.TradingCapabilities = {
  kinds: ["limit", "market"],
  timesInForce: ["gtc", "ioc", "fok", "postOnly"],
  reduceOnly: false,
  amends: "none",
  positions: false,
  deadMan: false
}
const contracts = { reduceOnly: true, amends: "priceAndSize", positions: true } as const
const waiting: Trading.TradingCapabilities = { ...plain, kinds: ["limit", "market", "stop", "takeProfit"] }

/** What is claimed of accounts. */
export const claimed = {
  spot: waiting,
  usdm: { ...plain, ...contracts },
  bybitSpot: { ...plain, amends: "priceAndSize" },
  bybitLinear: { ...waiting, ...contracts }
} as const

export const deep = { bookDepth: 1_000 }
export const deepSpot = { ...deep, options: { defaultType: "spot" } }
