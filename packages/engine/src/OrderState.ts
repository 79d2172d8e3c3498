/**
 * What is known of one order: everything that was heard of it, joined. Pure.
 *
 * Guarantees: the state is the same in whatever order and however often its inputs come, because each of them is joined with
 * the rest by a rule that does not look at who came first. What is filled never shrinks; an end that the venue told stays, and
 * all that can follow is a better one (`cancelled` becomes `filled` when late fills complete it). Only what was concluded
 * without a word of the venue gives way to its word: that an order was never placed (its request failed, or it was not found).
 * Fills are counted once by their ids. An order has ended only by the venue's word: fills alone end nothing.
 */
import { Amount, Order, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"

export interface Intent {
  readonly time: number
  readonly venue: string
  /** Empty for none. */
  readonly strategy: string
  readonly request: Order.Request
}

/** `time` is always ours, epoch ms. */
export type Input =
  | { readonly _tag: "Intent"; readonly intent: Intent }
  /** The venue has taken the request in. */
  | { readonly _tag: "Accepted"; readonly time: number; readonly venueOrderId?: string }
  /** The request has certainly not been carried out. */
  | { readonly _tag: "Refused"; readonly time: number; readonly reason: string }
  | { readonly _tag: "OutcomeUnknown"; readonly time: number; readonly reason: string }
  /** Told by the stream, found by a look-up, or among the open orders. */
  | { readonly _tag: "Report"; readonly order: PrivateEvent.Order }
  | { readonly _tag: "Fill"; readonly fill: PrivateEvent.Fill }
  | { readonly _tag: "CancelRequested"; readonly time: number }
  /** The venue says that there is no such order; `time` is when it was asked, and long enough after the request. */
  | { readonly _tag: "NotFound"; readonly time: number }

interface Stamped {
  readonly time: number
  readonly reason: string
}

export interface OrderState {
  readonly clientOrderId: string
  readonly intent: Intent | undefined
  readonly venueOrderId: string | undefined
  /** When it was known to be at the venue, not ended, last. */
  readonly seenAt: number | undefined
  readonly refusal: Stamped | undefined
  readonly doubt: Stamped | undefined
  /** When it was asked for last and not found. */
  readonly absentAt: number | undefined
  readonly cancelRequestedAt: number | undefined
  /** Of all reports the one that says most: an end before what is open, then the venue's latest. */
  readonly latest: PrivateEvent.Order | undefined
  /** Of the ends that were told the one that says most. */
  readonly end: PrivateEvent.Order | undefined
  /** Of all reports that tell an average price the one that is filled most. */
  readonly averaged: PrivateEvent.Order | undefined
  /** The most that a report says is filled. */
  readonly reported: BigDecimal.BigDecimal
  readonly fillIds: ReadonlySet<string>
  readonly fillSize: BigDecimal.BigDecimal
  /** Sum of price times size. */
  readonly fillValue: BigDecimal.BigDecimal
  readonly exchangeTime: number | undefined
  readonly receivedTime: number
}

const zero = BigDecimal.make(0n, 0)

/** Digits of an average price beyond those of the fills' prices and sizes. */
const AVERAGE_DIGITS = 8

const numberOf = (text: Amount.Amount): BigDecimal.BigDecimal => Amount.read(text) ?? zero

export const make = (clientOrderId: string): OrderState => ({
  clientOrderId,
  intent: undefined,
  venueOrderId: undefined,
  seenAt: undefined,
  refusal: undefined,
  doubt: undefined,
  absentAt: undefined,
  cancelRequestedAt: undefined,
  latest: undefined,
  end: undefined,
  averaged: undefined,
  reported: zero,
  fillIds: new Set(),
  fillSize: zero,
  fillValue: zero,
  exchangeTime: undefined,
  receivedTime: 0
})

export const next = (state: OrderState, input: Input): OrderState => {
  switch (input._tag) {
    case "Intent":
      return { ...at(state, input.intent.time), intent: state.intent ?? input.intent }
    case "Accepted":
      return {
        ...at(state, input.time),
        seenAt: latest(state.seenAt, input.time),
        venueOrderId: state.venueOrderId ?? input.venueOrderId
      }
    case "Refused":
      return { ...at(state, input.time), refusal: first(state.refusal, input) }
    case "OutcomeUnknown":
      return { ...at(state, input.time), doubt: first(state.doubt, input) }
    case "CancelRequested":
      return { ...at(state, input.time), cancelRequestedAt: latest(state.cancelRequestedAt, input.time) }
    case "NotFound":
      return { ...at(state, input.time), absentAt: latest(state.absentAt, input.time) }
    case "Fill":
      return filledBy(state, input.fill)
    case "Report":
      return reportedBy(state, input.order)
  }
}

const at = (state: OrderState, time: number, exchangeTime?: number): OrderState => ({
  ...state,
  receivedTime: Math.max(state.receivedTime, time),
  exchangeTime: exchangeTime === undefined ? state.exchangeTime : latest(state.exchangeTime, exchangeTime)
})

const latest = (known: number | undefined, time: number): number => (known === undefined ? time : Math.max(known, time))

/** The earlier of two; of one moment the one whose text comes first, so that it does not matter which was heard first. */
const first = (known: Stamped | undefined, { reason, time }: Stamped): Stamped =>
  known === undefined || time < known.time || (time === known.time && reason < known.reason) ? { time, reason } : known

const filledBy = (state: OrderState, fill: PrivateEvent.Fill): OrderState => {
  if (state.fillIds.has(fill.id)) return state
  const size = numberOf(fill.size)
  return {
    ...at(state, fill.receivedTime, fill.exchangeTime),
    venueOrderId: state.venueOrderId ?? fill.venueOrderId,
    fillIds: new Set(state.fillIds).add(fill.id),
    fillSize: BigDecimal.sum(state.fillSize, size),
    fillValue: BigDecimal.sum(state.fillValue, BigDecimal.multiply(size, numberOf(fill.price)))
  }
}

const reportedBy = (state: OrderState, order: PrivateEvent.Order): OrderState => {
  const stamped = {
    ...at(state, order.receivedTime, order.exchangeTime),
    venueOrderId: state.venueOrderId ?? order.venueOrderId
  }
  if (order.status === "sent") return stamped
  if (order.status === "unknown") {
    return { ...stamped, doubt: first(state.doubt, { time: order.receivedTime, reason: order.reason ?? "unknown" }) }
  }
  const isEnd = Order.isEnded(order.status)
  const filled = numberOf(order.filled)
  return {
    ...stamped,
    seenAt: isEnd ? state.seenAt : latest(state.seenAt, order.receivedTime),
    latest: better(state.latest, order, saysMore),
    end: isEnd ? better(state.end, order, endsBetter) : state.end,
    averaged: order.averagePrice === undefined ? state.averaged : better(state.averaged, order, isFilledMore),
    reported: BigDecimal.max(state.reported, filled)
  }
}

type Compare = (left: PrivateEvent.Order, right: PrivateEvent.Order) => number

const better = (known: PrivateEvent.Order | undefined, order: PrivateEvent.Order, compare: Compare) =>
  known === undefined || compare(known, order) < 0 ? order : known

const endRanks: Partial<Record<Order.Status, number>> = { rejected: 1, expired: 2, cancelled: 3, filled: 4 }
const endRank = (order: PrivateEvent.Order): number => endRanks[order.status] ?? 0
const stampOf = (order: PrivateEvent.Order): number => order.exchangeTime ?? order.receivedTime
const byText: Compare = (left, right) => {
  const [leftText, rightText] = [JSON.stringify(left), JSON.stringify(right)]
  return leftText < rightText ? -1 : leftText > rightText ? 1 : 0
}
const isFilledMore: Compare = (left, right) =>
  BigDecimal.Order(numberOf(left.filled), numberOf(right.filled)) || byText(left, right)
const endsBetter: Compare = (left, right) =>
  endRank(left) - endRank(right) || stampOf(left) - stampOf(right) || isFilledMore(left, right)
const saysMore: Compare = (left, right) =>
  Math.min(1, endRank(left)) - Math.min(1, endRank(right)) ||
  stampOf(left) - stampOf(right) ||
  isFilledMore(left, right)

/** That the venue has or had it, by its own word. */
const isKnownToVenue = (state: OrderState): boolean =>
  state.seenAt !== undefined ||
  (state.latest !== undefined && state.latest.status !== "rejected") ||
  !BigDecimal.isZero(state.fillSize)

/** Its whole size, as amended: what the venue says, else what was asked for. */
export const size = (state: OrderState): BigDecimal.BigDecimal =>
  numberOf(state.latest?.size ?? state.intent?.request.size ?? "0")

export const filled = (state: OrderState): BigDecimal.BigDecimal => BigDecimal.max(state.reported, state.fillSize)

/** What the venue says is filled and no fill has told: it is to be asked for. Zero or more. */
export const missing = (state: OrderState): BigDecimal.BigDecimal =>
  BigDecimal.max(zero, BigDecimal.subtract(state.reported, state.fillSize))

/** What may still be filled; zero when it has ended. */
export const remaining = (state: OrderState): BigDecimal.BigDecimal =>
  Order.isEnded(status(state).status) ? zero : BigDecimal.max(zero, BigDecimal.subtract(size(state), filled(state)))

export const isEnded = (state: OrderState): boolean => Order.isEnded(status(state).status)

interface Standing {
  readonly status: Order.Status
  readonly reason?: string | undefined
}

export const status = (state: OrderState): Standing => {
  if (state.end !== undefined) return ended(state, state.end)
  if (isKnownToVenue(state)) {
    const isGone = state.absentAt !== undefined && state.absentAt > (state.seenAt ?? 0)
    return isGone ? ended(state, undefined) : { status: "open" }
  }
  if (state.refusal !== undefined) return { status: "rejected", reason: state.refusal.reason }
  if (state.absentAt !== undefined) return { status: "rejected", reason: "never placed: the venue does not know it" }
  return state.doubt === undefined ? { status: "sent" } : { status: "unknown", reason: state.doubt.reason }
}

/** An order that has ended: filled only with its whole size; rejected only when nothing is. */
const ended = (state: OrderState, end: PrivateEvent.Order | undefined): Standing => {
  const done = filled(state)
  const whole = size(state)
  if (!BigDecimal.isZero(whole) && BigDecimal.isGreaterThanOrEqualTo(done, whole)) return { status: "filled" }
  if (end === undefined) return { status: "cancelled", reason: "the venue knows it no more" }
  if (end.status === "filled") {
    const reason = `the venue calls it filled with ${Amount.write(done)} of ${Amount.write(whole)}`
    return { status: "cancelled", reason: end.reason ?? reason }
  }
  const isPartial = end.status === "rejected" && !BigDecimal.isZero(done)
  return { status: isPartial ? "cancelled" : end.status, reason: end.reason }
}

const averagePrice = (state: OrderState): Amount.Amount | undefined => {
  if (!BigDecimal.isZero(state.fillSize) && BigDecimal.isZero(missing(state))) {
    const digits = Math.max(state.fillValue.scale, 0) + AVERAGE_DIGITS
    const average = BigDecimal.divideUnsafe(state.fillValue, state.fillSize)
    return Amount.write(BigDecimal.round(average, { scale: digits }))
  }
  return state.averaged?.averagePrice
}

/** The order as it stands now; `undefined` while nothing says what it is (only fills, or only the answer to a request). */
export const view = (state: OrderState): PrivateEvent.Order | undefined => {
  const identity = state.intent?.request ?? state.latest
  if (identity === undefined) return undefined
  const told = state.latest ?? identity
  const standing = status(state)
  const average = averagePrice(state)
  const kept = {
    ...defined("price", told.price),
    ...defined("triggerPrice", told.triggerPrice ?? identity.triggerPrice),
    ...defined("timeInForce", identity.timeInForce),
    ...defined("reduceOnly", identity.reduceOnly)
  }
  return {
    type: "order",
    venue: state.intent?.venue ?? state.latest?.venue ?? "",
    ...defined("exchangeTime", state.exchangeTime),
    receivedTime: state.receivedTime,
    symbol: identity.symbol,
    clientOrderId: state.clientOrderId,
    ...defined("venueOrderId", state.venueOrderId),
    side: identity.side,
    kind: identity.kind,
    size: told.size,
    ...kept,
    status: standing.status,
    filled: Amount.write(filled(state)),
    ...defined("averagePrice", average),
    ...defined("reason", standing.reason),
    ...defined("strategy", state.intent?.strategy === "" ? undefined : state.intent?.strategy)
  }
}

const defined = <K extends string, A>(key: K, value: A | undefined): { readonly [P in K]?: A } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: A })
