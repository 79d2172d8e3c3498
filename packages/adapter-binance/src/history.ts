/**
 * Reads of the past over REST: trades by id, the latest of them, final bars of a range, when the latest trade was. Events have
 * `origin: "backfill"`, oldest first.
 *
 * A bar is final here once the venue has the next one, whatever our clock says; so one more is asked for than is wanted.
 * A range of many bars is read page by page and ends early when the venue has no more, or answers with what was not
 * asked for.
 * Source: docs/venues/binance.md, "Backfill".
 */
import { type Event, Exact, Interval, type Rest, type VenueAdapter, type VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import type { Market } from "./market.ts"
import { weightOf } from "./weights.ts"
import * as wire from "./wire.ts"

const nothing = { inexact: () => {} }

type Row = (typeof wire.Klines.Type)[number]

export const make = (market: Market, rest: Rest.Rest, venue: string): VenueAdapter.History => ({
  trades: (request) => market.trades(rest, market.weights, request, venue),
  recentTrades: (symbol, limit) => market.trades(rest, market.weights, { symbol, limit, fromId: undefined }, venue),
  bars: (request) =>
    Effect.gen(function* () {
      const bars: Array<Event.Bar> = []
      const until = Interval.nextOpenTime(request.interval, request.to)
      for (let from = request.from; from <= request.to;) {
        const limit = pageLength(market, request.interval, from, until)
        const rows = yield* readPage(market, rest, { ...request, from, to: until }, limit)
        const receivedTime = yield* Clock.currentTimeMillis
        const [newest] = rows.at(-1) ?? [from]
        for (const row of rows) {
          const [openTime] = row
          const isWanted = openTime >= from && openTime <= request.to
          if (isWanted && openTime < newest) bars.push(toBar(row, request, { venue, receivedTime }, true))
        }
        if (rows.length < limit || newest <= from) break
        from = newest
      }
      return bars
    }),
  lastTrade: (symbol) => market.lastTrade(rest, market.weights, symbol)
})

/** As many bars as the range has, at most a page: short requests weigh less. */
const pageLength = (market: Market, interval: Interval.Interval, from: number, to: number): number =>
  Math.min(market.barsPerRequest, Interval.countBetween(interval, from, to) + 1)

const readPage = (
  market: Market,
  rest: Rest.Rest,
  {
    symbol,
    interval,
    from,
    to
  }: Pick<VenueAdapter.BarsRequest, "symbol" | "interval"> & {
    readonly from: number | undefined
    readonly to: number | undefined
  },
  limit: number
): Effect.Effect<ReadonlyArray<Row>, VenueError.VenueError> =>
  rest.get(
    `${market.restPath}/klines`,
    { symbol, interval, startTime: from, endTime: to, limit },
    wire.Klines,
    weightOf(market.weights.klines, limit)
  )

/** The newest bar that the venue has. */
export const latestBar = (
  market: Market,
  rest: Rest.Rest,
  request: Pick<VenueAdapter.BarsRequest, "symbol" | "interval">,
  venue: string
): Effect.Effect<Event.Bar | undefined, VenueError.VenueError> =>
  Effect.gen(function* () {
    const rows = yield* readPage(market, rest, { ...request, from: undefined, to: undefined }, 1)
    const receivedTime = yield* Clock.currentTimeMillis
    const row = rows.at(-1)
    return row === undefined ? undefined : toBar(row, request, { venue, receivedTime }, false)
  })

const toBar = (
  [openTime, open, high, low, close, volume, closeTime, quoteVolume, trades]: Row,
  { symbol, interval }: Pick<VenueAdapter.BarsRequest, "symbol" | "interval">,
  { venue, receivedTime }: { readonly venue: string; readonly receivedTime: number },
  isFinal: boolean
): Event.Bar =>
  Exact.sparse<Event.Bar>(
    {
      type: "bar",
      venue,
      symbol,
      exchangeTime: undefined,
      receivedTime,
      interval,
      openTime,
      closeTime,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
      quoteVolume: Number(quoteVolume),
      trades,
      isFinal,
      origin: "backfill",
      exact: undefined
    },
    Exact.inexact(nothing, { open, high, low, close, volume, quoteVolume })
  )
