/**
 * A spot order from its parameters. Guarantees the venue's order of judgement: what is mandatory for the type, what must not
 * be sent with it, precision, filters. Source: Binance Spot docs, "New order", "Filters".
 */
import { affordable } from "../../account/funds.ts"
import { fixed, of } from "../../account/money.ts"
import type { Lifetime, OrderRequest, Trigger } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { badCombination, missing, RestFailure } from "../failure.ts"
import * as query from "../query.ts"
import { generated } from "./clientIds.ts"
import * as failures from "./failures.ts"
import * as filters from "./filters.ts"
import type { Asking } from "./Operation.ts"
import * as parameters from "./parameters.ts"

const types = [
  "LIMIT",
  "LIMIT_MAKER",
  "MARKET",
  "STOP_LOSS",
  "STOP_LOSS_LIMIT",
  "TAKE_PROFIT",
  "TAKE_PROFIT_LIMIT"
] as const

type Type = (typeof types)[number]

const lifetimes: Readonly<Record<string, Lifetime>> = { GTC: "gtc", IOC: "ioc", FOK: "fok" }

const hasPrice = (type: Type): boolean => type.includes("LIMIT")
const hasStop = (type: Type): boolean => type.startsWith("STOP") || type.startsWith("TAKE")

/** A stop loss goes with the price against the side, a take profit the other way. */
const triggerOf = (market: Market, type: Type, side: "BUY" | "SELL", given: URLSearchParams): Trigger | undefined => {
  const stop = parameters.decimal(given, "stopPrice")
  if (!hasStop(type)) {
    if (stop !== undefined) throw failures.notRequired("stopPrice")
    return undefined
  }
  if (stop === undefined) throw missing("stopPrice")
  const rises = type.startsWith("STOP") === (side === "BUY")
  return { price: filters.ticksOf(market, stop), when: rises ? "rises" : "falls", by: "last" }
}

const lifetimeOf = (type: Type, given: URLSearchParams): readonly [Lifetime, string] => {
  const known = ["GTC", "IOC", "FOK"] as const
  const asked = parameters.oneOf(given, "timeInForce", known, new RestFailure(-1115, "Invalid timeInForce."))
  if (hasPrice(type) && type !== "LIMIT_MAKER") {
    if (asked === undefined) throw missing("timeInForce")
    return [lifetimes[asked]!, asked]
  }
  if (asked !== undefined) throw failures.notRequired("timeInForce")
  return [type === "LIMIT_MAKER" ? "postOnly" : "gtc", "GTC"]
}

/** Steps from a quantity, or from what may be spent or should be earned. */
const sizeOf = (market: Market, type: Type, side: "BUY" | "SELL", given: URLSearchParams): number => {
  const quantity = parameters.decimal(given, "quantity")
  const quote = parameters.decimal(given, "quoteOrderQty")
  if (quote === undefined) {
    if (quantity === undefined) throw missing("quantity")
    return filters.stepsOf(market, quantity, type === "MARKET")
  }
  if (type !== "MARKET") throw failures.notRequired("quoteOrderQty")
  if (quantity !== undefined) throw badCombination()
  const steps = affordable(market, side === "BUY" ? "ask" : "bid", quote)
  if (steps === 0) throw failures.filter("LOT_SIZE")
  return steps
}

export const parse = (asking: Asking, count: number): { readonly market: Market; readonly request: OrderRequest } => {
  const { account, parameters: given } = asking
  const market = parameters.trading(asking)
  const side = parameters.side(given)
  const type = parameters.oneOf(given, "type", types, new RestFailure(-1116, "Invalid orderType."))
  if (type === undefined) throw missing("type")
  const [lifetime, timeInForce] = lifetimeOf(type, given)
  const clientId = parameters.clientId(given, "newClientOrderId") ?? generated(count)
  if (hasPrice(type)) parameters.requiredDecimal(given, "price")
  else if (given.has("price")) throw failures.notRequired("price")
  const price = hasPrice(type) ? filters.ticksOf(market, parameters.requiredDecimal(given, "price")) : undefined
  const trigger = triggerOf(market, type, side, given)
  const request = {
    direction: side === "BUY" ? "buy" : "sell",
    leg: "net",
    lifetime,
    price,
    size: sizeOf(market, type, side, given),
    reduceOnly: false,
    trigger
  } as const
  filters.check(account, market, request)
  const known = account.find("spot", market.definition.symbol, { clientId })
  if (known !== undefined && (known.status === "open" || known.status === "untriggered")) {
    throw new RestFailure(-2010, "Duplicate order sent.")
  }
  const quote = query.optional(given, "quoteOrderQty")
  const words = {
    type,
    timeInForce,
    ...(quote === undefined ? {} : { quoteOrderQty: eight(quote) }),
    selfTradePreventionMode: query.optional(given, "selfTradePreventionMode") ?? "EXPIRE_MAKER"
  }
  return { market, request: { ...request, clientId, words } }
}

const eight = (text: string): string => fixed(of(text), 8)
