/** Binance's markets: spot tells fills, futures aggregates; a change of a book has the market's own update id. */
import * as grid from "../market/grid.ts"
import { levels } from "./levels.ts"
import type { View } from "./View.ts"

export const binanceView: View = {
  streams: {
    trades: "*@*rade",
    quotes: "*@bookTicker",
    book: "*@depth*",
    bars: "*@kline*",
    ticker: "*@ticker",
    mark: "*@markPrice*",
    liquidations: "*@forceOrder"
  },
  trades: ({ definition, priceGrid, sizeGrid, tape }) => {
    const ring = definition.market === "spot" ? tape.trades : tape.aggregates
    return ring.slice(0, ring.length).map(({ buyerIsMaker, id, price, size, time }) => ({
      id: String(id),
      price: grid.toNumber(priceGrid, price),
      size: grid.toNumber(sizeGrid, size),
      side: buyerIsMaker ? "sell" : "buy",
      time
    }))
  },
  book: (market) => ({
    sequence: market.book.updateId,
    bids: levels(market, market.book.top("bid", Infinity)),
    asks: levels(market, market.book.top("ask", Infinity))
  }),
  fine: ({ priceGrid }, ticks) => Number(grid.toNumber(priceGrid, ticks).toFixed(8)),
  forcedPrice: (fills) => {
    const size = fills.reduce((sum, each) => sum + each.size, 0)
    return Math.round(fills.reduce((sum, each) => sum + each.price * each.size, 0) / size)
  }
}
