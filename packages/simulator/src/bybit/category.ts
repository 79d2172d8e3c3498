/** The venue's word for a market: in paths, in requests, in answers. */
import type { BybitMarket, MarketKind } from "../market/definition.ts"

export type Category = "spot" | "linear" | "inverse"

const markets: Readonly<Record<Category, BybitMarket>> = {
  spot: "bybit-spot",
  linear: "bybit-linear",
  inverse: "bybit-inverse"
}

export const isCategory = (text: string): text is Category => Object.hasOwn(markets, text)

export const marketOf = (category: Category): BybitMarket => markets[category]

export const categoryOf = (market: MarketKind): Category =>
  market === "bybit-spot" ? "spot" : market === "bybit-inverse" ? "inverse" : "linear"
