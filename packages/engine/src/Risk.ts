/**
 * Whether an order may be sent: pure functions of the limits and of how things stand (`Situation`).
 *
 * Guarantees: whatever passes leaves every limit kept, even if all open orders of its side filled; a value that is not known
 * (no price, no balance) does not pass. An order that can only make a position smaller is not held up by notional, position,
 * daily loss or the number of open orders. Every refusal names the limit and the value.
 */
import { Amount, type Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { Limit, Limits } from "./Limits.ts"
import { type CheckedOrder, notional } from "./OrderCheck.ts"
import { RiskLimit } from "./Refusal.ts"

export interface Situation {
  readonly instrument: Instrument.Instrument
  /** The best prices of the live book; `undefined` while it is not live. */
  readonly best: { readonly bid: BigDecimal.BigDecimal; readonly ask: BigDecimal.BigDecimal } | undefined
  /** Signed, in the unit of the instrument; of spot what the account has of the base. */
  readonly position: BigDecimal.BigDecimal
  /** What may still be filled of other orders on this instrument and side. */
  readonly openOnSide: BigDecimal.BigDecimal
  /** Orders that have not ended, of all venues, without this one. */
  readonly openOrders: number
  /** Of today; `undefined` when nobody counts it. */
  readonly dailyPnl: BigDecimal.BigDecimal | undefined
  /** Spot: what is free of the asset that the order needs; `undefined` when it is not known. */
  readonly free: BigDecimal.BigDecimal | undefined
  /** Orders in the last second and in the last minute, without this one. */
  readonly rate: { readonly second: number; readonly minute: number }
}

const zero = BigDecimal.make(0n, 0)
const one = BigDecimal.make(1n, 0)

const refuse = (limit: RiskLimit["limit"], message: string) => new RiskLimit({ limit, message })

export const check = (limits: Limits, order: CheckedOrder, situation: Situation): RiskLimit | undefined => {
  const { instrument } = situation
  const name = `${instrument.venue}:${instrument.symbol}`
  if (!limits.instruments.some((pattern) => matches(pattern, name))) {
    return refuse("instrument", `${name} is not among the instruments that may be traded.`)
  }
  const particular = limits.overrides.find((each) => matches(each.match, name))
  const price = priceOf(order, situation)
  const shrinks = onlyShrinks(order, situation)
  return (
    rateProblem(limits, situation) ??
    bandProblem(particular?.priceBand ?? limits.priceBand, limits.requireLiveBook, order, situation) ??
    (shrinks
      ? undefined
      : (openOrdersProblem(limits, situation) ??
        lossProblem(limits.maxDailyLoss, situation) ??
        notionalProblem(particular?.maxNotional ?? limits.maxNotional, order, price, situation) ??
        positionProblem(
          particular?.maxPosition ?? limits.maxPosition,
          order,
          positionPriceOf(order, situation),
          situation
        ))) ??
    (limits.checkBalance && instrument.kind === "spot" ? balanceProblem(order, price, situation) : undefined)
  )
}

/** What one unit of it may cost at the most: its own price or trigger; a sell may be filled at better ones. */
export const priceOf = (order: CheckedOrder, { best }: Situation): BigDecimal.BigDecimal | undefined => {
  const own = order.price ?? order.triggerPrice
  if (order.request.side === "buy") return own ?? best?.ask
  return own === undefined || best === undefined ? (own ?? best?.bid) : BigDecimal.max(own, best.bid)
}

/** What one unit of the position is worth at the most: an order far below the market does not make it worth less. */
const positionPriceOf = (order: CheckedOrder, situation: Situation): BigDecimal.BigDecimal | undefined => {
  const own = priceOf(order, situation)
  return own === undefined || situation.best === undefined ? own : BigDecimal.max(own, situation.best.ask)
}

/** Reduce-only, against a position that it cannot turn over even with all others of its side. */
const onlyShrinks = (order: CheckedOrder, { openOnSide, position }: Situation): boolean => {
  if (order.request.reduceOnly !== true) return false
  const isAgainst = order.request.side === "buy" ? BigDecimal.isNegative(position) : BigDecimal.isPositive(position)
  return isAgainst && BigDecimal.isLessThanOrEqualTo(BigDecimal.sum(openOnSide, order.size), BigDecimal.abs(position))
}

const rateProblem = (limits: Limits, { rate }: Situation): RiskLimit | undefined => {
  if (rate.second >= limits.maxOrdersPerSecond) {
    return refuse("orderRate", `${rate.second} orders in the last second, ${limits.maxOrdersPerSecond} allowed.`)
  }
  if (rate.minute >= limits.maxOrdersPerMinute) {
    return refuse("orderRate", `${rate.minute} orders in the last minute, ${limits.maxOrdersPerMinute} allowed.`)
  }
  return undefined
}

const openOrdersProblem = (limits: Limits, { openOrders }: Situation): RiskLimit | undefined =>
  openOrders >= limits.maxOpenOrders
    ? refuse("openOrders", `${openOrders} orders are open, ${limits.maxOpenOrders} allowed.`)
    : undefined

const bandProblem = (
  limit: Limit,
  requireLiveBook: boolean,
  order: CheckedOrder,
  { best, instrument }: Situation
): RiskLimit | undefined => {
  if (best === undefined) {
    return requireLiveBook ? refuse("priceBand", `The book of ${instrument.symbol} is not live.`) : undefined
  }
  const band = amountOf(limit)
  const { price, request } = order
  if (band === undefined || price === undefined) return undefined
  // what is triggered later is measured against where it is triggered
  const reference = order.triggerPrice ?? (request.side === "buy" ? best.ask : best.bid)
  const isBuy = request.side === "buy"
  const share = isBuy ? BigDecimal.sum(one, band) : BigDecimal.subtract(one, band)
  const bound = BigDecimal.multiply(reference, share)
  const isBeyond = isBuy ? BigDecimal.isGreaterThan(price, bound) : BigDecimal.isLessThan(price, bound)
  const than = isBuy ? "above" : "below"
  return isBeyond
    ? refuse("priceBand", `${text(price)} is ${than} ${text(bound)}, ${limit} from the best price.`)
    : undefined
}

const notionalProblem = (
  limit: Limit,
  order: CheckedOrder,
  price: BigDecimal.BigDecimal | undefined,
  { instrument }: Situation
): RiskLimit | undefined => {
  const most = amountOf(limit)
  if (most === undefined) return undefined
  const worth = worthOf(instrument, order.size, price)
  if (worth === undefined)
    return refuse("notional", `What the order is worth is not known: ${instrument.symbol} has no price.`)
  return BigDecimal.isGreaterThan(worth, most)
    ? refuse("notional", `The order is worth ${text(worth)} ${instrument.quote}, ${limit} allowed.`)
    : undefined
}

/** The position if all open orders of this side filled, and this one; what leads towards zero always passes. */
const positionProblem = (
  limit: Limit,
  order: CheckedOrder,
  price: BigDecimal.BigDecimal | undefined,
  { instrument, openOnSide, position }: Situation
): RiskLimit | undefined => {
  const most = amountOf(limit)
  if (most === undefined) return undefined
  const change = BigDecimal.sum(openOnSide, order.size)
  const signed = order.request.side === "buy" ? position : BigDecimal.negate(position)
  const after = BigDecimal.sum(signed, change)
  if (!BigDecimal.isPositive(after)) return undefined
  const worth = worthOf(instrument, after, price)
  if (worth === undefined)
    return refuse("position", `What the position is worth is not known: ${instrument.symbol} has no price.`)
  const size = order.request.side === "buy" ? text(after) : text(BigDecimal.negate(after))
  return BigDecimal.isGreaterThan(worth, most)
    ? refuse("position", `The position may become ${size}, ${text(worth)} ${instrument.quote}, ${limit} allowed.`)
    : undefined
}

const lossProblem = (limit: Limit, { dailyPnl }: Situation): RiskLimit | undefined => {
  const most = amountOf(limit)
  if (most === undefined || dailyPnl === undefined) return undefined
  return BigDecimal.isLessThanOrEqualTo(dailyPnl, BigDecimal.negate(most))
    ? refuse("dailyLoss", `${text(BigDecimal.negate(dailyPnl))} lost today, ${limit} allowed.`)
    : undefined
}

const balanceProblem = (
  order: CheckedOrder,
  price: BigDecimal.BigDecimal | undefined,
  { free, instrument }: Situation
): RiskLimit | undefined => {
  const isBuy = order.request.side === "buy"
  const asset = isBuy ? instrument.quote : instrument.base
  const needed = isBuy ? worthOf(instrument, order.size, price) : order.size
  if (needed === undefined)
    return refuse("balance", `What the order needs is not known: ${instrument.symbol} has no price.`)
  if (free === undefined) return refuse("balance", `What is free of ${asset} is not known.`)
  return BigDecimal.isGreaterThan(needed, free)
    ? refuse("balance", `${text(needed)} ${asset} are needed, ${text(BigDecimal.max(zero, free))} are free.`)
    : undefined
}

const worthOf = (
  instrument: Instrument.Instrument,
  size: BigDecimal.BigDecimal,
  price: BigDecimal.BigDecimal | undefined
): BigDecimal.BigDecimal | undefined =>
  price === undefined && instrument.sizeUnit !== "quote" ? undefined : notional(instrument, size, price ?? zero)

const text = Amount.write

const amountOf = (limit: Limit): BigDecimal.BigDecimal | undefined =>
  limit === "none" ? undefined : Amount.read(limit)

const expressions = new Map<string, RegExp>()

/** Patterns come from the configuration alone, so they are few. */
const matches = (pattern: string, name: string): boolean => {
  if (pattern === "*") return true
  let expression = expressions.get(pattern)
  if (expression === undefined) {
    const literals = pattern.split("*").map((each) => each.replace(/[.+?^${}()|[\]\\/]/g, "\\$&"))
    expression = new RegExp(`^${literals.join(".*")}$`, "iu")
    expressions.set(pattern, expression)
  }
  return expression.test(name)
}
