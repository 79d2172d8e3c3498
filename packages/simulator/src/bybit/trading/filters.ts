/**
 * Whether an order fits what `instruments-info` tells. Guarantees one failure of the venue for each way in which it does
 * not. Source: docs/venues/bybit.md; Bybit v5 docs, "Error Codes".
 */
import type { Account } from "../../account/Account.ts"
import { markPrice } from "../../account/funds.ts"
import {
  add,
  isLess,
  isMore,
  isText,
  minus,
  type Money,
  of,
  ofUnits,
  text,
  times,
  toUnits
} from "../../account/money.ts"
import { Position } from "../../account/Position.ts"
import type { OrderRequest } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { ApiFailure, invalid } from "../failure.ts"
import { filtersOf } from "../instruments.ts"

const isSpot = (market: Market): boolean => market.definition.market === "bybit-spot"

const amountOf = (name: string, given: string): Money => {
  if (!isText(given) || given.startsWith("-")) throw invalid(name)
  return of(given)
}

export const ticksOf = (market: Market, name: string, given: string): number => {
  const price = amountOf(name, given)
  const ticks = toUnits(market.priceGrid, price)
  if (ticks === undefined)
    throw isSpot(market) ? new ApiFailure(170_134, "Order price has too many decimals.") : invalid(name)
  if (ticks === 0) throw invalid(name)
  return ticks
}

export const stepsOf = (market: Market, given: string, isMarket: boolean): number => {
  const { lot } = filtersOf(market.definition)
  const size = amountOf("qty", given)
  const steps = toUnits(market.sizeGrid, size)
  const most = (isMarket ? (lot["maxMarketOrderQty"] ?? lot["maxMktOrderQty"]) : lot["maxOrderQty"])!
  if (isSpot(market)) {
    if (steps === undefined) throw new ApiFailure(170_137, "Order volume has too many decimals.")
    if (steps === 0) throw new ApiFailure(170_136, "Order quantity is lower than the minimum.")
    if (isMore(size, of(most))) throw new ApiFailure(170_135, "Order quantity exceeded upper limit.")
    return steps
  }
  if (steps === undefined) throw new ApiFailure(10_001, "Qty invalid")
  if (steps === 0) throw new ApiFailure(110_017, "orderQty will be truncated to zero.")
  if (isMore(size, of(most)))
    throw new ApiFailure(10_001, "The number of contracts exceeds maximum limit allowed: too large")
  return steps
}

const MOST_ACTIVE = 500
const MOST_CONDITIONAL = 10

export const check = (account: Account, market: Market, request: Omit<OrderRequest, "words" | "clientId">): void => {
  const { definition } = market
  const reference = markPrice(market)
  if (request.price !== undefined) {
    const price = ofUnits(market.priceGrid, request.price)
    const room = times(reference, of(filtersOf(definition).priceRatio))
    const [least, most] = [minus(reference, room), add(reference, room)]
    const isHigh = request.direction === "buy" && isMore(price, most)
    const isLow = request.direction === "sell" && isLess(price, least)
    const isNowhere = isMore(price, times(reference, of("10"))) || isLess(price, times(reference, of("0.1")))
    if (isHigh || isLow || isNowhere) {
      if (!isSpot(market)) throw new ApiFailure(110_003, "Order price exceeds the allowable range.")
      throw isHigh || (isNowhere && isMore(price, reference))
        ? new ApiFailure(170_132, "Order price is too high.")
        : new ApiFailure(170_133, "Order price is too low.")
    }
  }
  const price = request.price ?? Math.round(market.participants.fair)
  const value = market.rules.isInverse
    ? ofUnits(market.sizeGrid, request.size)
    : Position.worth(market, request.size, price)
  if (isLess(value, of(definition.minNotional)) && !request.reduceOnly) {
    if (isSpot(market)) throw new ApiFailure(170_140, "Order value exceeded lower limit.")
    throw new ApiFailure(
      110_094,
      `Order does not meet minimum order value ${definition.minNotional}${definition.quote}`
    )
  }
  const open = account.openOrders(definition.market, definition.symbol)
  const waiting = open.filter(({ status }) => status === "untriggered").length
  if (request.trigger === undefined && open.length - waiting >= MOST_ACTIVE)
    throw new ApiFailure(110_020, "You're not allowed to have more than 500 active orders.")
  if (request.trigger !== undefined && waiting >= MOST_CONDITIONAL)
    throw new ApiFailure(110_009, "The number of stop orders exceeds the maximum allowable limit.")
}

/** A price as it is told. */
export const textOf = (market: Market, ticks: number): string => text(ofUnits(market.priceGrid, ticks))
