/**
 * Orders: what one is asked for as, and what becomes of it. Amounts are decimal texts (`Amount`), because orders are money.
 *
 * An order is known by its **client order id**, which we give it before anybody else hears of it; the venue's own id is
 * learnt later and may never be.
 */
import * as Schema from "effect/Schema"
import { Amount } from "./Amount.ts"

export const Side = Schema.Literals(["buy", "sell"])
export type Side = typeof Side.Type

/**
 * `stop` is triggered by a price that moves against the side (a buy above the market, a sell below), `takeProfit` by one
 * that moves with it; once triggered it is a limit order where it has a price, else a market order.
 */
export const Kind = Schema.Literals(["limit", "market", "stop", "takeProfit"])
export type Kind = typeof Kind.Type

/** How long it may rest: until cancelled, not at all (the rest is cancelled), all or nothing; `postOnly` never takes. */
export const TimeInForce = Schema.Literals(["gtc", "ioc", "fok", "postOnly"])
export type TimeInForce = typeof TimeInForce.Type

/**
 * - `sent`: the intent is journalled and on its way; nothing is known of it at the venue.
 * - `unknown`: it may or may not be at the venue; it is being looked up.
 * - `open`: the venue has it, waiting for its trigger or its price, perhaps filled in part.
 * - `filled`, `cancelled` (perhaps filled in part), `expired` (as cancelled, by the venue's own rule), `rejected`: ended.
 */
export const Status = Schema.Literals(["sent", "unknown", "open", "filled", "cancelled", "expired", "rejected"])
export type Status = typeof Status.Type

export const isEnded = (status: Status): boolean =>
  status === "filled" || status === "cancelled" || status === "expired" || status === "rejected"

/** What is asked of a venue. */
export const Request = Schema.Struct({
  /** 1 to 36 of `A-Z a-z 0-9 - _`: what every venue takes. */
  clientOrderId: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9_-]{1,36}$/)),
  /** The venue's spelling. */
  symbol: Schema.String,
  side: Side,
  kind: Kind,
  /** In the unit of the instrument (`sizeUnit`). */
  size: Amount,
  /** Of limit orders, and of triggered ones that become limit orders. */
  price: Schema.optionalKey(Amount),
  /** Of `stop` and `takeProfit`. */
  triggerPrice: Schema.optionalKey(Amount),
  /** Default: `gtc` with a price, `ioc` without. */
  timeInForce: Schema.optionalKey(TimeInForce),
  /** Contracts only: it may only make a position smaller. */
  reduceOnly: Schema.optionalKey(Schema.Boolean)
})
export interface Request extends Schema.Schema.Type<typeof Request> {}

/** A change of an open order; what is absent stays. The size is the whole order's, what is filled included. */
export interface Amendment {
  readonly clientOrderId: string
  readonly symbol: string
  /** Where it is known: venues find by it what they cannot find by ours. */
  readonly venueOrderId?: string
  readonly price?: Amount
  readonly size?: Amount
}

/** Which order is meant. */
export interface Reference {
  readonly symbol: string
  readonly clientOrderId: string
  readonly venueOrderId?: string
}
