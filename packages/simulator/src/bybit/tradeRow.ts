/** A trade as a topic and as REST tell it: the same id, side and numbers under other names. */
import type { Market } from "../market/market.ts"
import type { Trade } from "../market/tape.ts"
import { price, size } from "../market/written.ts"

export const idOf = (market: Market, { id }: Pick<Trade, "id">): string => market.rules.tradeId(market.seed, id)

/** The taker's. */
const sideOf = ({ buyerIsMaker }: Trade): "Buy" | "Sell" => (buyerIsMaker ? "Sell" : "Buy")

/** How the price moved, or how it moved last when it did not. */
export const tickDirection = ({ moved, trend }: Trade): string =>
  `${moved === "same" ? "Zero" : ""}${trend === "up" ? "Plus" : "Minus"}Tick`

export const streamed = (market: Market, trade: Trade) => ({
  T: trade.time,
  s: market.definition.symbol,
  S: sideOf(trade),
  v: size(market, trade.size),
  p: price(market, trade.price),
  ...(market.definition.market === "bybit-spot" ? {} : { L: tickDirection(trade) }),
  i: idOf(market, trade),
  BT: false,
  RPI: false,
  seq: trade.sequence
})

export const listed = (market: Market, trade: Trade) => ({
  execId: idOf(market, trade),
  symbol: market.definition.symbol,
  price: price(market, trade.price),
  size: size(market, trade.size),
  side: sideOf(trade),
  time: String(trade.time),
  isBlockTrade: false,
  isRPITrade: false,
  seq: String(trade.sequence)
})
