/**
 * Past trades by id, or the latest, one page at most. They continue the live stream without a seam: spot's `historicalTrades` count as
 * `@trade` does (its `aggTrades` would not), futures' `aggTrades` as `@aggTrade`. When the latest trade was is read
 * where that weighs least, whatever its ids.
 * Source: docs/venues/binance.md, "Backfill".
 */
import { type Event, Exact, type Rest } from "@tidewire/core"
import { Clock, Effect, type Schema } from "effect"
import type { LastTradeRead, TradesRead } from "./market.ts"
import * as wire from "./wire.ts"

/** The most trades one request gives. */
const PAGE = 1000

const nothing = { inexact: () => {} }

interface Print {
  readonly id: number
  readonly price: string
  readonly size: string
  readonly time: number
  readonly buyerIsMaker: boolean
}

const toTrade = (print: Print, symbol: string, stamp: { readonly venue: string; readonly receivedTime: number }) =>
  Exact.sparse<Event.Trade>(
    {
      type: "trade",
      venue: stamp.venue,
      symbol,
      exchangeTime: print.time,
      receivedTime: stamp.receivedTime,
      id: String(print.id),
      price: Number(print.price),
      size: Number(print.size),
      side: print.buyerIsMaker ? "sell" : "buy",
      origin: "backfill",
      exact: undefined
    },
    Exact.inexact(nothing, { price: print.price, size: print.size })
  )

const read =
  <A, I>(path: string, schema: Schema.Codec<ReadonlyArray<A>, I>, print: (row: A) => Print): TradesRead =>
  (rest: Rest.Rest, weights, { symbol, fromId, limit }, venue) =>
    Effect.gen(function* () {
      const parameters = { symbol, fromId, limit: Math.min(limit, PAGE) }
      const rows = yield* rest.get(path, parameters, schema, weights.trades)
      const receivedTime = yield* Clock.currentTimeMillis
      return rows
        .map(print)
        .toSorted((left, right) => left.id - right.id)
        .map((each) => toTrade(each, symbol, { venue, receivedTime }))
    })

export const spotTrades = read("/api/v3/historicalTrades", wire.HistoricalTrades, (row) => ({
  id: row.id,
  price: row.price,
  size: row.qty,
  time: row.time,
  buyerIsMaker: row.isBuyerMaker
}))

export const usdmTrades = read("/fapi/v1/aggTrades", wire.AggregateTrades, (row) => ({
  id: row.a,
  price: row.p,
  size: row.q,
  time: row.T,
  buyerIsMaker: row.m
}))

const readLast =
  <A, I>(path: string, schema: Schema.Codec<ReadonlyArray<A>, I>, timeOf: (row: A) => number): LastTradeRead =>
  (rest, weights, symbol) =>
    Effect.map(rest.get(path, { symbol, limit: 1 }, schema, weights.lastTrade), (rows) =>
      rows.length === 0 ? undefined : { time: Math.max(...rows.map(timeOf)) }
    )

export const spotLastTrade = readLast("/api/v3/aggTrades", wire.AggregateTrades, (row) => row.T)

export const usdmLastTrade = readLast("/fapi/v1/trades", wire.HistoricalTrades, (row) => row.time)
