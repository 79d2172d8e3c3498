/**
 * An order as CCXT wants it: what goes beside its type, side, size and price. What the exchange does not know is refused
 * before it is sent.
 */
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
  { clientOrderId, kind, price, reduceOnly, timeInForce, triggerPrice }: Order.Request
): Result.Result<Parameters, VenueError.Unsupported> => {
  if (!kinds.includes(kind)) return refused(`orders of kind ${kind} are not had here`)
  if (kind === "limit" && price === undefined) return refused("a limit order needs a price")
  if (kind === "market" && price !== undefined) return refused("a market order has no price")
  const waits = kind === "stop" || kind === "takeProfit"
  if (waits && triggerPrice === undefined) return refused(`a ${kind} order needs a trigger price`)
  // without a price it never rests
  const isPlain = timeInForce === undefined || timeInForce === (price === undefined ? "ioc" : "gtc")
  if (!isPlain && !timesInForce.includes(timeInForce)) return refused(`${timeInForce} is not had here`)
  const neverRests = price === undefined && (timeInForce === "fok" || timeInForce === "postOnly")
  if (neverRests) return refused(`without a price an order is ioc, not ${timeInForce}`)
  if (reduceOnly === true && !reduces) return refused("orders that may only reduce are not had here")
  return Result.succeed({
    clientOrderId,
    ...(timeInForce === "postOnly" && { postOnly: true }),
    ...((timeInForce === "ioc" || timeInForce === "fok") &&
      price !== undefined && { timeInForce: timeInForce.toUpperCase() }),
    ...(reduceOnly === true && { reduceOnly: true })
  })
}
