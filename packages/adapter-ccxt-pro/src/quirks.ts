/**
 * Where CCXT must be asked, or read, differently for what it tells to be what Tidewire means.
 * Source: docs/venues/ccxt-pro.md#quirks
 */
import type { Liquidation, Market } from "./Exchange.ts"

export interface Quirks {
  /** Parameters with which the stream and the past of trades have the same ids. */
  readonly watchTrades: Readonly<Record<string, unknown>>
  readonly fetchTrades: Readonly<Record<string, unknown>>
  /** The most past trades that the exchange gives at once; it refuses to be asked for more. */
  readonly mostTrades: number
  /** A liquidation with the side of the forced order, and with all of its size. */
  readonly liquidation: (told: Liquidation) => Liquidation
}

const none: Quirks = { watchTrades: {}, fetchTrades: {}, mostTrades: 1_000, liquidation: (told) => told }

/** Binance streams trades and is asked for aggregates, which are numbered by themselves. */
const binanceSpot: Quirks = { ...none, fetchTrades: { fetchTradesMethod: "publicGetTrades" } }
const binanceContracts: Quirks = {
  ...none,
  watchTrades: { name: "aggTrade" },
  // CCXT tells the size of the last fill
  liquidation: (told) => ({ ...told, contracts: Number(told.info?.["z"] ?? told.contracts) })
}

const bybit: Quirks = {
  ...none,
  // CCXT hands on the side of the position
  liquidation: ({ side, ...told }) => ({ ...told, side: side === "buy" ? "sell" : "buy" })
}

export const quirksOf = (id: string, { spot }: Pick<Market, "spot">): Quirks => {
  switch (id) {
    case "binance":
    case "binanceus":
    case "binanceusdm":
    case "binancecoinm":
      return spot === true ? binanceSpot : binanceContracts
    case "bybit":
      return spot === true ? { ...bybit, mostTrades: 60 } : bybit
    default:
      return none
  }
}
