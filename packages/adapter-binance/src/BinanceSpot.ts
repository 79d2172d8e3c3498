/**
 * Binance spot at a glance.
 * Source: docs/venues/binance.md, "Streams of spot", "Connections", "REST".
 */
import { Channel, Interval, type SocketVenue, type Trading } from "@tidewire/core"
import * as bookRule from "./bookRule.ts"
import { bar } from "./decode/bar.ts"
import { change, isPartialStream, wholeBook } from "./decode/book.ts"
import { quote } from "./decode/quote.ts"
import { ticker } from "./decode/ticker.ts"
import { trade } from "./decode/trade.ts"
import * as depths from "./depths.ts"
import * as endpoints from "./endpoints.ts"
import { spotInstruments } from "./instruments.ts"
import type { Market } from "./market.ts"
import { bars } from "./scan/bar.ts"
import { spotChange, spotWhole } from "./scan/book.ts"
import { spotQuote } from "./scan/quote.ts"
import { ticker as scannedTicker } from "./scan/ticker.ts"
import { trade as scannedTrade } from "./scan/trade.ts"
import { spotLastTrade, spotTrades } from "./trades.ts"
import * as SpotAccount from "./trading/SpotAccount.ts"

/** Spot has one kind of socket. */
const ROUTE = "stream"

const streamName = (channel: Channel.Channel): string | undefined => {
  switch (Channel.kind(channel)) {
    case "trades":
      return "trade"
    case "quotes":
      return "bookTicker"
    case "book":
      return depths.streamName(channel)
    case "bars":
      return `kline_${Channel.interval(channel)}`
    case "ticker":
      return "ticker"
    case "mark":
    case "liquidations":
      return undefined
  }
}

const limits: SocketVenue.Limits = {
  topicsPerConnection: 1024,
  // more names a frame have failed silently
  topicsPerRequest: 200,
  charactersPerRequest: 4096,
  // the venue cuts at 5 a second, its own pings' answers included
  requestsPerSecond: 4,
  // of one address
  dials: { attempts: 300, window: "5 minutes" }
}

/** pings every 20 s */
const heartbeat: SocketVenue.Heartbeat = { _tag: "ServerPings", deadAfter: "60 seconds" }

const trading: Trading.TradingCapabilities = {
  kinds: ["limit", "market", "stop", "takeProfit"],
  timesInForce: ["gtc", "ioc", "fok", "postOnly"],
  reduceOnly: false,
  // `order.amend.keepPriority`
  amends: "size",
  positions: false,
  deadMan: false
}

export const BinanceSpot: Market = {
  id: "binance",
  environments: endpoints.spot,
  capabilities: {
    channels: ["trades", "quotes", "book", "bars", "ticker"],
    intervals: Interval.all,
    // beyond 20 a depth is the limit of the REST snapshot under the change stream
    depths: [...depths.partial, 50, 100, 500, 1000, 5000],
    history: { trades: true, recentTrades: true, bars: true },
    present: { quotes: true, book: true, ticker: true, mark: false, bars: true },
    fallsBack: true,
    consecutiveTradeIds: true
  },
  limits,
  heartbeat,
  routes: { [ROUTE]: "" },
  stream: (channel) => {
    const name = streamName(channel)
    return name === undefined ? undefined : { name, route: ROUTE }
  },
  scans: new Map([
    ["trade", scannedTrade],
    ["bookTicker", spotQuote],
    ["depth@100ms", spotChange],
    ...depths.partialStreams.map((stream) => [stream, spotWhole] as const),
    ...bars,
    ["ticker", scannedTicker]
  ]),
  events: new Map([
    ["trade", trade],
    ["depthUpdate", change("by first id")],
    ["kline", bar],
    ["24hrTicker", ticker]
  ]),
  untagged: (row, stream) => {
    if (stream !== undefined && isPartialStream(stream)) return wholeBook
    return row["B"] !== undefined && row["A"] !== undefined ? quote : undefined
  },
  bookRule: bookRule.spot,
  restPath: "/api/v3",
  barsPerRequest: 1000,
  weights: {
    perMinute: 6000,
    instruments: 20,
    depth: [
      { upTo: 100, weight: 5 },
      { upTo: 500, weight: 25 },
      { upTo: 1000, weight: 50 },
      { upTo: 5000, weight: 250 }
    ],
    klines: [{ upTo: 1000, weight: 2 }],
    trades: 25,
    lastTrade: 4,
    quote: 2,
    ticker: 2
  },
  instruments: spotInstruments,
  trades: spotTrades,
  lastTrade: spotLastTrade,
  trading: { capabilities: trading, open: SpotAccount.open(limits, heartbeat) }
}
