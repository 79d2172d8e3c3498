/**
 * How orders are said to the venue and by it: kinds and times in force as data, both ways.
 * Source: docs/venues/binance.md, "Orders".
 */
import type { Order } from "@tidewire/core"

/** The venue's name of a kind, with a price and without. */
interface TypeNames {
  readonly priced: string | undefined
  readonly unpriced: string | undefined
}

export const spotTypes: Readonly<Record<Order.Kind, TypeNames>> = {
  limit: { priced: "LIMIT", unpriced: undefined },
  market: { priced: undefined, unpriced: "MARKET" },
  stop: { priced: "STOP_LOSS_LIMIT", unpriced: "STOP_LOSS" },
  takeProfit: { priced: "TAKE_PROFIT_LIMIT", unpriced: "TAKE_PROFIT" }
}

export const usdmTypes: Readonly<Record<Order.Kind, TypeNames>> = {
  limit: { priced: "LIMIT", unpriced: undefined },
  market: { priced: undefined, unpriced: "MARKET" },
  stop: { priced: "STOP", unpriced: "STOP_MARKET" },
  takeProfit: { priced: "TAKE_PROFIT", unpriced: "TAKE_PROFIT_MARKET" }
}

/** Spot has no post-only time in force, but a type. */
export const SPOT_POST_ONLY = "LIMIT_MAKER"

const kinds: Readonly<Record<string, Order.Kind>> = {
  LIMIT: "limit",
  LIMIT_MAKER: "limit",
  MARKET: "market",
  STOP_LOSS: "stop",
  STOP_LOSS_LIMIT: "stop",
  STOP: "stop",
  STOP_MARKET: "stop",
  TRAILING_STOP_MARKET: "stop",
  TAKE_PROFIT: "takeProfit",
  TAKE_PROFIT_LIMIT: "takeProfit",
  TAKE_PROFIT_MARKET: "takeProfit"
}

/** A type that is not known here is told by its price, which every order that may rest has. */
export const kindOf = (type: string, hasPrice: boolean): Order.Kind => kinds[type] ?? (hasPrice ? "limit" : "market")

export const spotTimes: Readonly<Record<Order.TimeInForce, string | undefined>> = {
  gtc: "GTC",
  ioc: "IOC",
  fok: "FOK",
  postOnly: undefined
}

export const usdmTimes: Readonly<Record<Order.TimeInForce, string>> = {
  gtc: "GTC",
  ioc: "IOC",
  fok: "FOK",
  postOnly: "GTX"
}

const times: Readonly<Record<string, Order.TimeInForce>> = { GTC: "gtc", IOC: "ioc", FOK: "fok", GTX: "postOnly" }

/** Orders without a price never rest, whatever the venue writes; what we have no word for is left out. */
export const timeOf = (type: string, time: string, hasPrice: boolean): Order.TimeInForce | undefined => {
  if (type === SPOT_POST_ONLY) return "postOnly"
  return hasPrice ? times[time] : undefined
}

const statuses: Readonly<Record<string, Order.Status>> = {
  NEW: "open",
  PENDING_NEW: "open",
  PARTIALLY_FILLED: "open",
  PENDING_CANCEL: "open",
  FILLED: "filled",
  CANCELED: "cancelled",
  REJECTED: "rejected",
  EXPIRED: "expired",
  EXPIRED_IN_MATCH: "expired"
}

/** `undefined` for a status that is not known here. */
export const statusOf = (status: string): Order.Status | undefined => statuses[status]

/** Why futures expired an order, by `er`. */
const expiries: Readonly<Record<string, string>> = {
  "1": "self-trade prevention",
  "2": "the rest of an ioc order",
  "3": "an ioc order met an order of its own account",
  "4": "reduce-only orders would have been more than the position",
  "5": "liquidation",
  "6": "a condition of its time in force was not met",
  "7": "the contract is delisted",
  "8": "triggered: its order follows, or was refused",
  "9": "the rest of a market order"
}

export const expiryOf = (code: string): string | undefined => expiries[code]
