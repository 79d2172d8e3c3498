/**
 * A USDⓈ-M order from its parameters: plain ones, and conditional ones of the algo service. Source: Binance USDⓈ-M docs,
 * "New order", "New algo order"; since 2025-12-09 plain order entry takes only LIMIT and MARKET.
 */
import type { Leg, Lifetime, OrderRequest, Trigger } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { missing, RestFailure } from "../failure.ts"
import * as query from "../query.ts"
import { generated } from "./clientIds.ts"
import * as failures from "./failures.ts"
import * as filters from "./filters.ts"
import type { Asking } from "./Operation.ts"
import * as parameters from "./parameters.ts"

const conditional = ["STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET", "TRAILING_STOP_MARKET"] as const

const lifetimes = { GTC: "gtc", IOC: "ioc", FOK: "fok", GTX: "postOnly" } as const satisfies Record<string, Lifetime>

const invalidType = (): RestFailure => new RestFailure(-1116, "Invalid orderType.")

const legs = { BOTH: "net", LONG: "long", SHORT: "short" } as const

const legOf = ({ account, parameters: given }: Asking): Leg => {
  const asked = parameters.oneOf(
    given,
    "positionSide",
    ["BOTH", "LONG", "SHORT"] as const,
    new RestFailure(-4060, "Invalid position side.")
  )
  const leg = legs[asked ?? "BOTH"]
  if ((leg === "net") !== (account.positionMode === "oneWay")) {
    throw new RestFailure(-4061, "Order's position side does not match user's setting.")
  }
  return leg
}

const flag = (given: URLSearchParams, name: string): boolean => {
  const text = parameters.oneOf(
    given,
    name,
    ["true", "false", "TRUE", "FALSE"] as const,
    new RestFailure(-1130, `Data sent for parameter '${name}' is not valid.`)
  )
  return text?.toLowerCase() === "true"
}

/** In hedge mode it is the leg that says whether an order closes. */
const closes = (leg: Leg, side: "BUY" | "SELL", given: URLSearchParams): boolean => {
  if (leg === "net") return flag(given, "reduceOnly")
  if (given.has("reduceOnly")) throw failures.notRequired("reduceonly")
  return (leg === "long") === (side === "SELL")
}

const lifetimeOf = (given: URLSearchParams, isLimit: boolean): keyof typeof lifetimes => {
  const known = ["GTC", "IOC", "FOK", "GTX"] as const
  const asked = parameters.oneOf(given, "timeInForce", known, new RestFailure(-1115, "Invalid timeInForce."))
  if (asked !== undefined && !isLimit) throw failures.notRequired("timeinforce")
  if (asked === undefined && isLimit) throw missing("timeinforce")
  return asked ?? "GTC"
}

export interface Parsed {
  readonly market: Market
  readonly request: OrderRequest
}

const build = (
  asking: Asking,
  isLimit: boolean,
  clientId: string,
  lifetime: keyof typeof lifetimes,
  type: string,
  trigger: ((market: Market, side: "BUY" | "SELL") => Trigger) | undefined
): Parsed => {
  const { account, parameters: given } = asking
  const market = parameters.trading(asking)
  const side = parameters.side(given)
  const leg = legOf(asking)
  const reduceOnly = closes(leg, side, given)
  if (!isLimit && given.has("price") && trigger === undefined) throw failures.notRequired("price")
  const price = isLimit ? filters.ticksOf(market, parameters.requiredDecimal(given, "price")) : undefined
  const request = {
    direction: side === "BUY" ? "buy" : "sell",
    leg,
    lifetime: lifetimes[lifetime],
    price,
    size: filters.stepsOf(market, parameters.requiredDecimal(given, "quantity"), !isLimit),
    reduceOnly,
    trigger: trigger?.(market, side)
  } as const
  filters.check(account, market, request)
  const known = account.find("usdm", market.definition.symbol, { clientId })
  if (known !== undefined && (known.status === "open" || known.status === "untriggered")) {
    throw new RestFailure(-4116, "ClientOrderId is duplicated.")
  }
  const words = {
    type,
    timeInForce: lifetime,
    selfTradePreventionMode: query.optional(given, "selfTradePreventionMode") ?? "EXPIRE_MAKER"
  }
  return { market, request: { ...request, clientId, words } }
}

export const parse = (asking: Asking, count: number): Parsed => {
  const { parameters: given } = asking
  const asked = query.required(given, "type")
  if ((conditional as ReadonlyArray<string>).includes(asked)) {
    throw new RestFailure(
      -4120,
      "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead."
    )
  }
  const type = parameters.oneOf(given, "type", ["LIMIT", "MARKET"] as const, invalidType())!
  const lifetime = lifetimeOf(given, type === "LIMIT")
  const clientId = parameters.clientId(given, "newClientOrderId") ?? generated(count)
  return build(asking, type === "LIMIT", clientId, lifetime, type, undefined)
}

export const parseAlgo = (asking: Asking, count: number): Parsed => {
  const { parameters: given } = asking
  if (query.required(given, "algoType") !== "CONDITIONAL") {
    throw new RestFailure(-1130, "Data sent for parameter 'algoType' is not valid.")
  }
  const type = parameters.oneOf(given, "type", conditional, invalidType())
  if (type === undefined) throw missing("type")
  if (type === "TRAILING_STOP_MARKET") throw new RestFailure(-1020, "This operation is not supported.")
  const isLimit = type === "STOP" || type === "TAKE_PROFIT"
  const known = ["GTC", "IOC", "FOK", "GTX"] as const
  const lifetime =
    parameters.oneOf(given, "timeInForce", known, new RestFailure(-1115, "Invalid timeInForce.")) ?? "GTC"
  const by = parameters.oneOf(
    given,
    "workingType",
    ["MARK_PRICE", "CONTRACT_PRICE"] as const,
    new RestFailure(-1130, "Data sent for parameter 'workingType' is not valid.")
  )
  const clientId = parameters.clientId(given, "clientAlgoId") ?? generated(count)
  return build(asking, isLimit, clientId, lifetime, type, (market, side) => {
    const price = filters.ticksOf(market, parameters.requiredDecimal(given, "triggerPrice"))
    const rises = type.startsWith("STOP") === (side === "BUY")
    return { price, when: rises ? "rises" : "falls", by: by === "MARK_PRICE" ? "mark" : "last" }
  })
}
