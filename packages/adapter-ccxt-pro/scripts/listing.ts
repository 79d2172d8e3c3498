/** The text of `src/exchanges.ts`, made from the installed CCXT. */
import { Interval } from "@tidewire/core"
import ccxt from "ccxt"
import { can, type Exchange } from "../src/Exchange.ts"

const header = `/**
 * What the pinned CCXT says that its exchanges can do, so that it need not be loaded to know: made by
 * \`npm run generate\`, held against CCXT by a test. \`can\`: t trades, q quotes, o order book, b bars, k ticker, m mark,
 * l liquidations, T past trades, B past bars,
 * O K M order book, ticker and mark when asked; \`bars\`: the intervals of its bars.
 */
export interface Listed {
  readonly can: string
  readonly bars: string
}

export const exchanges: Readonly<Record<string, Listed>> = {
`

const letters: ReadonlyArray<readonly [letter: string, methods: ReadonlyArray<string>]> = [
  ["t", ["watchTrades"]],
  ["q", ["watchBidsAsks", "watchTicker"]],
  ["o", ["watchOrderBook"]],
  ["b", ["watchOHLCV"]],
  ["k", ["watchTicker", "watchTickers"]],
  ["m", ["watchMarkPrice", "watchMarkPrices", "fetchFundingRate"]],
  ["l", ["watchLiquidations", "watchLiquidationsForSymbols"]],
  ["T", ["fetchTrades"]],
  ["B", ["fetchOHLCV"]],
  ["O", ["fetchOrderBook"]],
  ["K", ["fetchTicker"]],
  ["M", ["fetchFundingRate"]]
]

/** What CCXT claims only because an exchange inherits it from another: Binance's contracts have no bars of a second. */
const inherited: Readonly<Record<string, ReadonlyArray<string>>> = { binancecoinm: ["1s"], binanceusdm: ["1s"] }

const entry = (id: string, exchange: Exchange): string => {
  const intervals = Interval.all.filter(
    (each) => each in (exchange.timeframes ?? {}) && inherited[id]?.includes(each) !== true
  )
  const able = letters.filter(([, methods]) => methods.some((each) => can(exchange, each))).map(([letter]) => letter)
  return `  ${id}: { can: "${able.join("")}", bars: "${able.includes("b") ? intervals.join(" ") : ""}" }`
}

export const listing = (): string => {
  const { pro } = ccxt
  const classes = pro as unknown as Readonly<Record<string, new () => Exchange>>
  const { exchanges } = pro as unknown as { readonly exchanges: ReadonlyArray<string> }
  const entries = [...exchanges]
    .toSorted((one, other) => (one < other ? -1 : 1))
    .map((id) => entry(id, new classes[id]!()))
  return `${header}${entries.join(",\n")}\n}\n`
}
