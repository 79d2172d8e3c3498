/**
 * What a venue on sockets is made of: data and pure functions. `SocketVenue` says everything that differs between such
 * venues; `SocketAdapter` does everything that does not (connections, supervision, acknowledgements, heartbeats, books,
 * gaps). An adapter is one object of this type.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { BookDelta, BookRule, BookSnapshot } from "./BookRule.ts"
import type { Capabilities } from "./Capabilities.ts"
import type { Frame } from "./Frame.ts"
import type { MarketEvent } from "./Event.ts"
import type { Instrument } from "./Instrument.ts"
import type { Subscription } from "./Subscription.ts"
import type { History, Present } from "./VenueAdapter.ts"
import type { SubscriptionRejected, VenueError } from "./VenueError.ts"

/**
 * Reads one text frame. Called once a frame, synchronously, on the hot path: no effects. What it throws counts as a
 * malformed frame.
 */
export type Decode = (frame: Frame, receivedTime: number, sink: DecodeSink) => void

/** The venue's wire name of a subscription, and which of its sockets carries it. */
export interface Topic {
  readonly name: string
  /** One of the venue's routes; topics of different routes never share a connection. */
  readonly route: string
}

export interface Limits {
  /** Topics that one connection may carry. */
  readonly topicsPerConnection: number
  /** Topics that one request may name. */
  readonly topicsPerRequest: number
  /** Characters that one request may have. */
  readonly charactersPerRequest: number
  /** Characters that the names of a connection's topics may have together, each with the quotes and the comma around it. */
  readonly charactersPerConnection?: number
  /** Requests that one connection may send in a second. */
  readonly requestsPerSecond: number
  /** Connections that one address may dial in any window; one budget a host, shared by the process (`DialBudget`). */
  readonly dials: { readonly attempts: number; readonly window: Duration.Input }
  /** Connections that one address may hold at once, where the venue says so. */
  readonly connections?: number
}

export type Heartbeat =
  /** The venue pings, the transport answers. Dead when nothing at all, pings included, came for `deadAfter`. */
  | { readonly _tag: "ServerPings"; readonly deadAfter: Duration.Input }
  /** We send `frame` every `every`. Dead when nothing at all came for `deadAfter`. */
  | {
      readonly _tag: "ClientPings"
      readonly every: Duration.Input
      readonly frame: (id: number) => string
      readonly deadAfter: Duration.Input
    }

/**
 * Where a decoder puts what it found in a frame. One frame may hold any number of these. All are synchronous and none
 * throws.
 */
export interface DecodeSink {
  /** A market event; the whole book of a partial-depth topic is one too (`kind: "snapshot"`). */
  readonly event: (event: MarketEvent) => void
  /** A change of a checked book. */
  readonly delta: (delta: BookDelta) => void
  /** A whole book on the socket of a checked book (venues that send it there), in the order of its changes. */
  readonly snapshot: (snapshot: BookSnapshot) => void
  /** Without an id it is the answer to the only request that waits; where several do, to none. */
  readonly acknowledged: (requestId: number | undefined) => void
  /** A refusal; without an id it is about something we cannot name. */
  readonly rejected: (requestId: number | undefined, reason: SubscriptionRejected) => void
  /** The venue says that this connection will end soon. */
  readonly shutdownNotice: () => void
  /** Readable, known, and nothing to be done (a pong, an answer to nothing of ours). */
  readonly ignored: () => void
  /** Readable, but of no kind that is known here. */
  readonly unknown: (kind: string) => void
  /** Not readable, or with an impossible value; the reason names the field. */
  readonly malformed: (reason: string) => void
  /** A value with more than 15 significant digits was met. */
  readonly inexact: () => void
  /** A frame of a channel that is read from its bytes was not as that reader knows it, and is read the slow way. */
  readonly fallback: () => void
}

export interface BookSource {
  readonly rule: BookRule
  /**
   * Asks the venue for a whole book; `undefined` where the socket sends it first: a book that has a hole is then subscribed
   * anew.
   */
  readonly snapshot: ((subscription: Subscription) => Effect.Effect<BookSnapshot, VenueError>) | undefined
  /** A whole book to compare with, numbered as the socket's; absent where `snapshot` serves, `undefined` where there is none. */
  readonly audit?: (subscription: Subscription) => Effect.Effect<BookSnapshot, VenueError> | undefined
}

export interface SocketVenue {
  /** What events carry as `venue`. */
  readonly name: string
  readonly capabilities: Capabilities
  /** Several subscriptions may have one topic; it is then subscribed once a session. */
  readonly topic: (subscription: Subscription) => Topic
  readonly routes: ReadonlyArray<string>
  readonly url: (route: string) => string
  readonly limits: Limits
  readonly heartbeat: Heartbeat
  /** The request that subscribes to topics of one route. `id` is a small positive integer, unique on its connection. */
  readonly subscribe: (topics: ReadonlyArray<string>, id: number) => string
  readonly unsubscribe: (topics: ReadonlyArray<string>, id: number) => string
  /**
   * Makes the decoder of one session. It keeps between frames only what later frames of that socket refer to, such as a
   * ticker that comes in parts, and keeps it bounded.
   */
  readonly decoder: () => Decode
  readonly book: BookSource
  /** True for book channels whose every message is a whole book (partial depth), which no rule has to chain. */
  readonly isPartialBook: (subscription: Subscription) => boolean
  readonly instruments: Effect.Effect<ReadonlyArray<Instrument>, VenueError>
  readonly history?: History
  readonly present?: Present
}
