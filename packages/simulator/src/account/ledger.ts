/**
 * What orders hold and what their fills move, in wallets and positions. Guarantees that on spot what is locked is exactly
 * what open orders still need, and that a wallet moves by the worth of a fill, what it realised, and its fee, and by
 * nothing else.
 */
import type { Trade } from "../market/tape.ts"
import { closable, isSpot, lockOf, marginIn, marginOf, reckoned, settleOf, signOf } from "./funds.ts"
import { add, cut, isLess, isNegative, minus, type Money, negated, ofUnits, times, zero } from "./money.ts"
import { Position } from "./Position.ts"
import { Refusal } from "./Refusal.ts"
import { termsOf } from "./terms.ts"
import { left, type UserFill, type UserOrder } from "./UserOrder.ts"

/** Digits of what a fill of an inverse contract is told to be worth. */
const COIN_DIGITS = 8

/** Sets aside what an order needs; throws `Refusal` when that is not there. */
export const lock = (order: UserOrder): void => {
  const { account, direction, leg, market, price } = order
  if (isSpot(market)) {
    const { amount, asset } = lockOf(market, direction, price, left(order))
    const { free } = account.wallet(market.definition.market).balance(asset)
    if (isLess(free, amount)) throw new Refusal("funds")
    return relock(order)
  }
  if (order.reduceOnly) return
  const opening = left(order) - Math.min(left(order), closable(account, market, direction, leg))
  const needed = marginOf(market, opening, reckoned(market, direction, price))
  const { available } = marginIn(account, market, settleOf(market))
  // What is open already is among what the account's orders need.
  if (account.isOpen(order) ? isNegative(available) : isLess(available, needed)) throw new Refusal("funds")
}

/** As `lock`, of what is known to be there. */
export const relock = (order: UserOrder): void => {
  const { account, direction, market, price } = order
  if (!isSpot(market) || left(order) === 0) return
  order.locked = lockOf(market, direction, price, left(order))
  account.wallet(market.definition.market).hold(order.locked.asset, order.locked.amount)
}

export const unlock = (order: UserOrder): void => {
  if (order.locked === undefined) return
  order.account.wallet(order.market.definition.market).hold(order.locked.asset, negated(order.locked.amount))
  order.locked = undefined
}

type Paid = Pick<UserFill, "closed" | "fee" | "feeAsset" | "realised">

/** The fee is taken from what is received. */
const paySpot = (order: UserOrder, size: number, worth: Money, rate: Money): Paid => {
  const { account, direction, market } = order
  const { base, market: kind, quote } = market.definition
  const wallet = account.wallet(kind)
  const amount = ofUnits(market.sizeGrid, size)
  const isBuy = direction === "buy"
  const fee = cut(times(isBuy ? amount : worth, rate), termsOf[kind].feeDigits)
  unlock(order)
  wallet.move(base, isBuy ? minus(amount, fee) : negated(amount))
  wallet.move(quote, isBuy ? negated(worth) : minus(worth, fee))
  return { fee, feeAsset: isBuy ? base : quote, realised: zero, closed: 0 }
}

const payContract = (order: UserOrder, { size, time }: Trade, worth: Money, rate: Money): Paid => {
  const { account, direction, leg, market } = order
  const kind = market.definition.market
  const feeAsset = settleOf(market)
  const fee = cut(times(worth, rate), termsOf[kind].feeDigits)
  const { closed, realised } = account.position(market, leg).apply(size * signOf(direction), worth, time)
  account.wallet(kind).move(feeAsset, minus(realised, fee))
  return { fee, feeAsset, realised, closed }
}

/** Enters a fill; the order is filled when nothing is left of it. */
export const enter = (order: UserOrder, trade: Trade, isMaker: boolean, executionId: number): UserFill => {
  const { market } = order
  const { maker, taker } = termsOf[market.definition.market]
  const worth = Position.worth(market, trade.size, trade.price)
  const rate = isMaker ? maker : taker
  const paid = isSpot(market) ? paySpot(order, trade.size, worth, rate) : payContract(order, trade, worth, rate)
  order.filled += trade.size
  order.worth = add(order.worth, worth)
  order.fee = add(order.fee, paid.fee)
  order.updatedAt = trade.time
  relock(order)
  if (left(order) === 0) order.status = "filled"
  const { id: tradeId, price, sequence, size, time } = trade
  const told = market.rules.isInverse ? cut(worth, COIN_DIGITS) : worth
  const fill: UserFill = { tradeId, sequence, price, size, time, isMaker, worth: told, ...paid, executionId }
  order.fills.push(fill)
  return fill
}
