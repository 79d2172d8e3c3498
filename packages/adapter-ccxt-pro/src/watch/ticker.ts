/** The ticker: the statistics of the last 24 hours, the latest at every answer. */
import { can, type Ticker } from "../Exchange.ts"
import { isNumber, stamps, unreadable, type Watch, type WatchContext } from "../Watch.ts"

export const watchTicker = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const one = can(exchange, "watchTicker")
  return {
    next: () =>
      one
        ? exchange.watchTicker(market.symbol)
        : exchange.watchTickers([market.symbol]).then((all) => all[market.symbol]),
    drain: (answer, receivedTime) => {
      const ticker = answer as Ticker
      const { ask, baseVolume: volume, bid, high, last, low, open, timestamp, vwap } = ticker
      // some exchanges tell the mean price instead of what was turned over
      const quoteVolume = ticker.quoteVolume ?? (isNumber(volume) && isNumber(vwap) ? volume * vwap : undefined)
      const missing = Object.entries({ last, open, high, low, volume, quoteVolume }).find(([, each]) => !isNumber(each))
      if (missing !== undefined) return unreadable(context, missing[0], { ...ticker, info: undefined })
      leg.event({
        type: "ticker",
        ...stamps(context, receivedTime, timestamp),
        last: last!,
        open: open!,
        high: high!,
        low: low!,
        volume: volume!,
        quoteVolume: quoteVolume!,
        ...(isNumber(bid) && { bid }),
        ...(isNumber(ask) && { ask })
      })
    },
    ...(exchange.unWatchTicker !== undefined && { stop: () => exchange.unWatchTicker!(market.symbol) })
  }
}
