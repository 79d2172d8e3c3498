/** The market of a symbol as it is given: CCXT's spelling in any case, or the exchange's own. */
import type { Exchange, Market } from "./Exchange.ts"

export const marketOf = (exchange: Pick<Exchange, "market" | "markets">, symbol: string): Market | undefined => {
  const { markets = {} } = exchange
  const exact = markets[symbol]
  if (exact !== undefined) return exact
  const upper = symbol.toUpperCase()
  const alike = Object.values(markets).find((each) => each.symbol.toUpperCase() === upper)
  if (alike !== undefined) return alike
  try {
    return exchange.market(symbol)
  } catch {
    return undefined
  }
}
