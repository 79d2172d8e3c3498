/**
 * What one market of Binance says about itself. The two markets share everything that is not in this interface: the
 * framing of streams, control frames, error codes and the way bars and snapshots are read.
 */
import type { BookRule, Channel, Event, Instrument, Rest, SocketVenue, VenueAdapter, VenueError } from "@tidewire/core"
import type { Effect } from "effect"
import type { Hosts } from "./endpoints.ts"
import type { Reader } from "./decode/reader.ts"
import type { Scan } from "./scan/scan.ts"
import type { MarketTrading } from "./trading/account.ts"
import type { Weights } from "./weights.ts"

export interface Market {
  /** The venue id of configurations: `binance`, `binance-usdm`. */
  readonly id: string
  readonly environments: Readonly<Record<string, Hosts>>
  readonly capabilities: VenueAdapter.Capabilities
  readonly limits: SocketVenue.Limits
  readonly heartbeat: SocketVenue.Heartbeat
  /** What stands between a stream base URL and `/stream`, by route. */
  readonly routes: Readonly<Record<string, string>>
  /** The stream of a channel after `<symbol>@`, and its route; `undefined` where the market has no such channel. */
  readonly stream: (channel: Channel.Channel) => { readonly name: string; readonly route: string } | undefined
  /** The scan of each stream that comes often, by its name after `<symbol>@`; readers take what a scan does not. */
  readonly scans: ReadonlyMap<string, Scan>
  /** The reader of each event kind (`e`). */
  readonly events: ReadonlyMap<string, Reader>
  /** The reader of rows without `e`, by what their fields show; `undefined` for rows of no known kind. */
  readonly untagged: (row: Readonly<Record<string, unknown>>, stream: string | undefined) => Reader | undefined
  readonly bookRule: BookRule.BookRule
  /** The path of REST requests before `/depth`, `/klines` and the like. */
  readonly restPath: string
  /** The most bars one REST request gives. */
  readonly barsPerRequest: number
  readonly weights: Weights
  readonly instruments: (
    rest: Rest.Rest,
    weights: Weights,
    venue: string
  ) => Effect.Effect<Listing, VenueError.VenueError>
  readonly trades: TradesRead
  readonly lastTrade: LastTradeRead
  readonly trading: MarketTrading
}

/** A read of at most `limit` trades, oldest first: from an id on, or the latest. */
export type TradesRead = (
  rest: Rest.Rest,
  weights: Weights,
  request: Pick<VenueAdapter.TradesRequest, "symbol" | "limit"> & { readonly fromId: string | undefined },
  venue: string
) => Effect.Effect<ReadonlyArray<Event.Trade>, VenueError.VenueError>

/** A read of when the latest trade was. */
export type LastTradeRead = (
  rest: Rest.Rest,
  weights: Weights,
  symbol: string
) => Effect.Effect<{ readonly time: number } | undefined, VenueError.VenueError>

/** The instruments that could be read, and how many could not. */
export interface Listing {
  readonly instruments: ReadonlyArray<Instrument.Instrument>
  readonly skipped: number
}
