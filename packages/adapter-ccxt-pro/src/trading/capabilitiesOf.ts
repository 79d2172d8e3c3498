/**
 * What order entry knows of the kind of market that an exchange trades unless it is told otherwise (`defaultType`): read from
 * CCXT's `features`, nothing is assumed. Where CCXT says nothing of orders, plain limit orders are all there is.
 */
import type { Order, Trading } from "@tidewire/core"
import { can } from "../Exchange.ts"
import type { AccountQuirks, Triggers } from "./accountQuirks.ts"
import type { OrderFeatures, PrivateExchange } from "./PrivateExchange.ts"

const contracts: ReadonlySet<unknown> = new Set(["swap", "future", "delivery", "linear", "inverse"])

interface Place {
  readonly type: string
  readonly subType: string
}

/** Older names of CCXT's, which its exchanges still have as defaults. */
const places: Readonly<Record<string, Place>> = {
  linear: { type: "swap", subType: "linear" },
  inverse: { type: "swap", subType: "inverse" },
  delivery: { type: "future", subType: "inverse" }
}

const placeOf = ({ features = {}, options = {} }: PrivateExchange): Place => {
  const { defaultSubType, defaultType } = options
  const type = typeof defaultType === "string" ? defaultType : features["spot"] === undefined ? "swap" : "spot"
  return places[type] ?? { type, subType: typeof defaultSubType === "string" ? defaultSubType : "linear" }
}

/** What CCXT says of orders there. */
export const featuresOf = (exchange: PrivateExchange): OrderFeatures | undefined => {
  const { subType, type } = placeOf(exchange)
  const found = exchange.features?.[type] ?? undefined
  const within = found === undefined || "createOrder" in found ? found : (found[subType] ?? undefined)
  return (within as { readonly createOrder?: OrderFeatures | null } | undefined)?.createOrder ?? undefined
}

const tradesContracts = (exchange: PrivateExchange): boolean => contracts.has(placeOf(exchange).type)

const timesOf = ({ timeInForce = {} }: OrderFeatures): ReadonlyArray<Order.TimeInForce> => [
  "gtc",
  ...(timeInForce["IOC"] === true ? (["ioc"] as const) : []),
  ...(timeInForce["FOK"] === true ? (["fok"] as const) : []),
  ...(timeInForce["PO"] === true ? (["postOnly"] as const) : [])
]

/** How orders that wait for a price are asked for, where they are had. */
export const triggersOf = (exchange: PrivateExchange, quirks: AccountQuirks): Triggers | undefined => {
  const features = featuresOf(exchange)
  const triggers = quirks.triggers(placeOf(exchange).type)
  const isHad =
    triggers === "sided"
      ? features?.stopLossPrice === true && features.takeProfitPrice === true
      : features?.triggerPrice === true && features.triggerDirection === true
  return isHad ? triggers : undefined
}

const kindsOf = (exchange: PrivateExchange, quirks: AccountQuirks): ReadonlyArray<Order.Kind> => {
  const features = featuresOf(exchange)
  if (features === undefined) return ["limit"]
  // one that must be told what it may cost is not of a size
  const isOfSize = features.marketBuyRequiresPrice !== true || quirks.sizesMarketBuys
  return [
    "limit",
    ...(exchange.has["createMarketOrder"] !== false && isOfSize ? (["market"] as const) : []),
    ...(triggersOf(exchange, quirks) === undefined ? [] : (["stop", "takeProfit"] as const))
  ]
}

export const capabilitiesOf = (exchange: PrivateExchange, quirks: AccountQuirks): Trading.TradingCapabilities => {
  const features = featuresOf(exchange)
  const isOfContracts = tradesContracts(exchange)
  return {
    kinds: kindsOf(exchange, quirks),
    timesInForce: features === undefined ? ["gtc"] : timesOf(features),
    reduceOnly: isOfContracts && exchange.has["createReduceOnlyOrder"] !== false,
    amends: exchange.has["editOrder"] === true && quirks.keepsIds(placeOf(exchange).type) ? "priceAndSize" : "none",
    positions: isOfContracts && can(exchange, "fetchPositions"),
    deadMan: false
  }
}
