/** Parameters of requests about orders, read as strictly as the venue reads them: a value, or the venue's failure. */
import { isText, type Money, of } from "../../account/money.ts"
import type { UserOrder } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { illegal, missing, RestFailure } from "../failure.ts"
import * as query from "../query.ts"
import * as failures from "./failures.ts"
import type { Asking } from "./Operation.ts"

const MOST_DIGITS = 8

/** Positive, with at most eight digits after the point. */
export const decimal = (parameters: URLSearchParams, name: string): Money | undefined => {
  const text = query.optional(parameters, name)
  if (text === undefined) return undefined
  if (!isText(text)) throw illegal(name, "^([0-9]{1,20})(\\.[0-9]{1,20})?$")
  const amount = of(text)
  if ((text.split(".")[1] ?? "").replace(/0+$/, "").length > MOST_DIGITS) throw failures.tooPrecise(name)
  if (amount.value <= 0n) throw new RestFailure(-1013, `Invalid ${name === "price" ? "price" : "quantity"}.`)
  return amount
}

export const requiredDecimal = (parameters: URLSearchParams, name: string): Money => {
  const amount = decimal(parameters, name)
  if (amount === undefined) throw missing(name)
  return amount
}

/** One of these words, or the failure. */
export const oneOf = <A extends string>(
  parameters: URLSearchParams,
  name: string,
  known: ReadonlyArray<A>,
  failure: RestFailure
): A | undefined => {
  const value = query.optional(parameters, name)
  if (value === undefined) return undefined
  const found = known.find((each) => each === value)
  if (found === undefined) throw failure
  return found
}

export const side = (parameters: URLSearchParams): "BUY" | "SELL" => {
  const found = oneOf(parameters, "side", ["BUY", "SELL"] as const, new RestFailure(-1117, "Invalid side."))
  if (found === undefined) throw missing("side")
  return found
}

const idPattern = /^[.A-Z:/a-z0-9_-]{1,36}$/

export const clientId = (parameters: URLSearchParams, name: string): string | undefined => {
  const value = query.optional(parameters, name)
  if (value !== undefined && !idPattern.test(value)) throw illegal(name, "^[\\.A-Z\\:/a-z0-9_-]{1,36}$")
  return value
}

/** A market that trades now. */
export const trading = ({ context: { venue }, parameters }: Asking): Market => {
  const name = query.symbol(venue, parameters)
  const market = venue.market(name)
  if (market === undefined) throw new RestFailure(-1013, "Market is closed.")
  return market
}

/** The order that is meant by its id or by the client's. */
export const order = (
  { account, context: { venue }, parameters }: Asking,
  failure: RestFailure,
  names: readonly [string, string] = ["orderId", "origClientOrderId"]
): UserOrder => {
  const symbol = query.symbol(venue, parameters)
  const id = query.integer(parameters, names[0])
  const clientId = query.optional(parameters, names[1])
  if (id === undefined && clientId === undefined) {
    throw new RestFailure(-1102, `Param '${names[1]}' or '${names[0]}' must be sent, but both were empty/null!`)
  }
  const found = account.find(venue.kind, symbol, { id, clientId })
  if (found === undefined || (clientId !== undefined && found.clientId !== clientId)) throw failure
  return found
}
