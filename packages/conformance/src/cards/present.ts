/** A card of the reads of what is now: they show the exchange as it stands. */
import type { VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, type Failed } from "../Failed.ts"
import type { Stage } from "../Stage.ts"

/** Levels a side that are compared. */
const LEVELS = 5

const read = <A>(effect: Effect.Effect<A, VenueError.VenueError> | undefined): Effect.Effect<A, Failed> =>
  effect === undefined ? fail("the read is not there") : Effect.catch(effect, (error) => fail(error.message))

export const present: Card = {
  id: "MD-14",
  title: "what is read of a market is how it stands",
  prerequisite: "any read of `present`",
  action: "make a trade on a quiet market, and read the quote, the book, the ticker, the mark and the open bar",
  pass: "each has the venue's name and the exchange's values; the bar is the one after the last that closed",
  unless: claims.withoutPresent,
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, exchange, symbol } = stage
      const { present: claimed } = adapter.capabilities
      yield* exchange.trade(symbol)
      yield* exchange.quiet
      if (claimed.quotes || claimed.book) yield* checkBook(stage)
      if (claimed.ticker) {
        const { high, last, low, open, venue } = yield* read(adapter.present?.ticker?.(symbol))
        const truth = yield* exchange.ticker?.(symbol) ?? fail("the exchange does not tell its ticker")
        const right = [adapter.venue, truth.last, truth.open, truth.high, truth.low]
        yield* equal("the ticker", [venue, last, open, high, low], right)
      }
      if (claimed.mark) {
        const { index, mark, venue } = yield* read(adapter.present?.mark?.(symbol))
        const truth = yield* exchange.mark?.(symbol) ?? fail("the exchange does not tell its mark")
        yield* equal("the mark", [venue, mark, index], [adapter.venue, truth.mark, truth.index])
      }
      const interval = claims.shortest(adapter.capabilities)
      if (claimed.bars && interval !== undefined) {
        const before = (yield* exchange.bars(symbol, interval)).at(-1)?.openTime ?? 0
        const bar = yield* read(adapter.present?.bar?.(symbol, interval))
        const after = (yield* exchange.bars(symbol, interval)).at(-1)?.openTime ?? 0
        const isOpen = bar.openTime > before && (bar.openTime > after || before !== after)
        yield* equal("the bar", [bar.venue, bar.interval, bar.isFinal, isOpen], [adapter.venue, interval, false, true])
      }
    })
}

const checkBook = ({ adapter, exchange, symbol }: Stage) =>
  Effect.gen(function* () {
    const { present: claimed } = adapter.capabilities
    const { asks, bids } = yield* exchange.book(symbol, "book")
    const best = [...(bids[0] ?? [0, 0]), ...(asks[0] ?? [0, 0])]
    if (claimed.quotes) {
      const { ask, askSize, bid, bidSize, venue } = yield* read(adapter.present?.quote?.(symbol))
      yield* equal("the quote", [venue, bid, bidSize, ask, askSize], [adapter.venue, ...best])
    }
    if (!claimed.book) return
    const book = yield* read(adapter.present?.book?.(symbol, "book"))
    const told = [book.venue, book.kind, book.bids.slice(0, LEVELS), book.asks.slice(0, LEVELS)]
    yield* equal("the book", told, [adapter.venue, "snapshot", bids.slice(0, LEVELS), asks.slice(0, LEVELS)])
  })
