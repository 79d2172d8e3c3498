/**
 * Reads of what is now over REST: best bid and ask, whole books, 24-hour statistics, mark prices, the newest bar. Rows
 * that have a counterpart on a stream are put in its words and read by its reader.
 * Source: docs/venues/binance.md, "REST".
 */
import { Decoded, type Event, Exact, type Rest, type SocketVenue, type VenueAdapter, VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import { mark } from "./decode/mark.ts"
import type { Reader, Row } from "./decode/reader.ts"
import { ticker } from "./decode/ticker.ts"
import { latestBar } from "./history.ts"
import type { Market } from "./market.ts"
import * as wire from "./wire.ts"

const nothing = { inexact: () => {} }

export interface PresentOptions {
  readonly rest: Rest.Rest
  /** What events carry as `venue`. */
  readonly venue: string
  readonly url: string
  readonly snapshot: NonNullable<SocketVenue.BookSource["snapshot"]>
}

export const make = (market: Market, { rest, snapshot, url, venue }: PresentOptions): VenueAdapter.Present => {
  const { restPath, weights } = market

  const unreadable = (path: string, message: string) => {
    const reason = new VenueError.DecodeFailed({ message, sample: "" })
    return new VenueError.VenueError({ venue, operation: `GET ${restPath}/${path}`, reason })
  }

  /** A row in the words of a stream, read by the reader of that stream. */
  const readAs = <Type extends "ticker" | "mark">(type: Type, path: string, reader: Reader, row: Row) =>
    Effect.flatMap(Clock.currentTimeMillis, (receivedTime) => {
      const context = { venue, receivedTime, stream: undefined }
      const found = Decoded.one(type, (sink) => reader(row, context, sink))
      return typeof found === "string" ? Effect.fail(unreadable(path, found)) : Effect.succeed(found)
    })

  return {
    url,
    quote: (symbol) =>
      Effect.gen(function* () {
        const row = yield* rest.get(`${restPath}/ticker/bookTicker`, { symbol }, wire.RestQuote, weights.quote)
        return toQuote(row, { venue, receivedTime: yield* Clock.currentTimeMillis })
      }),
    book: (symbol, channel) => Effect.map(snapshot({ symbol, channel }), (book) => toBook(book, venue)),
    ticker: (symbol) =>
      Effect.flatMap(rest.get(`${restPath}/ticker/24hr`, { symbol }, wire.RestTicker, weights.ticker), (row) =>
        readAs("ticker", "ticker/24hr", ticker, {
          s: row.symbol,
          c: row.lastPrice,
          o: row.openPrice,
          h: row.highPrice,
          l: row.lowPrice,
          v: row.volume,
          q: row.quoteVolume,
          b: row.bidPrice,
          a: row.askPrice,
          E: row.closeTime
        })
      ),
    bar: (symbol, interval) =>
      Effect.gen(function* () {
        const bar = yield* latestBar(market, rest, { symbol, interval }, venue)
        return bar ?? (yield* unreadable("klines", "no bar in it"))
      }),
    ...(weights.mark !== undefined && { mark: readMark(rest, restPath, weights.mark, readAs) })
  }
}

type ReadAs = (type: "mark", path: string, reader: Reader, row: Row) => Effect.Effect<Event.Mark, VenueError.VenueError>

const readMark =
  (rest: Rest.Rest, restPath: string, weight: number, readAs: ReadAs): NonNullable<VenueAdapter.Present["mark"]> =>
  (symbol) =>
    Effect.flatMap(rest.get(`${restPath}/premiumIndex`, { symbol }, wire.RestMark, weight), (row) =>
      readAs("mark", "premiumIndex", mark, {
        s: row.symbol,
        p: row.markPrice,
        i: row.indexPrice,
        r: row.lastFundingRate,
        T: row.nextFundingTime,
        E: row.time
      })
    )

interface Stamp {
  readonly venue: string
  readonly receivedTime: number
}

/** Spot tells no update id. */
const toQuote = (row: typeof wire.RestQuote.Type, stamp: Stamp): Event.Quote => {
  const { askPrice: ask, askQty: askSize, bidPrice: bid, bidQty: bidSize } = row
  return Exact.sparse<Event.Quote>(
    {
      type: "quote",
      ...stamp,
      symbol: row.symbol,
      exchangeTime: row.time,
      bid: Number(bid),
      bidSize: Number(bidSize),
      ask: Number(ask),
      askSize: Number(askSize),
      sequence: row.lastUpdateId,
      exact: undefined
    },
    Exact.inexact(nothing, { bid, bidSize, ask, askSize })
  )
}

type Snapshot = Effect.Success<ReturnType<PresentOptions["snapshot"]>>

const toBook = (book: Snapshot, venue: string): Event.Book => ({ type: "book", venue, kind: "snapshot", ...book })
