/**
 * A decimal grid: prices are counted in ticks and sizes in steps, as integers, so that nothing in the market is rounded.
 * Guarantees that formatting is exact; products and sums of products are bigint.
 */

export interface Grid {
  /** Value of one unit, times 10^decimals. */
  readonly unit: number
  readonly decimals: number
  /** Digits after the point on the wire. */
  readonly shown: number
  readonly text: string
}

/** The grid of a venue's step text (`"0.10"`); `shown` digits are written on the wire. */
export const make = (step: string, shown: number): Grid => {
  const [whole = "0", fraction = ""] = step.split(".")
  const digits = fraction.replace(/0+$/, "")
  return { unit: Number(whole + digits), decimals: digits.length, shown: Math.max(shown, digits.length), text: step }
}

/** `value / 10^decimals` with exactly `shown` digits after the point; digits beyond `shown` are cut off. */
export const fixed = (value: bigint | number, decimals: number, shown: number): string => {
  const negative = value < 0
  const digits = String(negative ? -value : value).padStart(decimals + 1, "0")
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits
    .slice(digits.length - decimals)
    .padEnd(shown, "0")
    .slice(0, shown)
  return (negative ? "-" : "") + (shown === 0 ? whole : `${whole}.${fraction}`)
}

export const format = (grid: Grid, units: number): string => fixed(units * grid.unit, grid.decimals, grid.shown)

/** The nearest number of units to a decimal value. */
export const units = (grid: Grid, value: number): number => Math.round((value * 10 ** grid.decimals) / grid.unit)

export const toNumber = (grid: Grid, count: number): number => (count * grid.unit) / 10 ** grid.decimals

/** A sum of price × size products, on the wire: 8 digits on spot, the sum of both precisions on futures. */
export const formatProduct = (price: Grid, size: Grid, product: bigint, shown: number): string =>
  fixed(product * BigInt(price.unit * size.unit), price.decimals + size.decimals, shown)
