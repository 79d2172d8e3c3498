/**
 * An order as the venue wants it.
 * Source: docs/venues/bybit.md, "Orders".
 */
import { type Order, VenueError } from "@tidewire/core"
import { Result } from "effect"
import type { Market } from "../market.ts"
import { direction, sides, times } from "./terms.ts"

/** Absent fields are not sent. */
export type Fields = Readonly<Record<string, string | number | boolean | undefined>>

const refused = (message: string) => Result.fail(new VenueError.Unsupported({ message }))

/** What the venue does not know is refused before it is sent. */
export const orderFields = (
  { category }: Pick<Market, "category">,
  request: Order.Request
): Result.Result<Fields, VenueError.Unsupported> => {
  const { clientOrderId, kind, price, reduceOnly, side, size, symbol, timeInForce = "gtc", triggerPrice } = request
  const isSpot = category === "spot"
  const isMarket = price === undefined
  const waits = kind === "stop" || kind === "takeProfit"
  if (isSpot && reduceOnly === true) return refused("spot has no reduce-only orders")
  if (isMarket && kind === "limit") return refused("a limit order needs a price")
  if (!isMarket && kind === "market") return refused("a market order has no price")
  if (isMarket && (timeInForce === "fok" || timeInForce === "postOnly")) {
    return refused(`without a price an order is ioc, not ${timeInForce}`)
  }
  if (waits && triggerPrice === undefined) return refused(`a ${kind} order needs a trigger price`)
  return Result.succeed({
    category,
    symbol,
    side: sides[side],
    orderType: isMarket ? "Market" : "Limit",
    qty: size,
    price,
    timeInForce: isMarket ? undefined : times[timeInForce],
    orderLinkId: clientOrderId,
    // without it a size to buy would be in the quote asset
    marketUnit: isSpot && isMarket ? "baseCoin" : undefined,
    triggerPrice: waits ? triggerPrice : undefined,
    // spot sees by itself on which side of the market the trigger lies
    triggerDirection: waits && !isSpot ? direction(kind, side) : undefined,
    triggerBy: waits && !isSpot ? "LastPrice" : undefined,
    orderFilter: waits && isSpot ? "StopOrder" : undefined,
    // one-way: the engine trades on no hedged account
    positionIdx: isSpot ? undefined : 0,
    reduceOnly: reduceOnly === true ? true : undefined
  })
}

/** Which order is meant: those that we did not place may have no client id but the venue's. */
export const named = ({
  clientOrderId,
  venueOrderId
}: Pick<Order.Reference, "clientOrderId" | "venueOrderId">): Fields =>
  clientOrderId === venueOrderId ? { orderId: venueOrderId } : { orderLinkId: clientOrderId }
