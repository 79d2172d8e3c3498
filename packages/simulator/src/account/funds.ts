/**
 * What an order needs before it is taken in. Spot: what it would pay, which is then locked. Contracts: initial margin at
 * the market's leverage for what it would open, against wallet and unrealised profit less what positions and orders
 * already need. Cross margin of one asset; nothing is liquidated.
 */
import type { Side } from "../market/book.ts"
import { mark } from "../market/mark.ts"
import type { Market } from "../market/market.ts"
import { rulesOf } from "../market/rules.ts"
import type { Account } from "./Account.ts"
import { add, type Money, minus, of, ofUnits, quotient, times, zero } from "./money.ts"
import { Position } from "./Position.ts"
import { termsOf } from "./terms.ts"
import { left, type Direction, type Leg, type UserOrder } from "./UserOrder.ts"

export const isSpot = ({ definition }: Market): boolean =>
  definition.market === "spot" || definition.market === "bybit-spot"

/** What profits and fees of a contract are paid in. */
export const settleOf = ({ definition }: Market): string =>
  definition.settle ?? (rulesOf[definition.market].isInverse ? definition.base : definition.quote)

/** In money, cut to the grid. */
export const markPrice = (market: Market): Money => ofUnits(market.priceGrid, Math.round(mark(market).mark))

export const signOf = (direction: Direction): 1 | -1 => (direction === "buy" ? 1 : -1)

/** Steps that such an order could close of the position it is about. */
export const closable = (account: Account, market: Market, direction: Direction, leg: Leg): number => {
  const { size } = account.position(market, leg)
  return size * signOf(direction) < 0 ? Math.abs(size) : 0
}

/** The price an order is reckoned with: its own, or the best it can get. */
export const reckoned = (market: Market, direction: Direction, price: number | undefined): number => {
  const [bid, ask] = market.best()
  return price ?? (direction === "buy" ? ask?.[0] : bid?.[0]) ?? Math.round(market.participants.fair)
}

export const marginOf = (market: Market, size: number, price: number): Money =>
  quotient(Position.worth(market, size, price), of(String(termsOf[market.definition.market].leverage)), 16)

/** Of an order, without what only closes. */
export const orderMargin = (order: UserOrder): Money => {
  const { account, direction, leg, market, price, reduceOnly } = order
  if (reduceOnly || order.status === "untriggered") return zero
  const opening = left(order) - Math.min(left(order), closable(account, market, direction, leg))
  return marginOf(market, opening, reckoned(market, direction, price))
}

export interface Margin {
  readonly wallet: Money
  readonly unrealised: Money
  readonly positions: Money
  readonly orders: Money
  readonly maintenance: Money
  readonly available: Money
}

/** Of all contracts that settle in this asset, on the markets that share a wallet with this one. */
export const marginIn = (account: Account, market: Market, asset: string): Margin => {
  const wallet = account.wallet(market.definition.market)
  const isMine = (other: Market): boolean =>
    !isSpot(other) && settleOf(other) === asset && account.wallet(other.definition.market) === wallet
  let unrealised = zero
  let positions = zero
  let maintenance = zero
  let orders = zero
  for (const position of account.positions.values()) {
    if (position.size === 0 || !isMine(position.market)) continue
    const price = markPrice(position.market)
    const { leverage, maintenance: rate } = termsOf[position.market.definition.market]
    unrealised = add(unrealised, position.unrealised(price))
    positions = add(positions, quotient(position.value(price), of(String(leverage)), 16))
    maintenance = add(maintenance, times(position.value(price), rate))
  }
  for (const order of account.openOrders()) if (isMine(order.market)) orders = add(orders, orderMargin(order))
  const { free } = wallet.balance(asset)
  const available = minus(add(free, unrealised), add(positions, orders))
  return { wallet: wallet.balance(asset).total, unrealised, positions, orders, maintenance, available }
}

/** What a spot order locks. */
export const lockOf = (
  market: Market,
  direction: Direction,
  price: number | undefined,
  size: number
): { readonly asset: string; readonly amount: Money } => {
  const { base, quote } = market.definition
  const amount = ofUnits(market.sizeGrid, size)
  if (direction === "sell") return { asset: base, amount }
  if (price !== undefined) return { asset: quote, amount: times(amount, ofUnits(market.priceGrid, price)) }
  return { asset: quote, amount: costOf(market, size) }
}

/** What buying so much at the market costs now. */
const costOf = (market: Market, size: number): Money => {
  let cost = zero
  let wanted = size
  let last = market.book.asks.best() ?? 0
  for (const [price, there] of market.book.top("ask", Infinity)) {
    if (wanted <= 0) break
    const taken = Math.min(wanted, there)
    cost = add(cost, Position.worth(market, taken, price))
    wanted -= taken
    last = price
  }
  return wanted > 0 ? add(cost, Position.worth(market, wanted, last)) : cost
}

/** How many steps can be bought, or must be sold, at the market for so much. */
export const affordable = (market: Market, from: Side, quote: Money): number => {
  let rest = quote
  let steps = 0
  for (const [price, there] of market.book.top(from, Infinity)) {
    const one = Position.worth(market, 1, price)
    const can = Number(quotient(rest, one, 0).value)
    const taken = Math.min(can, there)
    steps += taken
    if (taken < there) break
    rest = minus(rest, times(one, of(String(taken))))
  }
  return steps
}
