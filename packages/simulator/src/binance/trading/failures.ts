/**
 * The venue's answers to requests that are not right or cannot be done. Source: docs/venues/binance.md, "Errors"; Binance
 * docs, "Error codes" of both markets.
 */
import { Refusal, type RefusalReason } from "../../account/Refusal.ts"
import type { BinanceMarket } from "../../market/definition.ts"
import { RestFailure } from "../failure.ts"

const UNAUTHORISED = 401

export const badKeyFormat = (): RestFailure => new RestFailure(-2014, "API-key format invalid.", UNAUTHORISED)

export const unknownKey = (): RestFailure =>
  new RestFailure(-2015, "Invalid API-key, IP, or permissions for action.", UNAUTHORISED)

export const badSignature = (): RestFailure => new RestFailure(-1022, "Signature for this request is not valid.")

export const tooLate = (): RestFailure =>
  new RestFailure(-1021, "Timestamp for this request is outside of the recvWindow.")

export const tooEarly = (): RestFailure =>
  new RestFailure(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")

export const tooManyOrders = (limit: number, per: string): RestFailure =>
  new RestFailure(-1015, `Too many new orders; current limit is ${limit} orders per ${per}.`, 429)

export const unknownOutcome = (): RestFailure =>
  new RestFailure(-1000, "Unknown error, please check your request or try again later.", 503)

export const overloaded = (): RestFailure =>
  new RestFailure(-1008, "Server is currently overloaded with other requests. Please try again in a few minutes.", 503)

export const noSuchOrder = (): RestFailure => new RestFailure(-2013, "Order does not exist.")

export const unknownOrder = (): RestFailure => new RestFailure(-2011, "Unknown order sent.")

export const filter = (name: string): RestFailure => new RestFailure(-1013, `Filter failure: ${name}`)

export const tooPrecise = (name: string): RestFailure =>
  new RestFailure(-1111, `Parameter '${name}' has too much precision.`)

export const notRequired = (name: string): RestFailure =>
  new RestFailure(-1106, `Parameter '${name}' sent when not required.`)

const spot: Readonly<Record<RefusalReason, readonly [code: number, msg: string]>> = {
  funds: [-2010, "Account has insufficient balance for requested action."],
  wouldTake: [-2010, "Order would immediately match and take."],
  wouldTrigger: [-2010, "Order would trigger immediately."],
  fokUnfilled: [-2010, "Order could not be filled immediately."],
  reduceOnly: [-2010, "This action is disabled on this account."],
  tooManyOrders: [-1013, "Filter failure: MAX_NUM_ORDERS"],
  duplicateClientId: [-2010, "Duplicate order sent."],
  notOpen: [-2011, "Unknown order sent."],
  unchanged: [-2038, "The requested action would change no state; rejecting."]
}

const usdm: Readonly<Record<RefusalReason, readonly [code: number, msg: string]>> = {
  funds: [-2019, "Margin is insufficient."],
  wouldTake: [
    -5022,
    "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history"
  ],
  wouldTrigger: [-2021, "Order would immediately trigger."],
  fokUnfilled: [
    -5021,
    "Due to the order could not be filled immediately, the FOK order has been rejected. The order will not be recorded in the order history"
  ],
  reduceOnly: [-2022, "ReduceOnly Order is rejected."],
  tooManyOrders: [-2025, "Reach max open order limit."],
  duplicateClientId: [-4116, "ClientOrderId is duplicated."],
  notOpen: [-2011, "Unknown order sent."],
  unchanged: [-5027, "No need to modify the order."]
}

/** The venue's failure for what the floor refused; other causes stay what they are. */
export const translated = (market: BinanceMarket, cause: unknown): unknown => {
  if (!(cause instanceof Refusal)) return cause
  const [code, msg] = (market === "spot" ? spot : usdm)[cause.reason]
  return new RestFailure(code, msg)
}
