/**
 * One subscription's way through CCXT: asking for what is next, and handing over what is new in CCXT's caches. A cache
 * holds all that came between two answers, so nothing is lost between them but what the cache itself let go.
 */
import type { Channel, Supervision } from "@tidewire/core"
import type { Duration } from "effect"
import type { Exchange, Market } from "./Exchange.ts"

export interface WatchContext {
  readonly exchange: Exchange
  readonly market: Market
  /** What events carry as `venue` and `symbol`. */
  readonly venue: string
  readonly symbol: string
  readonly channel: Channel.Channel
  readonly leg: Supervision.Leg
  readonly counter: Supervision.FeedCounter
  /** Levels of a book that are asked for; CCXT's own number unless given. */
  readonly bookDepth: number | undefined
}

export interface Watch {
  /** Asks for what is next; settles when there is something, or with an error of CCXT. */
  readonly next: () => Promise<unknown>
  /** Hands over what is new, given the answer; a text says why there will never be anything to hand over. */
  readonly drain: (answer: unknown, receivedTime: number) => string | void
  /** Ends the subscription at the exchange; absent where CCXT cannot. */
  readonly stop?: () => Promise<unknown>
  /** The pause between two answers that are asked for, not waited for. */
  readonly every?: Duration.Duration
}

/** Whose events they are. */
export type Place = Pick<WatchContext, "venue" | "symbol">

/** What every event of a watch begins with. */
export const stamps = ({ symbol, venue }: Place, receivedTime: number, exchangeTime?: number) =>
  exchangeTime === undefined ? { venue, symbol, receivedTime } : { venue, symbol, exchangeTime, receivedTime }

/** A value that cannot be told is counted, and shown. */
export const unreadable = ({ channel, counter, symbol }: WatchContext, field: string, value: unknown): void => {
  counter.malformed++
  counter.sample(`${symbol} ${channel}: ${field} is missing`, JSON.stringify(value) ?? "")
}

export const isNumber = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value)
