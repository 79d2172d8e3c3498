/**
 * Reads of what is now over REST: best bid and ask, whole books, tickers and marks, the newest bar. They are put in the
 * words of the socket and read by its readers. The update ids of REST are those of the book of 1000 levels: a quote, which
 * has a count of its own, goes without.
 * Source: docs/venues/bybit.md, "REST", "Books", "Tickers".
 */
import { Channel, Decoded, type Event, type Rest, type VenueAdapter, VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import { wholeBook } from "./decode/book.ts"
import type { Reader, Row } from "./decode/reader.ts"
import { ticker } from "./decode/ticker.ts"
import { Tickers } from "./decode/tickers.ts"
import { latestBar } from "./history.ts"
import { READ_WEIGHT } from "./limits.ts"
import type { Market } from "./market.ts"
import * as topics from "./topics.ts"
import * as wire from "./wire.ts"

export interface PresentOptions {
  readonly rest: Rest.Rest
  /** What events carry as `venue`. */
  readonly venue: string
  readonly url: string
}

export const make = (market: Market, { rest, url, venue }: PresentOptions): VenueAdapter.Present => {
  const { category, sizeUnit } = market

  const unreadable = (path: string, message: string) => {
    const reason = new VenueError.DecodeFailed({ message, sample: "" })
    return new VenueError.VenueError({ venue, operation: `GET ${path}`, reason })
  }

  /** An answer in the words of the socket, read by the reader of that topic. */
  const readAs = <Type extends "quote" | "book" | "ticker" | "mark">(
    type: Type,
    path: string,
    reader: Reader,
    frame: Row
  ) =>
    Effect.flatMap(Clock.currentTimeMillis, (receivedTime) => {
      const context = { venue, sizeUnit, tickers: new Tickers(), topic: "", receivedTime }
      const found = Decoded.one(type, (sink) => reader({ ...frame, type: "snapshot" }, context, sink))
      return typeof found === "string" ? Effect.fail(unreadable(path, found)) : Effect.succeed(found)
    })

  const readBook = <Type extends "quote" | "book">(type: Type, symbol: string, limit: number) =>
    Effect.flatMap(
      rest.get("/v5/market/orderbook", { category, symbol, limit }, wire.RestBook, READ_WEIGHT),
      ({ result: { cts, ts, ...data } }) => readAs(type, "/v5/market/orderbook", wholeBook, { cts, ts, data })
    )

  const readTicker = <Type extends "ticker" | "mark">(type: Type, symbol: string) =>
    Effect.flatMap(
      rest.get("/v5/market/tickers", { category, symbol }, wire.Tickers, READ_WEIGHT),
      ({ result, time: ts }) => readAs(type, "/v5/market/tickers", ticker, { ts, data: result.list[0] })
    )

  return {
    url,
    quote: (symbol) => Effect.map(readBook("quote", symbol, 1), withoutSequence),
    book: (symbol, channel) => readBook("book", symbol, levels(channel)),
    ticker: (symbol) => readTicker("ticker", symbol),
    ...(market.capabilities.present.mark && { mark: (symbol: string) => readTicker("mark", symbol) }),
    bar: (symbol, interval) =>
      Effect.gen(function* () {
        const bar = yield* latestBar(market, rest, { symbol, interval }, venue)
        return bar ?? (yield* unreadable("/v5/market/kline", "no bar in it"))
      })
  }
}

const levels = (channel: Channel.Channel): number => Channel.depth(channel) ?? topics.DEEPEST

const withoutSequence = (quote: Event.Quote): Event.Quote => {
  const { sequence: _, ...rest } = quote
  return rest
}
