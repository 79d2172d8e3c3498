/**
 * An order from its fields. Source: Bybit v5 docs, "Place Order": a market order is an immediate one; on spot a market
 * order to buy counts its size in the quote coin unless `marketUnit` says otherwise.
 */
import { affordable } from "../../account/funds.ts"
import { of, isText } from "../../account/money.ts"
import type { Leg, Lifetime, OrderRequest, Trigger } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { ApiFailure, invalid } from "../failure.ts"
import { type Asking, category, type Fields, marketIn, required, text } from "./Asking.ts"
import * as failures from "./failures.ts"
import * as filters from "./filters.ts"

const lifetimes: Readonly<Record<string, Lifetime>> = { GTC: "gtc", IOC: "ioc", FOK: "fok", PostOnly: "postOnly" }

const by = { LastPrice: "last", MarkPrice: "mark", IndexPrice: "index" } as const

const oneOf = <A>(fields: Fields, name: string, known: Readonly<Record<string, A>>): A | undefined => {
  const value = text(fields, name)
  if (value === undefined) return undefined
  if (!Object.hasOwn(known, value)) throw invalid(name)
  return known[value]
}

const legOf = ({ account, fields }: Asking, isSpot: boolean): Leg => {
  const leg = oneOf(fields, "positionIdx", { "0": "net", "1": "long", "2": "short" } as const) ?? "net"
  if (!isSpot && (leg === "net") !== (account.positionMode === "oneWay")) {
    throw new ApiFailure(10_001, "position idx not match position mode")
  }
  return isSpot ? "net" : leg
}

const triggerOf = (market: Market, fields: Fields, isBuy: boolean): Trigger | undefined => {
  const price = text(fields, "triggerPrice")
  const filter = text(fields, "orderFilter")
  if (price === undefined) {
    if (filter === "StopOrder" || filter === "tpslOrder") throw invalid("triggerPrice")
    return undefined
  }
  const ticks = filters.ticksOf(market, "triggerPrice", price)
  const asked = oneOf(fields, "triggerDirection", { "0": undefined, "1": "rises", "2": "falls" } as const)
  const isSpot = market.definition.market === "bybit-spot"
  if (asked === undefined && !isSpot) throw invalid("triggerDirection")
  const last = market.tape.trades.last()?.price ?? Math.round(market.participants.fair)
  const when = asked ?? (ticks === last ? (isBuy ? "rises" : "falls") : ticks > last ? "rises" : "falls")
  if (when === "rises" && ticks <= last)
    throw new ApiFailure(110_092, `expect Rising, but trigger_price[${ticks}] <= current[${last}]`)
  if (when === "falls" && ticks >= last)
    throw new ApiFailure(110_093, `expect Falling, but trigger_price[${ticks}] >= current[${last}]`)
  return { price: ticks, when, by: oneOf(fields, "triggerBy", by) ?? "last" }
}

const sizeOf = (market: Market, fields: Fields, isBuy: boolean, isMarket: boolean): number => {
  const qty = required(fields, "qty")
  if (market.definition.market !== "bybit-spot" || !isMarket) return filters.stepsOf(market, qty, isMarket)
  const unit = text(fields, "marketUnit") ?? (isBuy ? "quoteCoin" : "baseCoin")
  if (unit === "baseCoin") return filters.stepsOf(market, qty, true)
  if (!isText(qty)) throw invalid("qty")
  const steps = affordable(market, isBuy ? "ask" : "bid", of(qty))
  if (steps === 0) throw new ApiFailure(170_140, "Order value exceeded lower limit.")
  return steps
}

export const parse = (asking: Asking): { readonly market: Market; readonly request: OrderRequest } => {
  const { account, fields } = asking
  const market = marketIn(asking)
  const isSpot = market.definition.market === "bybit-spot"
  const direction = oneOf(fields, "side", { Buy: "buy", Sell: "sell" } as const)
  if (direction === undefined) throw invalid("side")
  const orderType = oneOf(fields, "orderType", { Market: "Market", Limit: "Limit" } as const)
  if (orderType === undefined) throw invalid("orderType")
  const isMarket = orderType === "Market"
  const clientId = text(fields, "orderLinkId") ?? ""
  if (!/^[A-Za-z0-9_-]{0,36}$/.test(clientId)) throw new ApiFailure(10_001, "params error: orderLinkId invalid")
  if (clientId !== "" && account.find(market.definition.market, undefined, { clientId }) !== undefined) {
    throw failures.duplicateId(category(fields))
  }
  const leg = legOf(asking, isSpot)
  const isClosingLeg = leg !== "net" && (leg === "long") === (direction === "sell")
  const request = {
    direction,
    leg,
    lifetime: isMarket ? "ioc" : (oneOf(fields, "timeInForce", lifetimes) ?? "gtc"),
    price: isMarket ? undefined : filters.ticksOf(market, "price", required(fields, "price")),
    size: sizeOf(market, fields, direction === "buy", isMarket),
    reduceOnly: !isSpot && (text(fields, "reduceOnly") === "true" || isClosingLeg),
    trigger: triggerOf(market, fields, direction === "buy")
  } as const
  filters.check(account, market, request)
  const last = market.tape.trades.last()?.price
  const isInQuote =
    isSpot &&
    isMarket &&
    (text(fields, "marketUnit") ?? (direction === "buy" ? "quoteCoin" : "baseCoin")) === "quoteCoin"
  const words = {
    orderType,
    ...(isInQuote ? { qty: required(fields, "qty") } : {}),
    ...(isSpot && isMarket
      ? { marketUnit: text(fields, "marketUnit") ?? (direction === "buy" ? "quoteCoin" : "baseCoin") }
      : {}),
    ...(request.trigger === undefined
      ? {}
      : { stopOrderType: isSpot && fields["orderFilter"] === "tpslOrder" ? "tpslOrder" : "Stop" }),
    ...(last === undefined ? {} : { lastPriceOnCreated: filters.textOf(market, last) })
  }
  return { market, request: { ...request, clientId, words } }
}
