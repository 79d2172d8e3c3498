/**
 * Amounts of assets, exact: sums and products are never rounded, a quotient is cut where its caller says. Guarantees that
 * what is written as text has exactly the digits asked for.
 */
import * as BigDecimal from "effect/BigDecimal"
import { fixed as writeFixed, type Grid } from "../market/grid.ts"

export type Money = BigDecimal.BigDecimal

export const zero: Money = BigDecimal.make(0n, 0)

/** Of a plain decimal text. */
export const of = (text: string): Money => BigDecimal.fromStringUnsafe(text)

export const isText = (text: string): boolean => /^-?\d{1,30}(\.\d{1,30})?$/.test(text)

/** So many ticks or steps of a grid. */
export const ofUnits = (grid: Grid, units: number): Money =>
  BigDecimal.make(BigInt(units) * BigInt(grid.unit), grid.decimals)

/** The largest whole number of ticks or steps in an amount. */
export const unitsIn = (grid: Grid, amount: Money): number => {
  const { decimals, unit } = grid
  const { scale, value } = BigDecimal.scale(amount, Math.max(decimals, amount.scale, 0))
  return Number(value / (BigInt(unit) * 10n ** BigInt(scale - decimals)))
}

/** How many ticks or steps an amount is; undefined when it lies between two. */
export const toUnits = (grid: Grid, amount: Money): number | undefined => {
  const units = unitsIn(grid, amount)
  return BigDecimal.equals(ofUnits(grid, units), amount) ? units : undefined
}

/** Without the digits beyond so many after the point: towards zero. */
export const cut = (amount: Money, digits: number): Money => BigDecimal.truncate(amount, digits)

/** To the nearest with so many digits. */
export const rounded = (amount: Money, digits: number): Money =>
  BigDecimal.round(amount, { scale: digits, mode: "half-from-zero" })

/** With exactly so many digits after the point; what is beyond them is cut off. */
export const fixed = (amount: Money, digits: number): string => {
  const { scale, value } = BigDecimal.scale(cut(amount, digits), digits)
  return writeFixed(value, scale, digits)
}

/** Without needless zeros. */
export const text = (amount: Money): string => {
  const { scale, value } = BigDecimal.normalize(amount)
  return scale <= 0 ? String(value * 10n ** BigInt(-scale)) : writeFixed(value, scale, scale)
}

/** `a / b`, cut after so many digits. */
export const quotient = (a: Money, b: Money, digits: number): Money => {
  const scaled = BigDecimal.scale(a, Math.max(a.scale, 0)).value * 10n ** BigInt(digits + Math.max(b.scale, 0))
  const by = BigDecimal.scale(b, Math.max(b.scale, 0)).value * 10n ** BigInt(Math.max(a.scale, 0))
  return BigDecimal.make(scaled / by, digits)
}

export const add = (...amounts: ReadonlyArray<Money>): Money => BigDecimal.sumAll(amounts)
export const minus: (a: Money, b: Money) => Money = BigDecimal.subtract
export const times: (a: Money, b: Money) => Money = BigDecimal.multiply
export const negated: (a: Money) => Money = BigDecimal.negate
export const magnitude: (a: Money) => Money = BigDecimal.abs
export const isZero: (a: Money) => boolean = BigDecimal.isZero
export const isLess: (a: Money, b: Money) => boolean = BigDecimal.isLessThan
export const isMore: (a: Money, b: Money) => boolean = BigDecimal.isGreaterThan
export const isNegative: (a: Money) => boolean = BigDecimal.isNegative
export const isPositive: (a: Money) => boolean = BigDecimal.isPositive
export const least: (a: Money, b: Money) => Money = BigDecimal.min
export const most: (a: Money, b: Money) => Money = BigDecimal.max
