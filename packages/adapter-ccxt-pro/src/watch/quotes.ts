/**
 * The best bid and ask: the latest at every answer, from the stream of them where the exchange has one, else from the
 * ticker. They carry no time of the exchange: CCXT puts our own in its place where the exchange sends none.
 */
import { can, type Ticker } from "../Exchange.ts"
import { isNumber, stamps, type Watch, type WatchContext } from "../Watch.ts"

export const watchQuotes = (context: WatchContext): Watch => {
  const { exchange, leg, market } = context
  const own = can(exchange, "watchBidsAsks")
  return {
    next: () => (own ? exchange.watchBidsAsks([market.symbol]) : exchange.watchTicker(market.symbol)),
    drain: (answer, receivedTime) => {
      const { ask, askVolume, bid, bidVolume } = (own ? exchange.bidsasks?.[market.symbol] : (answer as Ticker)) ?? {}
      if (!own && !isNumber(bidVolume) && !isNumber(askVolume)) return "its ticker has no sizes of bid and ask"
      leg.event({
        type: "quote",
        ...stamps(context, receivedTime),
        bid: bid ?? 0,
        bidSize: bidVolume ?? 0,
        ask: ask ?? 0,
        askSize: askVolume ?? 0
      })
      return undefined
    }
  }
}
