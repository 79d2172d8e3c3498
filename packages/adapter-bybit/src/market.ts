/**
 * What one market of Bybit says about itself. Everything that is not in this interface is the same in all of them.
 */
import type { Channel, Rest, SocketVenue, Trading, VenueAdapter } from "@tidewire/core"
import type { Reader } from "./decode/reader.ts"
import type { Scan } from "./scan/scan.ts"
import type { ReadContract } from "./symbols.ts"

/** What a size counts, and so in which asset the venue's `volume` and `turnover` are. */
export type SizeUnit = "base" | "quote"

export interface Market {
  /** The venue id of configurations: `bybit`, `bybit-linear`, `bybit-inverse`. */
  readonly id: string
  /** The venue's word for it, in the socket's path and in every REST request. */
  readonly category: "spot" | "linear" | "inverse"
  readonly capabilities: VenueAdapter.Capabilities
  readonly limits: SocketVenue.Limits
  /** The part of a channel's topic before its symbol; `undefined` where the market has no such channel. */
  readonly feed: (channel: Channel.Channel) => string | undefined
  /** The readers of its topics, by how a topic's name begins, and the scans of those that come often. */
  readonly readers: ReadonlyArray<readonly [prefix: string, Reader, Scan?]>
  readonly sizeUnit: SizeUnit
  readonly readContract: ReadContract
  /** The most trades one REST request gives. */
  readonly recentTrades: number
  readonly trading: Trading.TradingCapabilities
  /** Parameters of the reads that give all orders or positions of the market, one after another. */
  readonly settled: ReadonlyArray<Rest.Parameters>
  /** A contract that shows how the account keeps positions; spot has none. */
  readonly modeSymbol: string | undefined
  /** In which asset a contract takes its fees; spot tells it with each. */
  readonly feeAsset: (symbol: string) => string | undefined
}
