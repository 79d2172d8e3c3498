/**
 * An order as spot wants it.
 * Source: docs/venues/binance.md, "Orders".
 */
import { type Order, VenueError } from "@tidewire/core"
import { Result } from "effect"
import { SPOT_POST_ONLY, spotTimes, spotTypes } from "./terms.ts"
import type { Values } from "./signed.ts"

const refused = (message: string) => Result.fail(new VenueError.Unsupported({ message }))

/** What spot does not know is refused before it is sent. */
export const spotOrder = (request: Order.Request): Result.Result<Values, VenueError.Unsupported> => {
  const { clientOrderId, kind, price, reduceOnly, side, size, symbol, timeInForce = "gtc", triggerPrice } = request
  if (reduceOnly === true) return refused("spot has no reduce-only orders")
  const neverRests = price === undefined && (timeInForce === "fok" || timeInForce === "postOnly")
  if (neverRests) return refused(`without a price an order is ioc, not ${timeInForce}`)
  const isPostOnly = timeInForce === "postOnly" && price !== undefined
  if (isPostOnly && kind !== "limit") return refused(`a ${kind} order cannot be post-only`)
  const type = isPostOnly ? SPOT_POST_ONLY : price === undefined ? spotTypes[kind].unpriced : spotTypes[kind].priced
  if (type === undefined) return refused(`a ${kind} order ${price === undefined ? "needs a price" : "has no price"}`)
  const waits = kind === "stop" || kind === "takeProfit"
  if (waits && triggerPrice === undefined) return refused(`a ${kind} order needs a trigger price`)
  return Result.succeed({
    symbol,
    side: side === "buy" ? "BUY" : "SELL",
    type,
    timeInForce: price === undefined || isPostOnly ? undefined : spotTimes[timeInForce],
    price,
    quantity: size,
    stopPrice: waits ? triggerPrice : undefined,
    newClientOrderId: clientOrderId,
    newOrderRespType: "ACK"
  })
}
