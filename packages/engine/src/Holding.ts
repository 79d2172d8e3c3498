/**
 * What is held of one instrument, and what it has earned: average-cost accounting of one position, exactly.
 *
 * A unit of a contract is worth `price · contractSize` of the quote where sizes count base or contracts, and
 * `-contractSize / price` of the settlement asset where they count quote (inverse contracts): so buying is paying the worth
 * of a unit, selling is getting it, and all kinds are one sum.
 *
 * Guarantees: `realized + unrealized` at any price is exactly the cash that fills have moved plus what the position is worth at
 * that price; while flat, `realized` is exactly that cash. Only the average is rounded (`SCALE` digits behind the point), and
 * with it how the whole is split between the two. Fees and funding are not among it.
 */
import type { Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

/** Digits behind the point of what a division gives: money has 8, an average of thousands of fills loses none of those. */
const SCALE = 24

const ZERO = BigDecimal.fromBigInt(0n)
const ONE = BigDecimal.fromBigInt(1n)

export interface Holding {
  /** Signed: negative is short. */
  readonly size: BigDecimal.BigDecimal
  /** What fills have moved: got less paid. */
  readonly cash: BigDecimal.BigDecimal
  /** What a unit of the position was worth when it was entered, on average; of no meaning while flat. */
  readonly entryWorth: BigDecimal.BigDecimal
}

export const empty: Holding = { size: ZERO, cash: ZERO, entryWorth: ZERO }

export type Contract = Pick<Instrument.Instrument, "sizeUnit" | "contractSize">

/** What one unit is worth at a price, in the asset that profits are paid in. */
export const worth = (contract: Contract, price: BigDecimal.BigDecimal): BigDecimal.BigDecimal => {
  const unit = BigDecimal.fromStringUnsafe(contract.contractSize)
  if (contract.sizeUnit !== "quote") return BigDecimal.multiply(price, unit)
  return BigDecimal.negate(quotient(unit, price))
}

/** The price at which a unit is worth this. */
const priceOf = (contract: Contract, unitWorth: BigDecimal.BigDecimal): BigDecimal.BigDecimal => {
  const unit = BigDecimal.fromStringUnsafe(contract.contractSize)
  if (contract.sizeUnit !== "quote") return quotient(unitWorth, unit)
  return quotient(BigDecimal.negate(unit), unitWorth)
}

/** After a fill; `size` is positive for a buy and negative for a sell. */
export const fill = (
  contract: Contract,
  before: Holding,
  size: BigDecimal.BigDecimal,
  price: BigDecimal.BigDecimal
): Holding => {
  const unitWorth = worth(contract, price)
  const after = BigDecimal.sum(before.size, size)
  const cash = BigDecimal.subtract(before.cash, BigDecimal.multiply(size, unitWorth))
  return { size: after, cash, entryWorth: entryWorthAfter(before, size, after, unitWorth) }
}

const entryWorthAfter = (
  before: Holding,
  size: BigDecimal.BigDecimal,
  after: BigDecimal.BigDecimal,
  unitWorth: BigDecimal.BigDecimal
): BigDecimal.BigDecimal => {
  const side = BigDecimal.sign(before.size)
  const sideAfter = BigDecimal.sign(after)
  if (sideAfter === 0) return ZERO
  // opened, or turned through zero: what is held was entered by this fill
  if (side !== sideAfter) return unitWorth
  // made smaller: what is left was entered as it was
  if (BigDecimal.sign(size) !== side) return before.entryWorth
  const paid = BigDecimal.sum(BigDecimal.multiply(before.size, before.entryWorth), BigDecimal.multiply(size, unitWorth))
  return quotient(paid, after)
}

/** The price at which the position was entered on average; `undefined` while flat. */
export const averagePrice = (contract: Contract, holding: Holding): BigDecimal.BigDecimal | undefined =>
  BigDecimal.isZero(holding.size) ? undefined : priceOf(contract, holding.entryWorth)

export const realized = ({ cash, entryWorth, size }: Holding): BigDecimal.BigDecimal =>
  BigDecimal.sum(cash, BigDecimal.multiply(size, entryWorth))

export const unrealized = (
  contract: Contract,
  { entryWorth, size }: Holding,
  price: BigDecimal.BigDecimal
): BigDecimal.BigDecimal => BigDecimal.multiply(size, BigDecimal.subtract(worth(contract, price), entryWorth))

/** Rounded half to even at `SCALE` digits; the divisor is not 0. */
const quotient = (dividend: BigDecimal.BigDecimal, divisor: BigDecimal.BigDecimal): BigDecimal.BigDecimal =>
  BigDecimal.equals(divisor, ONE)
    ? dividend
    : BigDecimal.normalize(
        BigDecimal.round(BigDecimal.divideUnsafe(dividend, divisor), { scale: SCALE, mode: "half-even" })
      )
