/** Order books: the whole book that CCXT keeps, at every answer, as far down as is asked for and no further than `BOOK_LEVELS`. */
import { levelsOf } from "../compare.ts"
import type { Book } from "../Exchange.ts"
import { isNumber, type Watch, type WatchContext } from "../Watch.ts"

/** Levels of a side that are told where nothing else is asked for. */
export const BOOK_LEVELS = 1_000

export const watchBook = ({ bookDepth, exchange, leg, market, symbol }: WatchContext): Watch => ({
  next: () => exchange.watchOrderBook(market.symbol, bookDepth),
  drain: (answer, receivedTime) => {
    const { asks, bids, nonce, timestamp } = answer as Book
    const most = bookDepth ?? BOOK_LEVELS
    leg.snapshot({
      symbol,
      sequence: isNumber(nonce) ? nonce : Number.NaN,
      bids: levelsOf(bids, most),
      asks: levelsOf(asks, most),
      receivedTime,
      ...(timestamp !== undefined && { exchangeTime: timestamp })
    })
  },
  ...(exchange.unWatchOrderBook !== undefined && { stop: () => exchange.unWatchOrderBook!(market.symbol) })
})
