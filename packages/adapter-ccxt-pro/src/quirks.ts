/**
 * Where CCXT must be asked, or read, differently for what it tells to be what Tidewire means.
 * Source: docs/venues/ccxt-pro.md#quirks
 */
import type { Liquidation, Market } from "./Exchange.ts"

export interface Quirks {
  /** Parameters with which the stream and the past of trades have the same ids. */
  readonly watchTrades: Readonly<Record<string, unknown>>
  readonly fetchTrades: Readonly<Record<string, unknown>>
  /** What asks for trades from an id on; what is not asked for so is looked for among the latest. */
  readonly fetchTradesFrom: (id: string) => Readonly<Record<string, unknown>>
  /** The most past trades that the exchange gives at once; it refuses to be asked for more. */
  readonly mostTrades: number
  /** A liquidation with the side of the forced order, and with all of its size. */
  readonly liquidation: (told: Liquidation) => Liquidation
}

const none: Quirks = {
  watchTrades: {},
  fetchTrades: {},
  fetchTradesFrom: () => ({}),
  mostTrades: 1_000,
  liquidation: (told) => told
}

/** Binance streams trades and is asked for aggregates, which are numbered by themselves. */
const binanceSpot: Quirks = { ...none, fetchTrades: { fetchTradesMethod: "publicGetTrades" } }
const binanceContracts: Quirks = {
  ...none,
  watchTrades: { name: "aggTrade" },
  fetchTradesFrom: (fromId) => ({ fromId }),
  // CCXT tells the size of the last fill
  liquidation: (told) => ({ ...told, contracts: Number(told.info?.["z"] ?? told.contracts) })
}

const bybit: Quirks = {
  ...none,
  // CCXT hands on the side of the position
  liquidation: ({ side, ...told }) => ({ ...told, side: side === "buy" ? "sell" : "buy" })
}

const binances: ReadonlySet<string> = new Set(["binance", "binanceus", "binanceusdm", "binancecoinm"])

/** Whether each trade's id is the one before plus one: what proves that nothing is missing. */
export const numbersTrades = (id: string): boolean => binances.has(id)

/** Options are traded by other rules, and their symbols end so. */
export const isOption = (symbol: string): boolean => /-[CP]$/i.test(symbol)

export const quirksOf = (id: string, { spot }: Pick<Market, "spot">): Quirks => {
  if (binances.has(id)) return spot === true ? binanceSpot : binanceContracts
  if (id !== "bybit") return none
  return spot === true ? { ...bybit, mostTrades: 60 } : bybit
}
