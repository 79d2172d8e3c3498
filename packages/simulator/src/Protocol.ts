/**
 * What a venue says and understands: everything that the simulator must know of one to speak its wire protocol. Markets,
 * sockets, faults and HTTP are shared; a protocol is data and functions, without state beyond one conversation.
 */
import type { Trading } from "./account/Trading.ts"
import type { Clock } from "./clock.ts"
import type { FaultOf, NoticeShape } from "./faults/Fault.ts"
import type { FaultRegistry, Target } from "./faults/FaultRegistry.ts"
import type { MarketKind } from "./market/definition.ts"
import type { Market } from "./market/market.ts"
import type { Channels } from "./oracle/Channels.ts"
import type { Call, Endpoint, RestContext } from "./rest/Endpoint.ts"
import type { RateLimit, Refused, Verdict } from "./rest/RateLimit.ts"
import type { Snapshot } from "./rest/snapshots.ts"
import type { RestRules, SocketRules } from "./SimulatorOptions.ts"
import type { SocketPath } from "./socket/SocketPath.ts"
import type { Feed } from "./topics/Feed.ts"
import type { Frame, FrameRules } from "./topics/Frame.ts"

/** One connection, as a conversation sees it. */
export interface Line {
  readonly id: number
  readonly path: SocketPath
  readonly rules: SocketRules
  readonly faults: FaultRegistry
  readonly errorShape: "documented" | "observed"
  readonly shuffleKeys: boolean
  readonly target: Target
  /** As asked for, whether or not they deliver. */
  readonly streams: ReadonlyMap<string, unknown>
  /** Whether a market is listed and trades. */
  readonly trades: (symbol: string) => boolean
  readonly now: () => number
  /** Answers how to tell what a new subscriber is told first; a stream that is there already stays as it is. */
  readonly subscribe: (stream: string, feed: Feed | undefined) => () => void
  readonly unsubscribe: (stream: string) => void
  readonly trading: Trading
  /** What an endpoint is given, with the clock as it is for this request: faults of it are used up. */
  readonly context: () => RestContext
  /** Of requests, shared with REST. */
  readonly limit: RateLimit
  /** A frame of the client's own streams; faults see it as any other. */
  readonly deliver: (frame: Frame) => void
  readonly after: (delayMs: number, run: () => void) => void
  readonly say: (message: unknown, delayMs?: number) => void
  readonly close: (code: number, reason: string) => void
}

/** What is said on one connection beside the frames of its streams. */
export interface Conversation {
  /** The connection is open: subscribes what its URL asks for. */
  readonly begin: () => void
  /** A text of the client. */
  readonly hear: (text: string) => void
  /** A frame's text in the connection's envelope. */
  readonly wrap: (stream: string, text: string) => string
  readonly isCombined: () => boolean
  /** A notice of the venue's own; undefined where it has none. */
  readonly shutdownNotice: ((shape?: NoticeShape) => unknown) | undefined
  /** The listen key of this connection expires now, and that is told. */
  readonly listenKeyExpired: (() => void) | undefined
  /** The connection has ended. */
  readonly end?: () => void
}

/** An answer to a request. */
export interface Reply {
  readonly status: number
  /** Sent as JSON. */
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Found {
  readonly market: MarketKind
  /** Without what stood in front of it. */
  readonly path: string
  readonly endpoint: Endpoint | undefined
}

export interface RestProtocol {
  /** What a path means, with or without a host in front of it; undefined when it is not of this venue. */
  readonly find: (path: string, query: URLSearchParams, call: Call) => Found | undefined
  /** Of one address on one host. */
  readonly limit: (clock: Clock, rules: RestRules, clockScale: number) => RateLimit
  /** Headers of every answer of an endpoint. */
  readonly headers: (verdict: Verdict) => Readonly<Record<string, string>>
  readonly refused: (verdict: Refused, rules: RestRules) => Reply
  readonly answered: (value: unknown, now: number) => Reply
  /** What an endpoint threw; undefined when it is no error of the venue. */
  readonly failed: (cause: unknown, now: number) => Reply | undefined
  readonly fault: (fault: FaultOf<"rest">, now: number) => Reply
}

export interface Protocol {
  /** Markets with the same host share its limits. */
  readonly hostOf: (market: MarketKind) => string
  /** Where a URL leads; undefined when it is not of this venue. */
  readonly path: (url: string) => SocketPath | undefined
  /** The status of a handshake over the limit of attempts or of connections. */
  readonly overLimitStatus: number
  /** Upper case; undefined for a stream of all symbols. */
  readonly symbolOf: (stream: string) => string | undefined
  readonly converse: (line: Line) => Conversation
  readonly frames: FrameRules
  /** A new subscriber of a book is told a whole one first. */
  readonly greetsBooks: boolean
  /** How a client of the streams of a market is judged. */
  readonly channels: (market: MarketKind) => Channels
  /** The book as REST tells it. */
  readonly snapshot: (market: Market) => Snapshot
  readonly rest: RestProtocol
}
