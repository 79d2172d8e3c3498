/** CCXT's markets as instruments. What a market does not say of its grid is given as the finest that CCXT works with. */
import { Instrument } from "@tidewire/core"
import type { Exchange, Market } from "./Exchange.ts"

/** CCXT's ways to say how fine a grid is: in digits, or as the step itself. */
const DECIMAL_PLACES = 2
const TICK_SIZE = 4

const kinds: Readonly<Record<string, Instrument.Instrument["kind"]>> = {
  spot: "spot",
  swap: "perpetual",
  future: "future",
  option: "option"
}

export const instrumentsOf = (venue: string, exchange: Exchange): ReadonlyArray<Instrument.Instrument> =>
  Object.values(exchange.markets ?? {}).flatMap((market) => {
    const kind = kinds[market.type ?? ""]
    return kind === undefined ? [] : [instrumentOf(venue, kind, market, exchange.precisionMode)]
  })

const instrumentOf = (
  venue: string,
  kind: Instrument.Instrument["kind"],
  market: Market,
  mode: number | undefined
): Instrument.Instrument => {
  const { active, base, contractSize = 1, id, limits, precision, quote, settle, symbol } = market
  const minNotional = limits?.cost?.min
  return {
    venue,
    symbol,
    ...(id !== symbol && { venueSymbol: id }),
    unified: symbol,
    base,
    quote,
    ...(settle !== undefined && { settle }),
    kind,
    tickSize: step(precision?.price, mode),
    lotSize: step(precision?.amount, mode),
    ...(minNotional !== undefined && { minNotional: plain(minNotional) }),
    contractSize: kind === "spot" ? "1" : plain(contractSize),
    sizeUnit: sizeUnit(kind, contractSize, market),
    status: active === false ? "halted" : "trading"
  }
}

/** CCXT counts sizes of contracts in contracts; where one is one unit of an asset, that is what is counted. */
const sizeUnit = (
  kind: Instrument.Instrument["kind"],
  contractSize: number,
  { inverse }: Market
): Instrument.Instrument["sizeUnit"] => {
  if (kind === "spot") return "base"
  if (contractSize !== 1) return "contracts"
  return inverse === true ? "quote" : "base"
}

const step = (precision: number | undefined, mode: number | undefined): string => {
  if (precision === undefined) return "0.00000001"
  if (mode === TICK_SIZE) return plain(precision)
  return mode === DECIMAL_PLACES ? plain(10 ** -precision) : "0.00000001"
}

/** A number without an exponent or trailing zeros. */
const plain = (value: number): string => {
  const text = value.toFixed(18)
  return String(value).includes("e") ? text.replace(/\.?0+$/, "") : String(value)
}
