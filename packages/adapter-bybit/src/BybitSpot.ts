/**
 * Bybit spot at a glance.
 * Source: docs/venues/bybit.md, "Channels", "Connections", "REST", "Orders".
 */
import * as intervals from "./intervals.ts"
import * as limits from "./limits.ts"
import type { Market } from "./market.ts"
import { spotContract } from "./symbols.ts"
import * as topics from "./topics.ts"

export const BybitSpot: Market = {
  id: "bybit",
  category: "spot",
  capabilities: {
    channels: ["trades", "quotes", "book", "bars", "ticker"],
    intervals: intervals.all,
    depths: topics.depths,
    history: { trades: false, recentTrades: true, bars: true },
    present: { quotes: true, book: true, ticker: true, mark: false, bars: true },
    fallsBack: true,
    consecutiveTradeIds: false
  },
  // one more topic, and the request is refused
  limits: limits.connection(10),
  feed: topics.spotFeed,
  readers: topics.spotReaders,
  sizeUnit: "base",
  readContract: spotContract,
  recentTrades: 60,
  trading: {
    kinds: ["limit", "market", "stop", "takeProfit"],
    timesInForce: ["gtc", "ioc", "fok", "postOnly"],
    reduceOnly: false,
    amends: "priceAndSize",
    positions: false,
    deadMan: false
  },
  settled: [{}],
  modeSymbol: undefined,
  feeAsset: () => undefined
}
