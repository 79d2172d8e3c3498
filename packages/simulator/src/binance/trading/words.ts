/** Orders in the venue's words, on both markets. */
import { add, fixed, isZero, type Money, ofUnits, quotient, text, zero } from "../../account/money.ts"
import { Position } from "../../account/Position.ts"
import { left, type UserOrder } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"

/** Numbers as a market writes them: spot with eight digits, futures without needless zeros. */
export const written = (market: Market, amount: Money): string =>
  market.definition.market === "spot" ? fixed(amount, 8) : text(amount)

export const sizeOf = (market: Market, steps: number): string => written(market, ofUnits(market.sizeGrid, steps))

export const priceOf = (market: Market, ticks: number | undefined): string =>
  written(market, ticks === undefined ? zero : ofUnits(market.priceGrid, ticks))

export const statusOf = ({ ending, filled, status }: UserOrder): string => {
  if (status === "cancelled") return "CANCELED"
  if (status === "expired") return ending === "ownMaker" ? "EXPIRED_IN_MATCH" : "EXPIRED"
  if (status === "filled") return "FILLED"
  if (status === "rejected") return "REJECTED"
  return filled > 0 ? "PARTIALLY_FILLED" : "NEW"
}

export const sideWord = ({ direction }: UserOrder): "BUY" | "SELL" => (direction === "buy" ? "BUY" : "SELL")

export const word = ({ words }: UserOrder, name: string, usual = ""): string => words[name] ?? usual

const AVERAGE_DIGITS = 12

export const averageOf = (order: UserOrder): Money =>
  order.filled === 0 || isZero(order.worth)
    ? zero
    : quotient(order.worth, ofUnits(order.market.sizeGrid, order.filled), AVERAGE_DIGITS)

/** What all open orders of one side of a symbol are worth. */
export const openWorth = (order: UserOrder, direction: "buy" | "sell"): Money => {
  const { account, market } = order
  const { market: kind, symbol } = market.definition
  let sum = zero
  for (const each of account.openOrders(kind, symbol)) {
    if (each.direction !== direction || each.price === undefined || each.status !== "open") continue
    sum = add(sum, Position.worth(market, left(each), each.price))
  }
  return sum
}
