/**
 * Reads of the past over REST: the latest trades, final bars of a range, when the latest trade was. Events have
 * `origin: "backfill"`, oldest first. The venue has no way to trades further back.
 *
 * A bar is final here once the venue has the next one, whatever our clock says; so one more is asked for than is wanted.
 * A range of many bars is read page by page, from its end, until the venue has no more or answers with what was not asked
 * for.
 * Source: docs/venues/bybit.md, "Backfill".
 */
import { type Event, Exact, Interval, type Rest, type VenueAdapter, type VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import * as intervals from "./intervals.ts"
import { READ_WEIGHT } from "./limits.ts"
import type { Market } from "./market.ts"
import * as wire from "./wire.ts"

/** The most bars one request gives. */
const BARS_PER_REQUEST = 1000

const nothing = { inexact: () => {} }

type BarRow = (typeof wire.Bars.Type)["result"]["list"][number]
type TradeRow = (typeof wire.Trades.Type)["result"]["list"][number]

export const make = (market: Market, rest: Rest.Rest, venue: string): VenueAdapter.History => ({
  recentTrades: (symbol, limit) =>
    Effect.gen(function* () {
      const rows = yield* readTrades(market, rest, symbol, Math.min(limit, market.recentTrades))
      const receivedTime = yield* Clock.currentTimeMillis
      return rows
        .toReversed()
        .toSorted((left, right) => Number(left.time) - Number(right.time))
        .map((row) => toTrade(row, { venue, symbol, receivedTime }))
    }),
  bars: (request) =>
    Effect.gen(function* () {
      const pages: Array<ReadonlyArray<Event.Bar>> = []
      const { from, interval, to } = request
      let newest: number | undefined
      for (let end = Interval.nextOpenTime(interval, to); end >= from;) {
        const limit = Math.min(BARS_PER_REQUEST, Interval.countBetween(interval, from, end) + 1)
        const rows = yield* readBars(market, rest, { ...request, to: end }, limit)
        const receivedTime = yield* Clock.currentTimeMillis
        const opens = rows.map(([start]) => Number(start))
        newest ??= Math.max(...opens)
        const before = Math.min(newest, end + 1)
        const wanted = rows.filter((_, index) => opens[index]! >= from && opens[index]! <= to && opens[index]! < before)
        pages.push(
          wanted
            .toSorted((left, right) => Number(left[0]) - Number(right[0]))
            .map((row) => toBar(market, row, request, { venue, receivedTime }, true))
        )
        const oldest = Math.min(...opens)
        if (rows.length < limit || oldest > end) break
        end = oldest - 1
      }
      return pages.toReversed().flat()
    }),
  lastTrade: (symbol) =>
    Effect.map(readTrades(market, rest, symbol, 1), ([latest]) =>
      latest === undefined ? undefined : { time: Number(latest.time) }
    )
})

/** The newest bar that the venue has. */
export const latestBar = (
  market: Market,
  rest: Rest.Rest,
  request: Pick<VenueAdapter.BarsRequest, "symbol" | "interval">,
  venue: string
): Effect.Effect<Event.Bar | undefined, VenueError.VenueError> =>
  Effect.gen(function* () {
    const [row] = yield* readBars(market, rest, { ...request, from: undefined, to: undefined }, 1)
    const receivedTime = yield* Clock.currentTimeMillis
    return row === undefined ? undefined : toBar(market, row, request, { venue, receivedTime }, false)
  })

const readTrades = (
  { category }: Market,
  rest: Rest.Rest,
  symbol: string,
  limit: number
): Effect.Effect<ReadonlyArray<TradeRow>, VenueError.VenueError> =>
  Effect.map(
    rest.get("/v5/market/recent-trade", { category, symbol, limit }, wire.Trades, READ_WEIGHT),
    ({ result }) => result.list
  )

const readBars = (
  { category }: Market,
  rest: Rest.Rest,
  {
    symbol,
    interval,
    from: start,
    to: end
  }: Pick<VenueAdapter.BarsRequest, "symbol" | "interval"> & {
    readonly from: number | undefined
    readonly to: number | undefined
  },
  limit: number
): Effect.Effect<ReadonlyArray<BarRow>, VenueError.VenueError> => {
  const parameters = { category, symbol, interval: intervals.spell(interval), start, end, limit }
  return Effect.map(rest.get("/v5/market/kline", parameters, wire.Bars, READ_WEIGHT), ({ result }) => result.list)
}

interface Stamp {
  readonly venue: string
  readonly receivedTime: number
}

const toTrade = (
  { execId: id, price, side, size, time }: TradeRow,
  stamp: Stamp & { readonly symbol: string }
): Event.Trade =>
  Exact.sparse<Event.Trade>(
    {
      type: "trade",
      ...stamp,
      exchangeTime: Number(time),
      id,
      price: Number(price),
      size: Number(size),
      side: side === "Buy" ? "buy" : "sell",
      origin: "backfill",
      exact: undefined
    },
    Exact.inexact(nothing, { price, size })
  )

const toBar = (
  { sizeUnit }: Market,
  [start, open, high, low, close, volume, turnover]: BarRow,
  { symbol, interval }: Pick<VenueAdapter.BarsRequest, "symbol" | "interval">,
  stamp: Stamp,
  isFinal: boolean
): Event.Bar => {
  const quoteVolume = sizeUnit === "base" ? turnover : volume
  const openTime = Number(start)
  return Exact.sparse<Event.Bar>(
    {
      type: "bar",
      ...stamp,
      symbol,
      exchangeTime: undefined,
      interval,
      openTime,
      closeTime: Interval.nextOpenTime(interval, openTime) - 1,
      open: Number(open),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
      quoteVolume: Number(quoteVolume),
      trades: undefined,
      isFinal,
      origin: "backfill",
      exact: undefined
    },
    Exact.inexact(nothing, { open, high, low, close, volume, quoteVolume })
  )
}
