/**
 * What a simulated market is: names, grids, starting price, and how busy it is. Plain data, so that a test or a
 * configuration can bring its own. A definition says nothing about the wire.
 */

/** Binance's two markets: spot and USDⓈ-M futures. */
export type MarketKind = "spot" | "usdm"

export type SymbolStatus = "TRADING" | "BREAK" | "HALT" | "SETTLING" | "PENDING_TRADING" | "CLOSE"

/** How often things happen, per second and symbol. */
export interface Rates {
  readonly tradesPerSecond: number
  /** Orders placed and cancelled by makers. */
  readonly ordersPerSecond: number
  /** USDⓈ-M only. */
  readonly liquidationsPerSecond: number
}

export const rateNames = [
  "tradesPerSecond",
  "ordersPerSecond",
  "liquidationsPerSecond"
] as const satisfies ReadonlyArray<keyof Rates>

export interface MarketDefinition {
  readonly market: MarketKind
  readonly symbol: string
  readonly base: string
  readonly quote: string
  /** Price at the beginning of the seeded history. */
  readonly price: number
  readonly tickSize: string
  readonly stepSize: string
  /** USDⓈ-M: digits of prices on the wire; spot always writes eight. */
  readonly pricePrecision?: number
  /** USDⓈ-M: digits of sizes on the wire. */
  readonly quantityPrecision?: number
  /** A usual order's size, in base units or contracts. */
  readonly typicalSize: number
  readonly minNotional: string
  readonly status?: SymbolStatus
  readonly contractType?: "PERPETUAL" | "CURRENT_QUARTER" | "NEXT_QUARTER" | "TRADIFI_PERPETUAL"
  /** USDⓈ-M, dated contracts: epoch milliseconds. */
  readonly deliveryTime?: number
  /** USDⓈ-M: when trading began, epoch milliseconds. */
  readonly onboardTime?: number
  readonly rates?: Partial<Rates>
}

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

/** The symbols a simulator has when none are named. */
export const defaults: ReadonlyArray<MarketDefinition> = [...coins.map(spotOf), ...coins.map(usdmOf), ...odd]

/** A plausible market for any symbol: a default one by name, or a made-up coin quoted in USDT. */
export const named = (market: MarketKind, symbol: string): MarketDefinition => {
  const known = defaults.find((definition) => definition.market === market && definition.symbol === symbol)
  if (known !== undefined) return known
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
