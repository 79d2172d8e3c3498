/**
 * In what the markets differ before anything is said on a wire: digits, intervals, ids, whether there are liquidations.
 * The tape and the book know no venue; what is particular to one is here or in its folder.
 */
import type { MarketDefinition, MarketKind, SymbolStatus } from "./definition.ts"
import * as grid from "./grid.ts"
import { type Interval, intervals } from "./interval.ts"
import * as tradeId from "./tradeId.ts"

/** What the rules need to know of a market. */
export interface Grids {
  readonly priceGrid: grid.Grid
  readonly sizeGrid: grid.Grid
}

export interface MarketRules {
  /** Digits after the point that prices and sizes have at least. */
  readonly digits: (definition: MarketDefinition) => { readonly price: number; readonly size: number }
  /** Zeros at the end of a number are not written. */
  readonly trimsZeros: boolean
  readonly intervals: ReadonlyArray<Interval>
  readonly haltStatus: SymbolStatus
  /** Update ids are shared by all symbols, so that one symbol's have holes between them. */
  readonly sharesUpdateIds: boolean
  readonly hasLiquidations: boolean
  /** Sizes are amounts of the quote asset, and what a trade is worth is in the base. */
  readonly isInverse: boolean
  /** The worth of a trade, in whatever unit `writeWorth` writes; price in ticks, size in steps. */
  readonly worth: (grids: Grids, price: number, size: number) => bigint
  readonly writeWorth: (grids: Grids, sum: bigint) => string
  /** A trade's id as the venue writes it; `count` is the tape's own. */
  readonly tradeId: (seed: string, count: number) => string
  /** Whether those ids are numbers without holes. */
  readonly hasConsecutiveTradeIds: boolean
  /** Whether a bar tells how many trades are in it. */
  readonly countsBarTrades: boolean
}

const given = ({ pricePrecision = 0, quantityPrecision = 0 }: MarketDefinition) => ({
  price: pricePrecision,
  size: quantityPrecision
})

const product = (_: Grids, price: number, size: number): bigint => BigInt(price * size)

const writeProduct =
  (shown: (grids: Grids) => number) =>
  (grids: Grids, sum: bigint): string =>
    grid.formatProduct(grids.priceGrid, grids.sizeGrid, sum, shown(grids))

const both = ({ priceGrid, sizeGrid }: Grids): number => priceGrid.shown + sizeGrid.shown

/** Digits of an inverse market's turnover, which is in coin. */
const COIN_DIGITS = 8

const minutesOnly = intervals.filter((interval) => interval !== "1s")
const bybitIntervals = minutesOnly.filter((interval) => interval !== "8h" && interval !== "3d")

const binanceSpot: MarketRules = {
  digits: () => ({ price: 8, size: 8 }),
  trimsZeros: false,
  intervals,
  haltStatus: "BREAK",
  sharesUpdateIds: false,
  hasLiquidations: false,
  isInverse: false,
  worth: product,
  writeWorth: writeProduct(() => 8),
  tradeId: (_, count) => String(count),
  hasConsecutiveTradeIds: true,
  countsBarTrades: true
}

const bybitSpot: MarketRules = {
  digits: given,
  trimsZeros: true,
  intervals: bybitIntervals,
  haltStatus: "CLOSE",
  sharesUpdateIds: true,
  hasLiquidations: false,
  isInverse: false,
  worth: product,
  writeWorth: writeProduct(both),
  tradeId: tradeId.numeric,
  hasConsecutiveTradeIds: false,
  countsBarTrades: false
}

const bybitLinear: MarketRules = {
  ...bybitSpot,
  trimsZeros: false,
  haltStatus: "SETTLING",
  hasLiquidations: true,
  tradeId: tradeId.uuid
}

export const rulesOf: Readonly<Record<MarketKind, MarketRules>> = {
  spot: binanceSpot,
  usdm: {
    ...binanceSpot,
    digits: given,
    intervals: minutesOnly,
    haltStatus: "SETTLING",
    sharesUpdateIds: true,
    hasLiquidations: true,
    writeWorth: writeProduct(both)
  },
  "bybit-spot": bybitSpot,
  "bybit-linear": bybitLinear,
  "bybit-inverse": {
    ...bybitLinear,
    isInverse: true,
    // Sizes are dollars; what they are worth in coin is cut to eight digits, trade by trade.
    worth: ({ priceGrid, sizeGrid }, price, size) =>
      (BigInt(size * sizeGrid.unit) * 10n ** BigInt(COIN_DIGITS + priceGrid.decimals)) /
      (BigInt(price * priceGrid.unit) * 10n ** BigInt(sizeGrid.decimals)),
    writeWorth: (_, sum) => grid.fixed(sum, COIN_DIGITS, COIN_DIGITS)
  }
}
