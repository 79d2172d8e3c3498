/**
 * Whether an order fits the filters that `exchangeInfo` tells. Guarantees the order of the checks: precision first, then
 * the filters one after the other, each with the venue's own message.
 */
import { isLess, isMore, isZero, type Money, of, ofUnits, times, toUnits } from "../../account/money.ts"
import type { Account } from "../../account/Account.ts"
import { markPrice } from "../../account/funds.ts"
import type { OrderRequest } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { spotSymbol, usdmSymbol } from "../exchangeInfo.ts"
import { RestFailure } from "../failure.ts"
import { avgPrice } from "../spotFrames.ts"
import * as failures from "./failures.ts"

type Filter = Readonly<Record<string, unknown>>

/** The filters of a symbol, by their types. */
const filtersOf = (market: Market): ReadonlyMap<string, Filter> => {
  const { definition } = market
  const list: ReadonlyArray<Filter> = (
    definition.market === "spot" ? spotSymbol(definition) : usdmSymbol(definition, market)
  ).filters
  return new Map(list.map((filter) => [String(filter["filterType"]), filter]))
}

const bound = (filter: Filter | undefined, name: string): Money | undefined => {
  const text = filter?.[name]
  if (typeof text !== "string") return undefined
  const amount = of(text)
  return isZero(amount) ? undefined : amount
}

const isWithin = (amount: Money, least: Money | undefined, most: Money | undefined): boolean =>
  (least === undefined || !isLess(amount, least)) && (most === undefined || !isMore(amount, most))

const averageOf = (market: Market): Money => of(String(avgPrice(market, (ms) => ms)["w"]))

/** Ticks of a price; throws when the market could not quote it. */
export const ticksOf = (market: Market, price: Money): number => {
  const filter = filtersOf(market).get("PRICE_FILTER")
  const isSpot = market.definition.market === "spot"
  const [least, most] = [bound(filter, "minPrice"), bound(filter, "maxPrice")]
  const ticks = toUnits(market.priceGrid, price)
  if (isSpot) {
    if (ticks === undefined || !isWithin(price, least, most)) throw failures.filter("PRICE_FILTER")
    return ticks
  }
  if (least !== undefined && isLess(price, least)) {
    throw new RestFailure(-4013, `Price less than min price.`)
  }
  if (most !== undefined && isMore(price, most))
    throw new RestFailure(-4016, "Limit price can't be higher than " + String(filter?.["maxPrice"]) + ".")
  if (ticks === undefined) throw new RestFailure(-4014, "Price not increased by tick size.")
  return ticks
}

/** Steps of a quantity; throws when it is too small, too large or between two steps. */
export const stepsOf = (market: Market, quantity: Money, isMarket: boolean): number => {
  const filters = filtersOf(market)
  const isSpot = market.definition.market === "spot"
  const steps = toUnits(market.sizeGrid, quantity)
  for (const name of isMarket ? ["LOT_SIZE", "MARKET_LOT_SIZE"] : ["LOT_SIZE"]) {
    const filter = filters.get(name)
    if (isWithin(quantity, bound(filter, "minQty"), bound(filter, "maxQty")) && steps !== undefined) continue
    if (isSpot) throw failures.filter(name)
    if (isZero(quantity)) throw new RestFailure(-4003, "Quantity less than or equal to zero.")
    if (steps === undefined) throw new RestFailure(-1111, "Precision is over the maximum defined for this asset.")
    if (isLess(quantity, of(String(filter?.["minQty"]))))
      throw new RestFailure(-4004, "Quantity less than min quantity.")
    throw new RestFailure(-4005, "Quantity greater than max quantity.")
  }
  return steps!
}

/** What depends on price and size together, and on how many orders there are. */
export const check = (account: Account, market: Market, request: Omit<OrderRequest, "words" | "clientId">): void => {
  const filters = filtersOf(market)
  const { definition } = market
  const isSpot = definition.market === "spot"
  const reference = isSpot ? averageOf(market) : markPrice(market)
  const price = request.price === undefined ? reference : ofUnits(market.priceGrid, request.price)
  if (request.price !== undefined) checkBand(filters, isSpot, request.direction, price, reference)
  const notional = times(price, ofUnits(market.sizeGrid, request.size))
  const least = bound(filters.get("NOTIONAL"), "minNotional") ?? bound(filters.get("MIN_NOTIONAL"), "notional")
  const most = request.price === undefined ? undefined : bound(filters.get("NOTIONAL"), "maxNotional")
  if (!isWithin(notional, least, most) && !request.reduceOnly) {
    if (isSpot) throw failures.filter("NOTIONAL")
    throw new RestFailure(
      -4164,
      `Order's notional must be no smaller than ${definition.minNotional} (unless you choose reduce only).`
    )
  }
  const open = account.openOrders(definition.market, definition.symbol)
  const waiting = open.filter(({ status }) => status === "untriggered").length
  if (isSpot) {
    if (open.length >= Number(filters.get("MAX_NUM_ORDERS")?.["maxNumOrders"])) throw failures.filter("MAX_NUM_ORDERS")
    if (request.trigger !== undefined && waiting >= Number(filters.get("MAX_NUM_ALGO_ORDERS")?.["maxNumAlgoOrders"])) {
      throw failures.filter("MAX_NUM_ALGO_ORDERS")
    }
  } else if (
    request.trigger === undefined &&
    open.length - waiting >= Number(filters.get("MAX_NUM_ORDERS")?.["limit"])
  ) {
    throw new RestFailure(-2025, "Reach max open order limit.")
  }
}

const checkBand = (
  filters: ReadonlyMap<string, Filter>,
  isSpot: boolean,
  direction: "buy" | "sell",
  price: Money,
  reference: Money
): void => {
  const filter = filters.get(isSpot ? "PERCENT_PRICE_BY_SIDE" : "PERCENT_PRICE")
  const side = isSpot ? (direction === "buy" ? "bidMultiplier" : "askMultiplier") : "multiplier"
  const most = times(reference, bound(filter, `${side}Up`) ?? of("1"))
  const least = times(reference, bound(filter, `${side}Down`) ?? of("1"))
  if (isWithin(price, least, most)) return
  if (isSpot) throw failures.filter("PERCENT_PRICE_BY_SIDE")
  if (isMore(price, most)) throw new RestFailure(-4016, "Limit price can't be higher than the mark price's band.")
  throw new RestFailure(-4024, "Limit price can't be lower than the mark price's band.")
}
