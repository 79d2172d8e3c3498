/** The markets that a simulator has when none are named, and a market for any name. */
import * as binance from "../binance/definitions.ts"
import * as bybit from "../bybit/definitions.ts"
import { isBybit, type MarketDefinition, type MarketKind, perMarket } from "./definition.ts"

/** The symbols a simulator has when none are named. */
export const defaults: ReadonlyArray<MarketDefinition> = [...binance.definitions, ...bybit.definitions]

/** A plausible market for any symbol: a default one by name, or a made-up coin. */
export const named = (market: MarketKind, symbol: string): MarketDefinition => {
  const known = defaults.find((definition) => definition.market === market && definition.symbol === symbol)
  if (known !== undefined) return known
  return isBybit(market) ? bybit.plausible(market, symbol) : binance.plausible(market, symbol)
}

/** These symbols on every market that can have them: inverse contracts are quoted in dollars (`BTCUSD`). */
export const everyMarket = (symbols: ReadonlyArray<string>): Record<MarketKind, ReadonlyArray<string>> =>
  perMarket((market) => (market === "bybit-inverse" ? symbols.filter((symbol) => symbol.endsWith("USD")) : symbols))
