/**
 * The venue's answers to requests that are not right or cannot be done. Source: docs/venues/bybit.md; Bybit v5 docs,
 * "Error Codes".
 */
import { Refusal, type RefusalReason } from "../../account/Refusal.ts"
import type { Category } from "../category.ts"
import { ApiFailure } from "../failure.ts"

export const badKey = (): ApiFailure => new ApiFailure(10_003, "API key is invalid.")

export const badSignature = (text: string): ApiFailure => new ApiFailure(10_004, `error sign! origin_string[${text}]`)

export const badTime = (given: string, now: number, window: string): ApiFailure =>
  new ApiFailure(
    10_002,
    `invalid request, please check your server timestamp or recv_window param. req_timestamp[${given}],server_timestamp[${Math.floor(now)}],recv_window[${window}]`
  )

export const tooManyVisits = (): ApiFailure => new ApiFailure(10_006, "Too many visits!")

export const serverError = (): ApiFailure => new ApiFailure(10_016, "Server error.")

export const noOrder = (category: Category): ApiFailure =>
  category === "spot"
    ? new ApiFailure(170_213, "Order does not exist.")
    : new ApiFailure(110_001, "order not exists or too late to cancel")

export const duplicateId = (category: Category): ApiFailure =>
  category === "spot"
    ? new ApiFailure(170_141, "Duplicate clientOrderId")
    : new ApiFailure(110_072, "OrderLinkedID is duplicate")

type Told = readonly [code: number, msg: string]

const futures: Readonly<Record<RefusalReason, Told>> = {
  funds: [110_007, "ab not enough for new order"],
  wouldTake: [170_218, "The LIMIT-MAKER order is rejected due to invalid price."],
  wouldTrigger: [110_092, "expect Rising, but trigger_price <= current"],
  fokUnfilled: [110_017, "order can not be filled immediately"],
  reduceOnly: [110_017, "current position is zero, cannot fix reduce-only order qty"],
  tooManyOrders: [110_020, "You're not allowed to have more than 500 active orders."],
  duplicateClientId: [110_072, "OrderLinkedID is duplicate"],
  notOpen: [110_001, "order not exists or too late to cancel"],
  unchanged: [10_001, "order not modified"]
}

const spot: Readonly<Record<RefusalReason, Told>> = {
  ...futures,
  funds: [170_131, "Insufficient balance."],
  wouldTrigger: [170_210, "New order rejected."],
  duplicateClientId: [170_141, "Duplicate clientOrderId"],
  notOpen: [170_213, "Order does not exist."]
}

/** The venue's failure for what the floor refused; other causes stay what they are. */
export const translated = (category: Category, cause: unknown): unknown => {
  if (!(cause instanceof Refusal)) return cause
  const [code, msg] = (category === "spot" ? spot : futures)[cause.reason]
  return new ApiFailure(code, msg)
}
