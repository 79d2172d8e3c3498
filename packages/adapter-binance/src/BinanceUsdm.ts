/**
 * Binance USDⓈ-M futures at a glance.
 * Source: docs/venues/binance.md, "Streams of USDⓈ-M", "Routes", "Connections", "REST".
 */
import { Channel, Interval, type SocketVenue, type Trading } from "@tidewire/core"
import * as bookRule from "./bookRule.ts"
import { bar } from "./decode/bar.ts"
import { change, changeOrWhole } from "./decode/book.ts"
import { liquidation } from "./decode/liquidation.ts"
import { mark } from "./decode/mark.ts"
import { quote } from "./decode/quote.ts"
import { ticker } from "./decode/ticker.ts"
import { aggregateTrade } from "./decode/trade.ts"
import * as depths from "./depths.ts"
import * as endpoints from "./endpoints.ts"
import { usdmInstruments } from "./instruments.ts"
import type { Market } from "./market.ts"
import { bars } from "./scan/bar.ts"
import { usdmChange, usdmWhole } from "./scan/book.ts"
import { mark as scannedMark } from "./scan/mark.ts"
import { usdmQuote } from "./scan/quote.ts"
import { ticker as scannedTicker } from "./scan/ticker.ts"
import { aggregateTrade as scannedTrade } from "./scan/trade.ts"
import { usdmLastTrade, usdmTrades } from "./trades.ts"
import * as UsdmAccount from "./trading/UsdmAccount.ts"

/** A stream on the wrong route is acknowledged and then silent. */
const stream = (channel: Channel.Channel) => {
  switch (Channel.kind(channel)) {
    case "trades":
      // `@trade` is undocumented here
      return { name: "aggTrade", route: "market" }
    case "quotes":
      return { name: "bookTicker", route: "public" }
    case "book":
      return { name: depths.streamName(channel), route: "public" }
    case "bars":
      return channel === "bars:1s" ? undefined : { name: `kline_${Channel.interval(channel)}`, route: "market" }
    case "ticker":
      return { name: "ticker", route: "market" }
    case "mark":
      return { name: "markPrice@1s", route: "market" }
    case "liquidations":
      return { name: "forceOrder", route: "market" }
  }
}

const limits: SocketVenue.Limits = {
  // one more, and the venue closes the connection with all of them
  topicsPerConnection: 1024,
  // tried by third parties
  topicsPerRequest: 200,
  charactersPerRequest: 4096,
  // the venue cuts at 10 a second, its own pings' answers included
  requestsPerSecond: 8,
  // not stated for futures; spot's numbers are taken
  dials: { attempts: 300, window: "5 minutes" }
}

/** pings every 3 minutes */
const heartbeat: SocketVenue.Heartbeat = { _tag: "ServerPings", deadAfter: "10 minutes" }

const trading: Trading.TradingCapabilities = {
  kinds: ["limit", "market", "stop", "takeProfit"],
  timesInForce: ["gtc", "ioc", "fok", "postOnly"],
  reduceOnly: true,
  amends: "priceAndSize",
  positions: true,
  // `countdownCancelAll`
  deadMan: true
}

export const BinanceUsdm: Market = {
  id: "binance-usdm",
  environments: endpoints.usdm,
  capabilities: {
    channels: ["trades", "quotes", "book", "bars", "ticker", "mark", "liquidations"],
    intervals: Interval.all.filter((interval) => interval !== "1s"),
    // beyond 20 a depth is the limit of the REST snapshot under the change stream
    depths: [...depths.partial, 50, 100, 500, 1000],
    history: { trades: true, recentTrades: true, bars: true },
    present: { quotes: true, book: true, ticker: true, mark: true, bars: true },
    fallsBack: true,
    consecutiveTradeIds: true
  },
  limits,
  heartbeat,
  routes: { public: "/public", market: "/market" },
  stream,
  scans: new Map([
    ["aggTrade", scannedTrade],
    ["bookTicker", usdmQuote],
    ["depth@100ms", usdmChange],
    ...depths.partialStreams.map((stream) => [stream, usdmWhole] as const),
    ...bars,
    ["ticker", scannedTicker],
    ["markPrice@1s", scannedMark]
  ]),
  events: new Map([
    ["aggTrade", aggregateTrade],
    ["bookTicker", quote],
    ["depthUpdate", changeOrWhole(change("by previous id"))],
    ["kline", bar],
    ["24hrTicker", ticker],
    ["markPriceUpdate", mark],
    ["forceOrder", liquidation]
  ]),
  untagged: () => undefined,
  bookRule: bookRule.usdm,
  restPath: "/fapi/v1",
  barsPerRequest: 1500,
  weights: {
    perMinute: 2400,
    instruments: 1,
    depth: [
      { upTo: 50, weight: 2 },
      { upTo: 100, weight: 5 },
      { upTo: 500, weight: 10 },
      { upTo: 1000, weight: 20 }
    ],
    // 100 and 500 have been seen to weigh less; what is documented is more
    klines: [
      { upTo: 99, weight: 1 },
      { upTo: 499, weight: 2 },
      { upTo: 1000, weight: 5 },
      { upTo: 1500, weight: 10 }
    ],
    trades: 20,
    lastTrade: 5,
    quote: 2,
    ticker: 1,
    mark: 1
  },
  instruments: usdmInstruments,
  trades: usdmTrades,
  lastTrade: usdmLastTrade,
  trading: { capabilities: trading, open: UsdmAccount.open(limits, heartbeat) }
}
