/**
 * Where CCXT must be asked differently for its stream and its past of trades to have the same ids: on Binance, it streams
 * trades and fetches aggregates, which are numbered by themselves. Source: docs/venues/ccxt-pro.md#quirks
 */
import type { Market } from "./Exchange.ts"

export interface Quirks {
  readonly watchTrades: Readonly<Record<string, unknown>>
  readonly fetchTrades: Readonly<Record<string, unknown>>
}

const none: Quirks = { watchTrades: {}, fetchTrades: {} }

const binances = new Set(["binance", "binanceus", "binanceusdm", "binancecoinm"])

export const quirksOf = (id: string, { spot }: Pick<Market, "spot">): Quirks => {
  if (!binances.has(id)) return none
  return spot === true
    ? { watchTrades: {}, fetchTrades: { fetchTradesMethod: "publicGetTrades" } }
    : { watchTrades: { name: "aggTrade" }, fetchTrades: {} }
}
