/**
 * Reads of what is now through CCXT, paced by its own limits. A book that has no number of its own is numbered by its time.
 */
import { type Capabilities, type Event, Supervision, type VenueAdapter, VenueError } from "@tidewire/core"
import { Effect } from "effect"
import { levelsOf } from "./compare.ts"
import type { Exchange, Market } from "./Exchange.ts"
import type { Maker } from "./Maker.ts"
import { barOf } from "./watch/bars.ts"
import { BOOK_LEVELS } from "./watch/book.ts"
import { markOf } from "./watch/mark.ts"
import { tickerOf } from "./watch/ticker.ts"
import { stamps } from "./Watch.ts"

export interface PresentSetup {
  readonly venue: string
  readonly id: string
  readonly maker: Maker
  readonly bookDepth: number | undefined
}

export const presentOf = (
  { bookDepth, id, maker, venue }: PresentSetup,
  { present }: Capabilities.Capabilities
): VenueAdapter.Present | undefined => {
  /** Reads, and makes an event of the answer; a text says what it lacks. */
  const read = <A, E extends Event.MarketEvent>(
    symbol: string,
    operation: string,
    ask: (exchange: Exchange, market: Market) => Promise<A>,
    make: (answer: A, receivedTime: number) => E | string | undefined
  ): Effect.Effect<E, VenueError.VenueError> =>
    Effect.gen(function* () {
      const { exchange, market } = yield* maker.market(symbol)
      const answer = yield* maker.call(operation, () => ask(exchange, market))
      const event = make(answer, Supervision.receiveTime())
      if (typeof event === "object") return event
      const message = `the answer lacks ${event ?? "everything"}`
      const reason = new VenueError.DecodeFailed({ message, sample: JSON.stringify(answer)?.slice(0, 300) ?? "" })
      return yield* new VenueError.VenueError({ venue, operation, reason })
    })

  const book = (symbol: string): Effect.Effect<Event.Book, VenueError.VenueError> =>
    read(
      symbol,
      "fetchOrderBook",
      (exchange, market) => exchange.fetchOrderBook(market.symbol, bookDepth),
      ({ asks, bids, nonce, timestamp }, receivedTime) => ({
        type: "book",
        ...stamps({ venue, symbol }, receivedTime, timestamp),
        kind: "snapshot",
        bids: levelsOf(bids, bookDepth ?? BOOK_LEVELS),
        asks: levelsOf(asks, bookDepth ?? BOOK_LEVELS),
        sequence: nonce ?? timestamp ?? Math.floor(receivedTime)
      })
    )

  if (!Object.values(present).includes(true)) return undefined
  return {
    url: `ccxt:${id}`,
    ...(present.book && { book }),
    ...(present.quotes && {
      quote: (symbol: string) =>
        Effect.map(book(symbol), ({ asks, bids, receivedTime }): Event.Quote => {
          const [bid, bidSize] = bids[0] ?? [0, 0]
          const [ask, askSize] = asks[0] ?? [0, 0]
          return { type: "quote", ...stamps({ venue, symbol }, receivedTime), bid, bidSize, ask, askSize }
        })
    }),
    ...(present.ticker && {
      ticker: (symbol: string) =>
        read(
          symbol,
          "fetchTicker",
          (exchange, market) => exchange.fetchTicker(market.symbol),
          (answer, receivedTime) => tickerOf({ venue, symbol }, answer, receivedTime)
        )
    }),
    ...(present.mark && {
      mark: (symbol: string) =>
        read(
          symbol,
          "fetchFundingRate",
          (exchange, market) => exchange.fetchFundingRate(market.symbol),
          (answer, receivedTime) => markOf({ venue, symbol }, answer, answer, receivedTime)
        )
    }),
    ...(present.bars && {
      bar: (symbol, interval) =>
        read(
          symbol,
          "fetchOHLCV",
          (exchange, market) => exchange.fetchOHLCV(market.symbol, interval, undefined, 2),
          (rows, receivedTime) =>
            barOf({ venue, symbol }, interval, rows.at(-1) ?? [], { receivedTime, origin: "polling" }, false)
        )
    })
  }
}
