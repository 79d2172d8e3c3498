/**
 * Bybit's markets that a simulator has by itself, and a plausible one for any other symbol. Prices are invented; grids
 * and digits are the venue's. Source: `GET /v5/market/instruments-info`.
 */
import type { BybitMarket, MarketDefinition } from "../market/definition.ts"

interface Coin {
  readonly base: string
  readonly price: number
  readonly spot: readonly [tick: string, step: string]
  readonly linear: readonly [tick: string, step: string, pricePrecision: number]
  readonly typicalSize: number
}

const coins: ReadonlyArray<Coin> = [
  { base: "BTC", price: 61_250.1, spot: ["0.01", "0.000001"], linear: ["0.10", "0.001", 2], typicalSize: 0.05 },
  { base: "ETH", price: 2_670.5, spot: ["0.01", "0.00001"], linear: ["0.01", "0.01", 2], typicalSize: 0.8 },
  { base: "SOL", price: 155.4, spot: ["0.01", "0.001"], linear: ["0.010", "0.1", 3], typicalSize: 8 },
  { base: "XRP", price: 0.5931, spot: ["0.0001", "0.01"], linear: ["0.0001", "0.1", 4], typicalSize: 900 },
  { base: "DOGE", price: 0.10624, spot: ["0.00001", "0.1"], linear: ["0.00001", "1", 5], typicalSize: 4_000 }
]

const digits = (step: string): number => step.split(".")[1]?.length ?? 0

const spotOf = ({ base, price, spot: [tickSize, stepSize], typicalSize }: Coin): MarketDefinition => ({
  market: "bybit-spot",
  symbol: `${base}USDT`,
  base,
  quote: "USDT",
  price,
  tickSize,
  stepSize,
  pricePrecision: digits(tickSize),
  quantityPrecision: digits(stepSize),
  typicalSize,
  minNotional: "5"
})

const linearOf = (coin: Coin): MarketDefinition => ({
  market: "bybit-linear",
  symbol: `${coin.base}USDT`,
  base: coin.base,
  quote: "USDT",
  settle: "USDT",
  price: coin.price,
  tickSize: coin.linear[0],
  stepSize: coin.linear[1],
  pricePrecision: coin.linear[2],
  quantityPrecision: digits(coin.linear[1]),
  typicalSize: coin.typicalSize,
  minNotional: "5",
  contractType: "PERPETUAL"
})

/** One contract is one dollar; profits are paid in the coin. */
const inverseOf = (base: string, price: number, tickSize: string, pricePrecision: number): MarketDefinition => ({
  market: "bybit-inverse",
  symbol: `${base}USD`,
  base,
  quote: "USD",
  settle: base,
  price,
  tickSize,
  stepSize: "1",
  pricePrecision,
  quantityPrecision: 0,
  typicalSize: 3_000,
  minNotional: "1",
  contractType: "PERPETUAL"
})

/** Symbols that break naive clients: a perpetual in USDC, a contract of a thousand, a delivery date. */
const odd: ReadonlyArray<MarketDefinition> = [
  { ...linearOf(coins[0]!), symbol: "BTCPERP", quote: "USDC", settle: "USDC" },
  {
    ...linearOf(coins[0]!),
    symbol: "1000PEPEUSDT",
    base: "1000PEPE",
    price: 0.0102345,
    tickSize: "0.0000001",
    stepSize: "100",
    pricePrecision: 7,
    quantityPrecision: 0,
    typicalSize: 9_000
  },
  {
    ...linearOf(coins[0]!),
    symbol: "BTCUSDT-25DEC26",
    price: 61_900.5,
    contractType: "CURRENT_QUARTER",
    deliveryTime: Date.UTC(2026, 11, 25, 8)
  }
]

export const definitions: ReadonlyArray<MarketDefinition> = [
  ...coins.map(spotOf),
  ...coins.map(linearOf),
  inverseOf("BTC", 61_240.5, "0.50", 2),
  inverseOf("ETH", 2_670.15, "0.05", 2),
  ...odd
]

/** A made-up coin, quoted as its name says. */
export const plausible = (market: BybitMarket, symbol: string): MarketDefinition => {
  const [, base = symbol, quote = ""] = /^(.+?)(USDT|USDC|USD|PERP)$/.exec(symbol) ?? []
  if (market === "bybit-inverse") return { ...inverseOf(base, 1.5, "0.0001", 4), symbol }
  const coin: Coin = { base, price: 1.5, spot: ["0.0001", "0.1"], linear: ["0.0001", "0.1", 4], typicalSize: 300 }
  const quoted = quote === "USDC" || quote === "PERP" ? { quote: "USDC", settle: "USDC" } : {}
  return { ...(market === "bybit-spot" ? spotOf(coin) : linearOf(coin)), ...quoted, symbol }
}
