/**
 * One position in a contract. Guarantees that money is conserved: over any row of fills that ends flat, what was realised is
 * exactly what was received less what was paid. `cost` is what the open part was worth when it was opened, of the same
 * sign as the size; the entry price follows from it.
 */
import type { Market } from "../market/market.ts"
import { add, isZero, magnitude, minus, type Money, negated, ofUnits, quotient, rounded, times, zero } from "./money.ts"
import type { Leg } from "./UserOrder.ts"

/** Digits of a share of a cost, which no price needs. */
const DIGITS = 24
/** Digits that a price is told with when it is a quotient. */
const PRICE_DIGITS = 10

export class Position {
  readonly market: Market
  readonly leg: Leg
  /** Steps, negative when short. */
  size = 0
  cost: Money = zero
  /** Since it was first opened, fees not among it. */
  realised: Money = zero
  openedAt = 0
  updatedAt = 0

  constructor(market: Market, leg: Leg) {
    this.market = market
    this.leg = leg
  }

  /** What so many steps are worth at a price, in ticks, in the asset that the contract settles in. */
  static worth(market: Market, size: number, price: number): Money {
    const amount = ofUnits(market.sizeGrid, size)
    const at = ofUnits(market.priceGrid, price)
    return market.rules.isInverse ? quotient(amount, at, DIGITS) : times(amount, at)
  }

  get entryPrice(): Money {
    if (this.size === 0) return zero
    const amount = ofUnits(this.market.sizeGrid, Math.abs(this.size))
    const cost = magnitude(this.cost)
    if (isZero(cost)) return zero
    const price = this.market.rules.isInverse ? quotient(amount, cost, DIGITS) : quotient(cost, amount, DIGITS)
    return rounded(price, PRICE_DIGITS)
  }

  /** A fill of so many steps, negative when sold, at what they were worth; answers what it realised and closed. */
  apply(size: number, worth: Money, time: number): { readonly realised: Money; readonly closed: number } {
    const signed = size < 0 ? negated(worth) : worth
    const closed = this.size * size < 0 ? Math.min(Math.abs(size), Math.abs(this.size)) : 0
    if (this.size === 0) this.openedAt = time
    this.updatedAt = time
    if (closed === 0) {
      this.size += size
      this.cost = add(this.cost, signed)
      return { realised: zero, closed }
    }
    const ratio = (amount: Money, part: number, whole: number): Money =>
      part === whole
        ? amount
        : quotient(times(amount, ofUnits(this.market.sizeGrid, part)), ofUnits(this.market.sizeGrid, whole), DIGITS)
    const closedCost = ratio(this.cost, closed, Math.abs(this.size))
    const closing = ratio(signed, closed, Math.abs(size))
    const plain = negated(add(closedCost, closing))
    const realised = this.market.rules.isInverse ? negated(plain) : plain
    this.cost = add(minus(this.cost, closedCost), minus(signed, closing))
    this.size += size
    this.realised = add(this.realised, realised)
    return { realised, closed }
  }

  /** Profit if it were closed at this price. */
  unrealised(price: Money): Money {
    if (this.size === 0 || isZero(price)) return zero
    const amount = ofUnits(this.market.sizeGrid, this.size)
    if (!this.market.rules.isInverse) return minus(times(amount, price), this.cost)
    return minus(this.cost, quotient(amount, price, DIGITS))
  }

  /** What it is worth at a price, never negative. */
  value(price: Money): Money {
    if (isZero(price)) return zero
    const amount = ofUnits(this.market.sizeGrid, Math.abs(this.size))
    return this.market.rules.isInverse ? quotient(amount, price, DIGITS) : times(amount, price)
  }
}
