/** Bybit's markets: trades have ids of their own, and every depth of a book counts its own messages. */
import { depthPeriods, isLevels } from "../bybit/topicName.ts"
import * as tradeRow from "../bybit/tradeRow.ts"
import * as grid from "../market/grid.ts"
import { levels } from "./levels.ts"
import type { View } from "./View.ts"

/** `book` alone is the deepest. */
const DEEPEST = 1000

export const bybitView: View = {
  streams: {
    trades: "publicTrade.*",
    quotes: "orderbook.1.*",
    book: "orderbook.*",
    bars: "kline.*",
    ticker: "tickers.*",
    mark: "tickers.*",
    liquidations: "allLiquidation.*"
  },
  trades: (market) => {
    const { priceGrid, sizeGrid, tape } = market
    return tape.trades.slice(0, tape.trades.length).map((trade) => ({
      id: tradeRow.idOf(market, trade),
      price: grid.toNumber(priceGrid, trade.price),
      size: grid.toNumber(sizeGrid, trade.size),
      side: trade.buyerIsMaker ? "sell" : "buy",
      time: trade.time
    }))
  },
  book: (market, channel) => {
    const depth = Number(channel.split(":")[1] ?? DEEPEST)
    if (!isLevels(depth)) throw new RangeError(`no book of ${depth} levels`)
    const { asks, bids, number } = market.chain(depth, depthPeriods[depth]).snapshot()
    return { sequence: number, bids: levels(market, bids), asks: levels(market, asks) }
  },
  fine: ({ priceGrid }, ticks) => Number(grid.toNumber(priceGrid, ticks).toFixed(priceGrid.shown)),
  forcedPrice: (fills) => fills.at(-1)!.price
}
