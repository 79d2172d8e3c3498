/** The ticker: the statistics of the last 24 hours, the latest at every answer. */
import type { Event } from "@tidewire/core"
import { can, type Ticker } from "../Exchange.ts"
import { isNumber, type Place, stamps, unreadable, type Watch, type WatchContext } from "../Watch.ts"

/** The event of a ticker, or what it lacks. */
export const tickerOf = (place: Place, ticker: Ticker, receivedTime: number): Event.Ticker | string => {
  const { ask, baseVolume: volume, bid, high, last, low, open, timestamp, vwap } = ticker
  // some exchanges tell the mean price instead of what was turned over
  const quoteVolume = ticker.quoteVolume ?? (isNumber(volume) && isNumber(vwap) ? volume * vwap : undefined)
  const missing = Object.entries({ last, open, high, low, volume, quoteVolume }).find(([, each]) => !isNumber(each))
  if (missing !== undefined) return missing[0]
  return {
    type: "ticker",
    ...stamps(place, receivedTime, timestamp),
    last: last!,
    open: open!,
    high: high!,
    low: low!,
    volume: volume!,
    quoteVolume: quoteVolume!,
    ...(isNumber(bid) && { bid }),
    ...(isNumber(ask) && { ask })
  }
}

export const watchTicker = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const one = can(exchange, "watchTicker")
  return {
    next: () =>
      one
        ? exchange.watchTicker(market.symbol)
        : exchange.watchTickers([market.symbol]).then((all) => all[market.symbol]),
    drain: (answer, receivedTime) => {
      const told = tickerOf(context, answer as Ticker, receivedTime)
      if (typeof told === "string") unreadable(context, told, { ...(answer as Ticker), info: undefined })
      else leg.event(told)
    },
    ...(exchange.unWatchTicker !== undefined && { stop: () => exchange.unWatchTicker!(market.symbol) })
  }
}
