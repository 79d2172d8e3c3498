/**
 * The topic of a channel, and the readers of topics. Markets with contracts have two channels more than spot; a ticker
 * and a mark are one topic, and so are a quote and a book of one level.
 * Source: docs/venues/bybit.md, "Channels".
 */
import { Channel, type Subscription } from "@tidewire/core"
import { bar } from "./decode/bar.ts"
import { change, wholeBook } from "./decode/book.ts"
import { liquidation } from "./decode/liquidation.ts"
import type { Reader } from "./decode/reader.ts"
import { ticker } from "./decode/ticker.ts"
import { trade } from "./decode/trade.ts"
import * as intervals from "./intervals.ts"
import { bar as scannedBar } from "./scan/bar.ts"
import { change as scannedChange, wholeBook as scannedWholeBook } from "./scan/book.ts"
import type { Scan } from "./scan/scan.ts"
import { ticker as scannedTicker } from "./scan/ticker.ts"
import { trade as scannedTrade } from "./scan/trade.ts"

/** The levels of books that come as changes; `book` alone is the deepest. */
const CHECKED_DEPTHS = [50, 200, 1000] as const
export const DEEPEST = 1000

/** The one depth whose every message is the whole book. */
const WHOLE_DEPTH = 1

export const depths: ReadonlyArray<number> = [WHOLE_DEPTH, ...CHECKED_DEPTHS]

export const isPartialBook = ({ channel }: Subscription.Subscription): boolean => Channel.depth(channel) === WHOLE_DEPTH

export const isDeepest = (channel: Channel.Channel): boolean => (Channel.depth(channel) ?? DEEPEST) === DEEPEST

/**
 * The readers of the topics of every market, by how a topic's name begins; what comes most stands first. What comes often
 * has a scan, whose frames the reader sees only when they are not as the scan wants them.
 */
const shared: ReadonlyArray<readonly [prefix: string, Reader, Scan?]> = [
  [`orderbook.${WHOLE_DEPTH}.`, wholeBook, scannedWholeBook],
  ...CHECKED_DEPTHS.map((depth) => [`orderbook.${depth}.`, change, scannedChange] as const),
  ["publicTrade.", trade, scannedTrade],
  ["tickers.", ticker, scannedTicker],
  ["kline.", bar, scannedBar]
]

export const spotReaders = shared

export const contractReaders: typeof shared = [...shared, ["allLiquidation.", liquidation]]

/** The part of a topic before its symbol; `undefined` where spot has no such channel. */
export const spotFeed = (channel: Channel.Channel): string | undefined => {
  switch (Channel.kind(channel)) {
    case "trades":
      return "publicTrade"
    case "quotes":
      return `orderbook.${WHOLE_DEPTH}`
    case "book":
      return `orderbook.${Channel.depth(channel) ?? DEEPEST}`
    case "bars": {
      const interval = Channel.interval(channel)
      const spelling = interval === undefined ? undefined : intervals.spell(interval)
      return spelling === undefined ? undefined : `kline.${spelling}`
    }
    case "ticker":
      return "tickers"
    case "mark":
    case "liquidations":
      return undefined
  }
}

/** As spot's, with what only contracts have. */
export const contractFeed = (channel: Channel.Channel): string | undefined => {
  if (channel === "mark") return "tickers"
  return channel === "liquidations" ? "allLiquidation" : spotFeed(channel)
}
