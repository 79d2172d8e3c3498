/**
 * One poll of a subscription: which reads of the venue it takes, and what they bring. Trades go on from the last id where
 * ids are consecutive, else they are the latest that the venue shows; a bar that has closed since is read with the one
 * that is open; everything else is how things stand now. Events have `origin: "polling"`.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Channel from "./Channel.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { Bar, MarketEvent, Trade } from "./Event.ts"
import * as Interval from "./Interval.ts"
import type { VenueAdapter } from "./VenueAdapter.ts"
import { Unsupported, VenueError } from "./VenueError.ts"

/** What is polled: the reads of an adapter. */
export type Reads = Pick<VenueAdapter, "venue" | "history" | "present">

/** The stream that the answer is for: what it wants, and what comes next in it. */
export type Wanting = Pick<ChannelStream, "subscription" | "expected">

export interface Answer {
  readonly events: ReadonlyArray<MarketEvent>
  /** The venue has more of it already. */
  readonly isMore: boolean
}

/** Trades that one read asks for at most. */
const PAGE = 1_000

/** How long after a bar has opened the one before may still be missing from what the venue shows. */
const CLOSED_WITHIN_MS = 10_000

type Read<A> = Effect.Effect<A, VenueError>

export const poll = (reads: Reads, { expected, subscription }: Wanting): Read<Answer> => {
  const { channel, symbol } = subscription
  const { present } = reads
  const interval = Channel.interval(channel)
  if (interval !== undefined) return pollBars(reads, symbol, interval, expected)
  switch (Channel.kind(channel)) {
    case "trades":
      return pollTrades(reads, symbol, expected)
    case "quotes":
      return only(present?.quote?.(symbol) ?? missing(reads, channel))
    case "book":
      return only(present?.book?.(symbol, channel) ?? missing(reads, channel))
    case "ticker":
      return only(present?.ticker?.(symbol) ?? missing(reads, channel))
    case "mark":
      return only(present?.mark?.(symbol) ?? missing(reads, channel))
    default:
      return missing(reads, channel)
  }
}

const pollTrades = (reads: Reads, symbol: string, expected: number | undefined): Read<Answer> => {
  const { history } = reads
  if (expected !== undefined && history?.trades !== undefined) {
    const page = history.trades({ symbol, fromId: String(expected), limit: PAGE })
    return Effect.map(page, (trades) => ({ events: trades.map(polled), isMore: trades.length >= PAGE }))
  }
  // where ids go on by themselves, a series begins with one trade
  const limit = history?.trades === undefined ? PAGE : 1
  const latest = history?.recentTrades?.(symbol, limit) ?? missing(reads, "trades")
  return Effect.map(latest, (trades) => ({
    events: trades.filter(({ id }) => expected === undefined || Number(id) >= expected).map(polled),
    isMore: false
  }))
}

/** A bar is read as closed once the venue shows the next one. */
const pollBars = (
  reads: Reads,
  symbol: string,
  interval: Interval.Interval,
  expected: number | undefined
): Read<Answer> =>
  Effect.gen(function* () {
    const { history, present } = reads
    const open = yield* present?.bar?.(symbol, interval) ?? missing(reads, `bars:${interval}`)
    if (expected === undefined || open.openTime <= expected) return { events: [polled(open)], isMore: false }
    const to = Interval.previousOpenTime(interval, open.openTime)
    const closed = yield* (
      history?.bars?.({ symbol, interval, from: expected, to }) ?? missing(reads, "bars of the past")
    )
    const isWhole = closed.at(-1)?.openTime === to
    const isSettled = (yield* Clock.currentTimeMillis) > open.openTime + CLOSED_WITHIN_MS
    return { events: [...closed, ...(isWhole || isSettled ? [open] : [])].map(polled), isMore: false }
  })

const polled = <E extends Trade | Bar>(event: E): E => ({ ...event, origin: "polling" })

const only = (read: Read<MarketEvent>): Read<Answer> =>
  Effect.map(read, (event) => ({ events: [event], isMore: false }))

const missing = ({ venue }: Reads, what: string): Read<never> =>
  Effect.fail(
    new VenueError({ venue, operation: "poll", reason: new Unsupported({ message: `there is no read of ${what}` }) })
  )
