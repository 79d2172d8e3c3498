/**
 * The exchange behind the adapter under test, in the suite's hand: what is true there, how it is set in motion, and what
 * it can do wrong. The suite sees an adapter only by its events and an exchange only by this; no sockets, so that an
 * exchange in the same process, one on loopback and one that is polled all fit.
 *
 * Truths are asked while the exchange stands still (`quiet`). Every effect ends when what it says has been done on the
 * exchange's side; what is on its way to the adapter then may still be on its way.
 */
import type { Channel, Event, Interval } from "@tidewire/core"
import type * as Effect from "effect/Effect"
import type { TradingExchange } from "./TradingExchange.ts"

/** One public trade, with the venue's own id; `time` is epoch ms, `side` the taker's. */
export interface TrueTrade {
  readonly id: string
  readonly price: number
  readonly size: number
  readonly side: Event.Side
  readonly time: number
}

/** A bar that has closed. */
export interface TrueBar {
  /** Epoch ms. */
  readonly openTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
}

/** The whole book, best first, and the venue's own id of its last change; absent where the venue has none. */
export interface TrueBook {
  readonly sequence?: number
  readonly bids: ReadonlyArray<Event.Level>
  readonly asks: ReadonlyArray<Event.Level>
}

export type TrueTicker = Pick<Event.Ticker, "last" | "open" | "high" | "low" | "volume" | "quoteVolume">
export type TrueMark = Pick<Event.Mark, "mark" | "index">
export type TrueLiquidation = Pick<Event.Liquidation, "side" | "price" | "size">

type Act = Effect.Effect<void>

/**
 * What an exchange can do wrong, by name. One that is absent fails the cards that need it, unless the subject skips
 * those with a reason.
 */
export interface Faults {
  /** Ends the open connections that carry this symbol, at once and without a word. */
  readonly kill: (symbol: string) => Act
  /** Refuses every new connection for so many ms. */
  readonly refuse: (forMs: number) => Act
  /** Confirms no subscription that is asked for within so many ms from now before they are over. */
  readonly unconfirmed: (forMs: number) => Act
  /** The open connections that carry this symbol stay open and nothing comes on them any more; new ones are well. */
  readonly silence: (symbol: string) => Act
  /** Does not send the next message of one channel of a symbol. */
  readonly drop: (symbol: string, channel: Channel.Channel) => Act
  /** Sends each of the next so many messages about this symbol twice. */
  readonly duplicate: (symbol: string, messages: number) => Act
  /** Sends something unreadable about this symbol in front of the next message, which follows as it should be. */
  readonly malformed: (symbol: string) => Act
  /** Answers every request of the past, of snapshots and of instruments with this HTTP status, for so many ms. */
  readonly rest: (status: number, forMs: number) => Act
}

export interface Exchange {
  /** At least two that trade. */
  readonly symbols: ReadonlyArray<string>
  /** One that does not exist. */
  readonly unknownSymbol: string
  /** Epoch ms by the exchange's clock. */
  readonly now: Effect.Effect<number>
  /** Every market moves by itself: several trades a second, book and quotes with them. It begins quiet. */
  readonly busy: Act
  /** Every market stands still; it ends when all that was gathered for the next message has been sent. Bars go on closing. */
  readonly quiet: Act
  /** One trade now. */
  readonly trade: (symbol: string) => Act
  /** One forced order now, and what it was; needed where `liquidations` are claimed. */
  readonly liquidate?: (symbol: string) => Effect.Effect<TrueLiquidation>
  /** Every trade since the exchange was opened, and as many before as it keeps, oldest first. */
  readonly trades: (symbol: string) => Effect.Effect<ReadonlyArray<TrueTrade>>
  /** The closed bars it keeps, oldest first. A bar of the shortest claimed interval should close within seconds. */
  readonly bars: (symbol: string, interval: Interval.Interval) => Effect.Effect<ReadonlyArray<TrueBar>>
  /** As the messages of a book channel have told it: each depth may have a sequence of its own. */
  readonly book: (symbol: string, channel: Channel.Channel) => Effect.Effect<TrueBook>
  /** Needed where `ticker` is claimed. */
  readonly ticker?: (symbol: string) => Effect.Effect<TrueTicker>
  /** Needed where `mark` is claimed. */
  readonly mark?: (symbol: string) => Effect.Effect<TrueMark>
  /** How many connections have been asked for, refused ones included. */
  readonly dials: Effect.Effect<number>
  /** How many connections are open. */
  readonly connections: Effect.Effect<number>
  readonly faults: Partial<Faults>
  /** Needed where the subject trades. */
  readonly trading?: TradingExchange
}
