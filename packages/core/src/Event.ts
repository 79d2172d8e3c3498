/**
 * The events a stream is made of: plain immutable objects with a string `type`, one JSON object a line on the command
 * line, in exactly this shape. Outside programs rely on it; the JSON Schema in `schema/events.json` is made from here.
 *
 * Times are milliseconds since the epoch; `receivedTime` has a fraction of microseconds. Prices and sizes are float64
 * (see `Decimal`); a field whose text has more than 15 significant digits has that text in `exact` beside it.
 * What is absent is omitted, never null, but for a gap's `lost`.
 */
import * as Schema from "effect/Schema"

const Side = Schema.Literals(["buy", "sell"])
export type Side = typeof Side.Type

/** Where an event came from: the live stream, a repair of a gap, or REST polling. */
const Origin = Schema.Literals(["stream", "backfill", "polling"])
export type Origin = typeof Origin.Type

const stamps = {
  /** The name of the configured venue. */
  venue: Schema.String,
  symbol: Schema.String,
  /** The matching time where the venue sends it, else its event time, else absent. */
  exchangeTime: Schema.optionalKey(Schema.Finite),
  /** When the frame reached us. */
  receivedTime: Schema.Finite,
  /** The venue's text of those fields that a float64 does not hold exactly. */
  exact: Schema.optionalKey(Schema.Record(Schema.String, Schema.String))
}

/** A public trade. `side` is the taker's. */
export const Trade = Schema.Struct({
  type: Schema.Literal("trade"),
  ...stamps,
  /** The venue's trade id; of aggregated trades the aggregate's. */
  id: Schema.String,
  price: Schema.Finite,
  size: Schema.Finite,
  side: Side,
  origin: Origin
})
export interface Trade extends Schema.Schema.Type<typeof Trade> {}

/** The best bid and ask. An empty side of the market has price and size 0. */
export const Quote = Schema.Struct({
  type: Schema.Literal("quote"),
  ...stamps,
  bid: Schema.Finite,
  bidSize: Schema.Finite,
  ask: Schema.Finite,
  askSize: Schema.Finite,
  /** The venue's update id, where it sends one. */
  sequence: Schema.optionalKey(Schema.Finite)
})
export interface Quote extends Schema.Schema.Type<typeof Quote> {}

/** One price level: price, and its absolute size (0 removes the level). */
export const Level = Schema.Tuple([Schema.Finite, Schema.Finite])
export type Level = readonly [price: number, size: number]

/** A change of an order book, or the whole of it. Levels are best first. */
export const Book = Schema.Struct({
  type: Schema.Literal("book"),
  ...stamps,
  kind: Schema.Literals(["snapshot", "delta"]),
  bids: Schema.Array(Level),
  asks: Schema.Array(Level),
  /** The venue's own last update id. */
  sequence: Schema.Finite
})
export interface Book extends Schema.Schema.Type<typeof Book> {}

/** A bar, as it stands; `isFinal` is true once per bar, at its close. */
export const Bar = Schema.Struct({
  type: Schema.Literal("bar"),
  ...stamps,
  interval: Schema.String,
  openTime: Schema.Finite,
  /** The last millisecond of the bar. */
  closeTime: Schema.Finite,
  open: Schema.Finite,
  high: Schema.Finite,
  low: Schema.Finite,
  close: Schema.Finite,
  volume: Schema.Finite,
  quoteVolume: Schema.optionalKey(Schema.Finite),
  /** How many trades the bar holds. */
  trades: Schema.optionalKey(Schema.Finite),
  isFinal: Schema.Boolean,
  origin: Origin
})
export interface Bar extends Schema.Schema.Type<typeof Bar> {}

/** Statistics of the last 24 hours. */
export const Ticker = Schema.Struct({
  type: Schema.Literal("ticker"),
  ...stamps,
  last: Schema.Finite,
  open: Schema.Finite,
  high: Schema.Finite,
  low: Schema.Finite,
  volume: Schema.Finite,
  quoteVolume: Schema.Finite,
  bid: Schema.optionalKey(Schema.Finite),
  ask: Schema.optionalKey(Schema.Finite)
})
export interface Ticker extends Schema.Schema.Type<typeof Ticker> {}

/** Mark price, index price and funding of a contract. */
export const Mark = Schema.Struct({
  type: Schema.Literal("mark"),
  ...stamps,
  mark: Schema.optionalKey(Schema.Finite),
  index: Schema.optionalKey(Schema.Finite),
  /** A fraction, not a percentage: 0.0001 is one basis point an interval. */
  fundingRate: Schema.optionalKey(Schema.Finite),
  nextFundingTime: Schema.optionalKey(Schema.Finite)
})
export interface Mark extends Schema.Schema.Type<typeof Mark> {}

/** A forced order. `side` is that order's: `sell` closed a long. */
export const Liquidation = Schema.Struct({
  type: Schema.Literal("liquidation"),
  ...stamps,
  side: Side,
  price: Schema.Finite,
  size: Schema.Finite
})
export interface Liquidation extends Schema.Schema.Type<typeof Liquidation> {}

export const GapReason = Schema.Literals(["disconnect", "sequence", "overflow", "stale"])
export type GapReason = typeof GapReason.Type

/** One hole in one channel of one symbol, told once, when its outcome is known. */
export const Gap = Schema.Struct({
  type: Schema.Literal("gap"),
  ...stamps,
  channel: Schema.String,
  reason: GapReason,
  /**
   * The last known position before the hole and the next after it, both exclusive: trade ids, book sequences, open
   * times of bars, else exchange times, else receive times. Absent when there is none (nothing came before, or after).
   */
  from: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.String])),
  to: Schema.optionalKey(Schema.Union([Schema.Finite, Schema.String])),
  /** How many events are missing; null when that cannot be known. */
  lost: Schema.NullOr(Schema.Finite),
  repaired: Schema.Boolean
})
export interface Gap extends Schema.Schema.Type<typeof Gap> {}

export const ConnectionStateName = Schema.Literals([
  "Stopped",
  "Connecting",
  "Connected",
  "Authenticating",
  "Subscribing",
  "Active",
  "Reconnecting",
  "Failed"
])

export type ConnectionStateName = typeof ConnectionStateName.Type

/** A connection moved to another state. */
export const Connection = Schema.Struct({
  type: Schema.Literal("connection"),
  venue: Schema.String,
  receivedTime: Schema.Finite,
  /** The connection's name within the venue. */
  connection: Schema.String,
  state: ConnectionStateName,
  /** Which attempt this is since the last stable session; 0 before the first. */
  attempt: Schema.Finite,
  reason: Schema.optionalKey(Schema.String)
})
export interface Connection extends Schema.Schema.Type<typeof Connection> {}

/** A book may be relied on (`live`), is being rebuilt (`syncing`), or has a hole (`stale`). */
export const BookState = Schema.Struct({
  type: Schema.Literal("bookState"),
  ...stamps,
  state: Schema.Literals(["syncing", "live", "stale"]),
  reason: Schema.optionalKey(Schema.String)
})
export interface BookState extends Schema.Schema.Type<typeof BookState> {}

export const SubscriptionStateName = Schema.Literals(["pending", "live", "quiet", "silent", "ended"])

export type SubscriptionStateName = typeof SubscriptionStateName.Type

/** A subscription moved to another state. */
export const SubscriptionState = Schema.Struct({
  type: Schema.Literal("subscription"),
  ...stamps,
  channel: Schema.String,
  state: SubscriptionStateName,
  reason: Schema.optionalKey(Schema.String)
})
export interface SubscriptionState extends Schema.Schema.Type<typeof SubscriptionState> {}

export const Event = Schema.Union([
  Trade,
  Quote,
  Book,
  Bar,
  Ticker,
  Mark,
  Liquidation,
  Gap,
  Connection,
  BookState,
  SubscriptionState
])

/** What the market said. */
export type MarketEvent = Trade | Quote | Book | Bar | Ticker | Mark | Liquidation

/** What happened to the stream itself. */
export type StreamEvent = Gap | Connection | BookState | SubscriptionState

export type Event = MarketEvent | StreamEvent

export const isMarketEvent = (event: Event): event is MarketEvent => {
  switch (event.type) {
    case "trade":
    case "quote":
    case "book":
    case "bar":
    case "ticker":
    case "mark":
    case "liquidation":
      return true
    default:
      return false
  }
}
