/**
 * How orders are said to the venue and by it: words as data, both ways.
 * Source: docs/venues/bybit.md, "Orders".
 */
import type { Order } from "@tidewire/core"

export const sides: Readonly<Record<Order.Side, string>> = { buy: "Buy", sell: "Sell" }

export const times: Readonly<Record<Order.TimeInForce, string>> = {
  gtc: "GTC",
  ioc: "IOC",
  fok: "FOK",
  postOnly: "PostOnly"
}

const timesTold: Readonly<Record<string, Order.TimeInForce>> = {
  GTC: "gtc",
  IOC: "ioc",
  FOK: "fok",
  PostOnly: "postOnly"
}

/** Orders without a price never rest, whatever the venue writes; what we have no word for is left out. */
export const timeOf = (time: string, hasPrice: boolean): Order.TimeInForce | undefined =>
  hasPrice ? timesTold[time] : undefined

const RISES = 1
const FALLS = 2

/** Where the price goes that triggers it. */
export const direction = (kind: Order.Kind, side: Order.Side): 1 | 2 => {
  const isStop = kind === "stop"
  return isStop === (side === "buy") ? RISES : FALLS
}

/** One that waits for a direction that is not told is a stop. */
export const kindOf = (
  {
    hasPrice,
    triggerDirection,
    waits
  }: {
    readonly hasPrice: boolean
    readonly waits: boolean
    readonly triggerDirection: number | undefined
  },
  side: Order.Side
): Order.Kind => {
  if (!waits) return hasPrice ? "limit" : "market"
  return triggerDirection === direction("takeProfit", side) ? "takeProfit" : "stop"
}

const statuses: Readonly<Record<string, Order.Status>> = {
  Created: "open",
  New: "open",
  PartiallyFilled: "open",
  Untriggered: "open",
  Triggered: "open",
  Active: "open",
  PendingCancel: "open",
  Filled: "filled",
  Rejected: "rejected",
  Cancelled: "cancelled",
  PartiallyFilledCanceled: "cancelled",
  Deactivated: "cancelled"
}

/** What says that somebody asked for it, or that nothing is said. */
const byRequest: ReadonlySet<string> = new Set([
  "",
  "UNKNOWN",
  "CancelByUser",
  "CancelByAdmin",
  "EC_NoError",
  "EC_PerCancelRequest"
])

interface Ended {
  readonly orderStatus: string
  readonly cancelType?: string
  readonly rejectReason?: string
}

/** `undefined` for a status that is not known here. What was cancelled by the venue's own rule has expired. */
export const statusOf = ({ cancelType = "", orderStatus, rejectReason = "" }: Ended): Order.Status | undefined => {
  const status = statuses[orderStatus]
  const isAsked = byRequest.has(cancelType) && byRequest.has(rejectReason)
  return status === "cancelled" && !isAsked ? "expired" : status
}

/** Why it was rejected or cancelled; nothing of one that is filled, which a cancel that raced it may have spoilt. */
export const reasonOf = (status: Order.Status, { cancelType = "", rejectReason = "" }: Ended): string | undefined => {
  if (status === "open" || status === "filled") return undefined
  return [rejectReason, cancelType].find((each) => !byRequest.has(each))
}
