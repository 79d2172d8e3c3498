/**
 * Bybit linear at a glance: perpetual and dated contracts that settle in USDT or USDC.
 * Source: docs/venues/bybit.md, "Channels", "Connections", "REST", "Orders".
 */
import * as intervals from "./intervals.ts"
import * as limits from "./limits.ts"
import type { Market } from "./market.ts"
import { settledContract } from "./symbols.ts"
import * as topics from "./topics.ts"

export const BybitLinear: Market = {
  id: "bybit-linear",
  category: "linear",
  capabilities: {
    channels: ["trades", "quotes", "book", "bars", "ticker", "mark", "liquidations"],
    intervals: intervals.all,
    depths: topics.depths,
    history: { trades: false, recentTrades: true, bars: true },
    present: { quotes: true, book: true, ticker: true, mark: true, bars: true },
    fallsBack: true,
    consecutiveTradeIds: false
  },
  // the venue sets no limit here
  limits: limits.connection(200),
  feed: topics.contractFeed,
  readers: topics.contractReaders,
  sizeUnit: "base",
  readContract: settledContract,
  recentTrades: 1000,
  trading: {
    kinds: ["limit", "market", "stop", "takeProfit"],
    timesInForce: ["gtc", "ioc", "fok", "postOnly"],
    reduceOnly: true,
    amends: "priceAndSize",
    positions: true,
    // the venue has one for institutions only
    deadMan: false
  },
  settled: [{ settleCoin: "USDT" }, { settleCoin: "USDC" }],
  modeSymbol: "BTCUSDT",
  feeAsset: (symbol) => (symbol.includes("USDT") ? "USDT" : "USDC")
}
