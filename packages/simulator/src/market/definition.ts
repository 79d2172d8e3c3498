/**
 * What a simulated market is: names, grids, starting price, and how busy it is. Plain data, so that a test or a
 * configuration can bring its own. A definition says nothing about the wire.
 */

export type BinanceMarket = "spot" | "usdm"

export type BybitMarket = "bybit-spot" | "bybit-linear" | "bybit-inverse"

export type MarketKind = BinanceMarket | BybitMarket

export const marketKinds: ReadonlyArray<MarketKind> = ["spot", "usdm", "bybit-spot", "bybit-linear", "bybit-inverse"]

export const isBybit = (market: MarketKind): market is BybitMarket => market !== "spot" && market !== "usdm"

export const isMarketKind = (value: unknown): value is MarketKind =>
  (marketKinds as ReadonlyArray<unknown>).includes(value)

export const perMarket = <A>(make: (kind: MarketKind) => A): Record<MarketKind, A> => ({
  spot: make("spot"),
  usdm: make("usdm"),
  "bybit-spot": make("bybit-spot"),
  "bybit-linear": make("bybit-linear"),
  "bybit-inverse": make("bybit-inverse")
})

export type SymbolStatus = "TRADING" | "BREAK" | "HALT" | "SETTLING" | "PENDING_TRADING" | "CLOSE"

/** How often things happen, per second and symbol. */
export interface Rates {
  readonly tradesPerSecond: number
  /** Orders placed and cancelled by makers. */
  readonly ordersPerSecond: number
  /** Futures only. */
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
  /** What profits and losses are paid in. Default: the quote. */
  readonly settle?: string
  /** Price at the beginning of the seeded history. */
  readonly price: number
  readonly tickSize: string
  readonly stepSize: string
  /** Digits of prices on the wire; Binance's spot always writes eight. */
  readonly pricePrecision?: number
  /** Digits of sizes on the wire. */
  readonly quantityPrecision?: number
  /** A usual order's size, in base units or contracts; in dollars on an inverse market. */
  readonly typicalSize: number
  readonly minNotional: string
  readonly status?: SymbolStatus
  readonly contractType?: "PERPETUAL" | "CURRENT_QUARTER" | "NEXT_QUARTER" | "TRADIFI_PERPETUAL"
  /** Futures, dated contracts: epoch milliseconds. */
  readonly deliveryTime?: number
  /** Futures: when trading began, epoch milliseconds. */
  readonly onboardTime?: number
  readonly rates?: Partial<Rates>
}
