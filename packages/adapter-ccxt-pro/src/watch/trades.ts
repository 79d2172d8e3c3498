/** Trades, by CCXT's cache of a symbol. An exchange without ids of trades gets ids of what they are made of. */
import type { Event } from "@tidewire/core"
import { CacheDrain } from "../CacheDrain.ts"
import type { Trade } from "../Exchange.ts"
import { quirksOf } from "../quirks.ts"
import { TradeReader } from "../TradeReader.ts"
import { unreadable, type Watch, type WatchContext } from "../Watch.ts"

export const watchTrades = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const params = quirksOf(exchange.id, market).watchTrades
  const drain = new CacheDrain<Trade>()
  const reader = new TradeReader(context, (field, raw) => unreadable(context, field, raw))
  return {
    // CCXT writes into what it is given
    next: () => exchange.watchTrades(market.symbol, undefined, undefined, { ...params }),
    drain: (answer, receivedTime) => {
      const cache = exchange.trades?.[market.symbol] ?? (answer as ReadonlyArray<Trade>)
      const { isOverflown, rows } = drain.drain(cache)
      if (isOverflown) leg.stream.missed("overflow")
      for (const row of rows) {
        const trade: Event.Trade | undefined = reader.read(row, receivedTime, "stream")
        if (trade !== undefined) leg.event(trade)
      }
    },
    ...(exchange.unWatchTrades !== undefined && {
      stop: () => exchange.unWatchTrades!(market.symbol, { ...params })
    })
  }
}
