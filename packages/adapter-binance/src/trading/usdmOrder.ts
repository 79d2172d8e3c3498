/**
 * An order as futures want it: at once, or waiting for its trigger, which is another service of the venue.
 * Source: docs/venues/binance.md, "Orders".
 */
import { type Order, type Rest, VenueError } from "@tidewire/core"
import { Result } from "effect"
import { usdmTimes, usdmTypes } from "./terms.ts"

/** Where an order goes. */
export type UsdmOrder =
  | { readonly _tag: "Order"; readonly parameters: Rest.Parameters }
  | { readonly _tag: "Algo"; readonly parameters: Rest.Parameters }

const refused = (message: string) => Result.fail(new VenueError.Unsupported({ message }))

/** What futures do not know is refused before it is sent. */
export const usdmOrder = (request: Order.Request): Result.Result<UsdmOrder, VenueError.Unsupported> => {
  const { clientOrderId, kind, price, reduceOnly, side, size, symbol, timeInForce = "gtc", triggerPrice } = request
  const neverRests = price === undefined && (timeInForce === "fok" || timeInForce === "postOnly")
  if (neverRests) return refused(`without a price an order is ioc, not ${timeInForce}`)
  const type = price === undefined ? usdmTypes[kind].unpriced : usdmTypes[kind].priced
  if (type === undefined) return refused(`a ${kind} order ${price === undefined ? "needs a price" : "has no price"}`)
  const common = {
    symbol,
    side: side === "buy" ? "BUY" : "SELL",
    type,
    timeInForce: price === undefined ? undefined : usdmTimes[timeInForce],
    quantity: size,
    price,
    reduceOnly: reduceOnly === true ? true : undefined
  }
  if (kind !== "stop" && kind !== "takeProfit") {
    return Result.succeed({ _tag: "Order", parameters: { ...common, newClientOrderId: clientOrderId } })
  }
  if (triggerPrice === undefined) return refused(`a ${kind} order needs a trigger price`)
  const waiting = { algoType: "CONDITIONAL", triggerPrice, clientAlgoId: clientOrderId }
  return Result.succeed({ _tag: "Algo", parameters: { ...common, ...waiting } })
}
