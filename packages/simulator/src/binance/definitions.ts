/**
 * Binance's markets that a simulator has by itself, and a plausible one for any other symbol. Prices are invented; grids
 * and digits are the venue's. Source: `exchangeInfo` of both markets.
 */
import type { BinanceMarket, MarketDefinition } from "../market/definition.ts"

interface Coin {
  readonly base: string
  readonly price: number
  readonly spot: readonly [tick: string, step: string]
  readonly usdm: readonly [tick: string, step: string, pricePrecision: number, quantityPrecision: number]
  readonly typicalSize: number
}

const coins: ReadonlyArray<Coin> = [
  { base: "BTC", price: 61_250.1, spot: ["0.01", "0.00001"], usdm: ["0.10", "0.001", 2, 3], typicalSize: 0.05 },
  { base: "ETH", price: 2_670.5, spot: ["0.01", "0.0001"], usdm: ["0.01", "0.001", 2, 3], typicalSize: 0.8 },
  { base: "BNB", price: 585.2, spot: ["0.01", "0.001"], usdm: ["0.010", "0.01", 3, 2], typicalSize: 2 },
  { base: "SOL", price: 155.4, spot: ["0.01", "0.001"], usdm: ["0.0100", "0.01", 4, 2], typicalSize: 8 },
  { base: "XRP", price: 0.5931, spot: ["0.0001", "0.1"], usdm: ["0.0001", "0.1", 4, 1], typicalSize: 900 },
  { base: "ADA", price: 0.3524, spot: ["0.0001", "0.1"], usdm: ["0.00010", "1", 5, 0], typicalSize: 1_500 },
  { base: "DOGE", price: 0.10624, spot: ["0.00001", "1"], usdm: ["0.000010", "1", 6, 0], typicalSize: 4_000 }
]

const spotOf = (coin: Coin): MarketDefinition => ({
  market: "spot",
  symbol: `${coin.base}USDT`,
  base: coin.base,
  quote: "USDT",
  price: coin.price,
  tickSize: coin.spot[0],
  stepSize: coin.spot[1],
  typicalSize: coin.typicalSize,
  minNotional: "5.00000000"
})

const usdmOf = (coin: Coin): MarketDefinition => ({
  market: "usdm",
  symbol: `${coin.base}USDT`,
  base: coin.base,
  quote: "USDT",
  price: coin.price,
  tickSize: coin.usdm[0],
  stepSize: coin.usdm[1],
  pricePrecision: coin.usdm[2],
  quantityPrecision: coin.usdm[3],
  typicalSize: coin.typicalSize,
  minNotional: "5",
  contractType: "PERPETUAL"
})

/** Symbols that break naive clients: eight decimals, a name outside ASCII, a contract of 1000, a delivery date. */
const odd: ReadonlyArray<MarketDefinition> = [
  {
    ...spotOf(coins[0]!),
    symbol: "PEPEUSDT",
    base: "PEPE",
    price: 0.00001023,
    tickSize: "0.00000001",
    stepSize: "1.00",
    typicalSize: 9_000_000,
    minNotional: "1.00000000"
  },
  {
    ...spotOf(coins[0]!),
    symbol: "币安人生USDT",
    base: "币安人生",
    price: 0.1213,
    tickSize: "0.0001",
    stepSize: "0.1",
    typicalSize: 700
  },
  {
    ...usdmOf(coins[0]!),
    symbol: "1000PEPEUSDT",
    base: "1000PEPE",
    price: 0.0102345,
    tickSize: "0.0000010",
    stepSize: "1",
    pricePrecision: 7,
    quantityPrecision: 0,
    typicalSize: 9_000
  },
  {
    ...usdmOf(coins[0]!),
    symbol: "BTCUSDT_261225",
    price: 61_900.5,
    contractType: "CURRENT_QUARTER",
    deliveryTime: Date.UTC(2026, 11, 25, 8)
  }
]

export const definitions: ReadonlyArray<MarketDefinition> = [...coins.map(spotOf), ...coins.map(usdmOf), ...odd]

/** A made-up coin quoted in USDT. */
export const plausible = (market: BinanceMarket, symbol: string): MarketDefinition => {
  const base = symbol.endsWith("USDT") ? symbol.slice(0, -4) : symbol
  const coin: Coin = {
    base,
    price: 1.5,
    spot: ["0.0001", "0.1"],
    usdm: ["0.0001", "0.1", 4, 1],
    typicalSize: 300
  }
  return { ...(market === "spot" ? spotOf(coin) : usdmOf(coin)), symbol }
}
