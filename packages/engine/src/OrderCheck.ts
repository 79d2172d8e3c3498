/**
 * Whether a request is one that the venue can take: its kind and time in force, and the grid and bounds of the instrument.
 * Pure and exact: all arithmetic is on decimals.
 *
 * Guarantees: a request that passes is in canonical form; one that does not is refused with the bound and the value, and
 * nothing is ever rounded to make it fit.
 */
import { Amount, type Instrument, type Order, type Trading } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import { InvalidOrder } from "./Refusal.ts"

export interface CheckedOrder {
  readonly request: Omit<Order.Request, "clientOrderId">
  readonly size: BigDecimal.BigDecimal
  readonly price: BigDecimal.BigDecimal | undefined
  readonly triggerPrice: BigDecimal.BigDecimal | undefined
}

type Given = Omit<Order.Request, "clientOrderId">

const zero = BigDecimal.make(0n, 0)

const invalid = (message: string) => new InvalidOrder({ message })

export const check = (
  given: Given,
  instrument: Instrument.Instrument,
  capabilities: Trading.TradingCapabilities
): CheckedOrder | InvalidOrder => {
  if (instrument.status !== "trading")
    return invalid(`${instrument.symbol} does not trade: it is ${instrument.status}.`)
  const size = Amount.read(given.size)
  const price = given.price === undefined ? undefined : Amount.read(given.price)
  const triggerPrice = given.triggerPrice === undefined ? undefined : Amount.read(given.triggerPrice)
  const problem =
    shapeProblem(given, instrument, capabilities) ??
    (size === undefined
      ? `size ${given.size} is no number`
      : sizeProblem(size, instrument, given.price === undefined)) ??
    priceProblem("price", given.price, price, instrument) ??
    priceProblem("trigger price", given.triggerPrice, triggerPrice, instrument)
  if (problem !== undefined || size === undefined) return invalid(`${instrument.symbol}: ${problem}.`)
  const request: Given = {
    ...given,
    size: Amount.write(size),
    ...(price === undefined ? {} : { price: Amount.write(price) }),
    ...(triggerPrice === undefined ? {} : { triggerPrice: Amount.write(triggerPrice) })
  }
  return { request, size, price, triggerPrice }
}

/** What a size at a price is worth, in the quote asset; of inverse contracts the price does not matter. */
export const notional = (
  instrument: Instrument.Instrument,
  size: BigDecimal.BigDecimal,
  price: BigDecimal.BigDecimal
): BigDecimal.BigDecimal => {
  const units = BigDecimal.multiply(size, Amount.read(instrument.contractSize) ?? BigDecimal.make(1n, 0))
  return instrument.sizeUnit === "quote" ? units : BigDecimal.multiply(units, price)
}

/** An order below the least that the venue takes; reduce-only orders have no least. */
export const notionalProblem = (
  instrument: Instrument.Instrument,
  order: CheckedOrder,
  price: BigDecimal.BigDecimal
): InvalidOrder | undefined => {
  const least = amountOf(instrument.minNotional)
  if (least === undefined || order.request.reduceOnly === true) return undefined
  const worth = notional(instrument, order.size, price)
  return BigDecimal.isLessThan(worth, least)
    ? invalid(`${instrument.symbol}: ${Amount.write(worth)} is below the least notional, ${Amount.write(least)}.`)
    : undefined
}

const isPriced = (kind: Order.Kind): boolean => kind === "limit"
const isTriggered = (kind: Order.Kind): boolean => kind === "stop" || kind === "takeProfit"

const shapeProblem = (
  given: Given,
  instrument: Instrument.Instrument,
  capabilities: Trading.TradingCapabilities
): string | undefined => {
  const { kind, price, reduceOnly, timeInForce, triggerPrice } = given
  if (!capabilities.kinds.includes(kind)) return `${instrument.venue} takes no ${kind} orders`
  if (timeInForce !== undefined && !capabilities.timesInForce.includes(timeInForce)) {
    return `${instrument.venue} takes no ${timeInForce} orders`
  }
  if (isPriced(kind) && price === undefined) return `a ${kind} order needs a price`
  if (kind === "market" && price !== undefined) return "a market order has no price"
  if (isTriggered(kind) && triggerPrice === undefined) return `a ${kind} order needs a trigger price`
  if (!isTriggered(kind) && triggerPrice !== undefined) return `a ${kind} order has no trigger price`
  if (timeInForce === "postOnly" && kind !== "limit") return `a ${kind} order cannot be postOnly`
  if (price === undefined && timeInForce === "gtc") return "an order without a price cannot rest"
  if (reduceOnly === true && (!capabilities.reduceOnly || instrument.kind === "spot")) {
    return `${instrument.venue} takes no reduce-only orders here`
  }
  return undefined
}

const sizeProblem = (
  size: BigDecimal.BigDecimal,
  instrument: Instrument.Instrument,
  isMarket: boolean
): string | undefined => {
  const rules = instrument.orderRules
  const market = isMarket ? rules?.market : undefined
  const least = amountOf(market?.minSize ?? rules?.minSize)
  const most = amountOf(market?.maxSize ?? rules?.maxSize)
  const lot = amountOf(market?.lotSize) ?? amountOf(instrument.lotSize)
  const text = Amount.write(size)
  if (!BigDecimal.isPositive(size)) return `size ${text} is not above 0`
  if (least !== undefined && BigDecimal.isLessThan(size, least)) return `size ${text} is below ${Amount.write(least)}`
  if (most !== undefined && BigDecimal.isGreaterThan(size, most)) return `size ${text} is above ${Amount.write(most)}`
  return isOnGrid(size, lot, amountOf(rules?.sizeOrigin) ?? zero)
    ? undefined
    : `size ${text} is not in lots of ${Amount.write(lot ?? zero)}${from(rules?.sizeOrigin)}`
}

const priceProblem = (
  name: string,
  given: string | undefined,
  price: BigDecimal.BigDecimal | undefined,
  instrument: Instrument.Instrument
): string | undefined => {
  if (given === undefined) return undefined
  if (price === undefined) return `${name} ${given} is no number`
  const rules = instrument.orderRules
  const [least, most] = [amountOf(rules?.minPrice), amountOf(rules?.maxPrice)]
  const tick = amountOf(instrument.tickSize)
  const text = Amount.write(price)
  if (!BigDecimal.isPositive(price)) return `${name} ${text} is not above 0`
  if (least !== undefined && BigDecimal.isLessThan(price, least))
    return `${name} ${text} is below ${Amount.write(least)}`
  if (most !== undefined && BigDecimal.isGreaterThan(price, most))
    return `${name} ${text} is above ${Amount.write(most)}`
  return isOnGrid(price, tick, amountOf(rules?.priceOrigin) ?? zero)
    ? undefined
    : `${name} ${text} is not in ticks of ${Amount.write(tick ?? zero)}${from(rules?.priceOrigin)}`
}

/** A bound of zero is none. */
const amountOf = (text: string | undefined): BigDecimal.BigDecimal | undefined => {
  const amount = text === undefined ? undefined : Amount.read(text)
  return amount === undefined || BigDecimal.isZero(amount) ? undefined : amount
}

const isOnGrid = (
  value: BigDecimal.BigDecimal,
  step: BigDecimal.BigDecimal | undefined,
  origin: BigDecimal.BigDecimal
): boolean =>
  step === undefined || BigDecimal.isZero(BigDecimal.remainderUnsafe(BigDecimal.subtract(value, origin), step))

const from = (origin: string | undefined): string => {
  const amount = amountOf(origin)
  return amount === undefined ? "" : ` from ${Amount.write(amount)}`
}
