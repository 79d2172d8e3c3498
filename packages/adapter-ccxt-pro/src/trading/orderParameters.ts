/**
 * An order as CCXT wants it: what goes beside its type, side, size and price. What the exchange does not know is refused
 * before it is sent.
 */
import type { Triggers } from "./accountQuirks.ts"
import { type Order, type Trading, VenueError } from "@tidewire/core"
import { Result } from "effect"

type Parameters = Readonly<Record<string, unknown>>

const refused = (message: string) => Result.fail(new VenueError.Unsupported({ message }))

export const orderParameters = (
  {
    kinds,
    reduceOnly: reduces,
    timesInForce
  }: Pick<Trading.TradingCapabilities, "kinds" | "reduceOnly" | "timesInForce">,
  triggers: Triggers | undefined,
  { clientOrderId, kind, price, reduceOnly, side, timeInForce, triggerPrice }: Order.Request
): Result.Result<Parameters, VenueError.Unsupported> => {
  if (!kinds.includes(kind)) return refused(`orders of kind ${kind} are not had here`)
  if (kind === "limit" && price === undefined) return refused("a limit order needs a price")
  if (kind === "market" && price !== undefined) return refused("a market order has no price")
  const waits = kind === "stop" || kind === "takeProfit"
  if (waits && triggerPrice === undefined) return refused(`a ${kind} order needs a trigger price`)
  if (waits && timeInForce === "postOnly") return refused(`a ${kind} order cannot be post-only`)
  // without a price it never rests
  const isPlain = timeInForce === undefined || timeInForce === (price === undefined ? "ioc" : "gtc")
  if (!isPlain && !timesInForce.includes(timeInForce)) return refused(`${timeInForce} is not had here`)
  const neverRests = price === undefined && (timeInForce === "fok" || timeInForce === "postOnly")
  if (neverRests) return refused(`without a price an order is ioc, not ${timeInForce}`)
  if (reduceOnly === true && !reduces) return refused("orders that may only reduce are not had here")
  return Result.succeed({
    clientOrderId,
    ...(waits && triggerOf(triggers, kind, side, triggerPrice)),
    ...(timeInForce === "postOnly" && { postOnly: true }),
    ...((timeInForce === "ioc" || timeInForce === "fok") &&
      price !== undefined && { timeInForce: timeInForce.toUpperCase() }),
    ...(reduceOnly === true && { reduceOnly: true })
  })
}

const triggerOf = (
  triggers: Triggers | undefined,
  kind: "stop" | "takeProfit",
  side: Order.Side,
  triggerPrice: string | undefined
): Parameters => {
  if (triggers === "sided") return { [kind === "stop" ? "stopLossPrice" : "takeProfitPrice"]: triggerPrice }
  const rises = (kind === "stop") === (side === "buy")
  return { triggerPrice, triggerDirection: rises ? "ascending" : "descending" }
}
