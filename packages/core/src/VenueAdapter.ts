/**
 * The contract between Tidewire and a venue. It is thin on purpose: an adapter says what it can do and opens feeds of
 * events; queues, policies, consumers and the engine are core's and the runner's. It is not a socket contract: polling,
 * a replay or a paper venue implement it as well. Venues on sockets are built with the toolkit (`SocketVenue`).
 */
import type * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type * as SubscriptionRef from "effect/SubscriptionRef"
import type { Capabilities } from "./Capabilities.ts"
import type { Channel } from "./Channel.ts"
import type { Checkup } from "./Checkup.ts"
import type { Bar, Book, ConnectionStateName, Event, Mark, Quote, Ticker, Trade } from "./Event.ts"
import type { Instrument } from "./Instrument.ts"
import type { Interval } from "./Interval.ts"
import type { BookView } from "./OrderBook.ts"
import type { SocketDriver } from "./Socket.ts"
import type { Subscription } from "./Subscription.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import type { BookHole } from "./SymbolQueue.ts"
import type { Trading } from "./Trading.ts"
import type { VenueError } from "./VenueError.ts"

export type { Capabilities }

/** One connection that a set of subscriptions asks for. */
export interface PlannedConnection {
  readonly name: string
  /** Where it connects to, without anything secret. */
  readonly url: string
  readonly subscriptions: ReadonlyArray<Subscription>
}

export interface ConnectionPlan {
  readonly connections: ReadonlyArray<PlannedConnection>
  /** What had to be decided otherwise than asked, e.g. that one connection per symbol would break a limit. */
  readonly notes: ReadonlyArray<string>
}

export interface ConnectionStatus {
  readonly name: string
  readonly state: ConnectionStateName
  readonly attempt: number
  readonly reason: string | undefined
  /** Epoch ms since when it has been in this state. */
  readonly since: number
  /** Sessions after the first that began after a loss. */
  readonly reconnects: number
  /** Sessions that took another's place without a break. */
  readonly rotations: number
  /**
   * How long the venue took to answer our last ping, ms: there, back, and what each side had to do first. Absent until one
   * was answered, and where the transport cannot ping.
   */
  readonly latencyMs?: number
}

/** Plain counters of a feed since it was opened. */
export interface FeedCounts {
  readonly frames: number
  readonly events: number
  /** Frames that could not be read, or whose values are impossible. */
  readonly malformed: number
  /** Readable frames that nobody asked for. */
  readonly unknown: number
  /** Events dropped because their like had been delivered. */
  readonly duplicates: number
  readonly gaps: number
  readonly resyncs: number
  readonly reconnects: number
  readonly rotations: number
  /** Books that were compared with the venue's, and those that differed. */
  readonly audits: number
  readonly drifts: number
  /** Values with more digits than a float64 holds. */
  readonly inexact: number
  /**
   * Frames of channels that are read from their bytes that had to be read the slow way, correctly but at several times
   * the cost: more than a few say that the venue has changed its format. 0 where nothing is read from bytes.
   */
  readonly fallbacks: number
}

/**
 * The running stream of a set of subscriptions. Ends with the scope it was opened in: from then on nothing is told, and
 * its members do nothing and give nothing.
 */
export interface Feed {
  /**
   * Changes what is subscribed; what stays is not touched. What goes ends with the reason that is given for its symbol,
   * else with "unsubscribed".
   */
  readonly update: (
    subscriptions: ReadonlyArray<Subscription>,
    reasons?: ReadonlyMap<string, string>
  ) => Effect.Effect<void, VenueError>
  /**
   * Asks for a new session in the place of the present one, without a break: of the connection of this name, or of all.
   * Gives the names of those that begin it; a connection that is not open, or is at it already, is not among them.
   */
  readonly rotate: (connection?: string) => ReadonlyArray<string>
  /**
   * Drops the present session and begins a new one at once, without a backoff: of the connection of this name, or of all. What
   * is missed between the two is told and mended as after any loss. Gives the names of those that had a session to drop.
   */
  readonly reconnect: (connection?: string) => ReadonlyArray<string>
  /** Lets a connection that waits (an open circuit, a backoff) try again at once; gives the names of those. */
  readonly reset: (connection?: string) => ReadonlyArray<string>
  /** Every connection by name: the current value, and its changes. */
  readonly states: SubscriptionRef.SubscriptionRef<ReadonlyMap<string, ConnectionStatus>>
  readonly counts: () => FeedCounts
  /** The checked book of a symbol; `undefined` where no `book` is subscribed. */
  readonly book: (symbol: string) => BookView | undefined
  /** A consumer lost part of a book: tell it stale and give it a whole one again. */
  readonly retellBook: (symbol: string, hole: BookHole) => void
  /** Stops reading the connection that carries this; false when that cannot be done. */
  readonly pause: (subscription: Subscription) => boolean
  readonly resume: (subscription: Subscription) => void
  /** The most recent samples of frames that could not be read, oldest first. */
  readonly samples: () => ReadonlyArray<{ readonly reason: string; readonly sample: string }>
}

export interface TradesRequest {
  readonly symbol: string
  /** The first id wanted, inclusive. */
  readonly fromId: string
  readonly limit: number
}

export interface BarsRequest {
  readonly symbol: string
  readonly interval: Interval
  /** Open time of the first bar wanted, epoch ms, inclusive. */
  readonly from: number
  /** Open time of the last bar wanted, epoch ms, inclusive. */
  readonly to: number
}

/** Reads of the past. Events have `origin: "backfill"`, oldest first. */
export interface History {
  /** At most `limit` trades (and at most a page of the venue) from `fromId` on. */
  readonly trades?: (request: TradesRequest) => Effect.Effect<ReadonlyArray<Trade>, VenueError>
  /**
   * The latest trades, at most `limit` and at most as many as the venue shows: for venues that have no way further back.
   * They have the ids of the stream.
   */
  readonly recentTrades?: (symbol: string, limit: number) => Effect.Effect<ReadonlyArray<Trade>, VenueError>
  /** The final bars of the range, by the venue's own showing; bars that are still open are left out. */
  readonly bars?: (request: BarsRequest) => Effect.Effect<ReadonlyArray<Bar>, VenueError>
  /**
   * When the latest public trade was, epoch ms; `undefined` when there was none. The cheapest read that shows whether a
   * silent stream has something to say.
   */
  readonly lastTrade?: (symbol: string) => Effect.Effect<{ readonly time: number } | undefined, VenueError>
}

/**
 * Reads of what is now: what polling is made of. Each gives the state of the market as it is answered; events have no
 * `origin` but bars, which have `"backfill"` as those of `History`.
 */
export interface Present {
  /** Where the reads go, without anything secret. */
  readonly url: string
  /** The best bid and ask. Its `sequence` is absent where it is not of the count of the stream's. */
  readonly quote?: (symbol: string) => Effect.Effect<Quote, VenueError>
  /** The whole book (`kind: "snapshot"`), as deep as the channel says, or as `book` goes. */
  readonly book?: (symbol: string, channel: Channel) => Effect.Effect<Book, VenueError>
  readonly ticker?: (symbol: string) => Effect.Effect<Ticker, VenueError>
  readonly mark?: (symbol: string) => Effect.Effect<Mark, VenueError>
  /** The bar that is open (`isFinal: false`). */
  readonly bar?: (symbol: string, interval: Interval) => Effect.Effect<Bar, VenueError>
}

export interface VenueAdapter {
  /** The configured name: what events carry as `venue`. */
  readonly venue: string
  readonly capabilities: Capabilities
  readonly instruments: Effect.Effect<ReadonlyArray<Instrument>, VenueError>
  /** A pure function of the subscriptions and the venue's limits. */
  readonly plan: (subscriptions: ReadonlyArray<Subscription>) => ConnectionPlan
  /**
   * Opens the feed and returns at once; connecting goes on inside the scope. `emit` is called synchronously from
   * wherever the event was decoded, in order for each symbol, and must not throw.
   */
  readonly open: (
    subscriptions: ReadonlyArray<Subscription>,
    emit: (event: Event) => void
  ) => Effect.Effect<Feed, VenueError, Scope.Scope>
  readonly history?: History
  readonly present?: Present
  /** Present where the adapter was given credentials. */
  readonly trading?: Trading
  /** For an operator who looks before a start; without it less can be told. */
  readonly checkup?: Checkup
}

/** What a venue entry of the configuration hands to an adapter, already checked against the adapter's own schemas. */
export interface VenueSettings<Endpoints, Options> {
  readonly venue: string
  /** What events carry as `venue`; the venue id unless the entry names itself. */
  readonly name: string
  readonly environment: string
  readonly endpoints: Partial<Endpoints>
  readonly options: Options
  readonly connection: ConnectionOptions
}

/** What an adapter package exports as `adapter`; the runner loads it by the package's name. */
export interface AdapterModule<Endpoints = unknown, Options = unknown> {
  readonly name: string
  /** The venue ids it serves. */
  readonly venues: ReadonlyArray<string>
  readonly environments: ReadonlyArray<string>
  /** The base URLs of a venue entry's `endpoints`, each optional. */
  readonly endpoints: Schema.Codec<Partial<Endpoints>, unknown>
  /** A venue entry's `options`. */
  readonly options: Schema.Codec<Options, unknown>
  /** Those of `options` that come from the environment only. */
  readonly secrets?: ReadonlyArray<string>
  /** `own`: it dials by itself, so that what `make` is given to dial with (a proxy, sockets that pause) has no effect. */
  readonly transport?: "given" | "own"
  readonly capabilities: (venue: string) => Capabilities
  readonly make: (
    settings: VenueSettings<Endpoints, Options>
  ) => Effect.Effect<VenueAdapter, VenueError, SocketDriver | HttpClient.HttpClient | Scope.Scope>
}
