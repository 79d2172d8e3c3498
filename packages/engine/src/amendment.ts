/**
 * What an amendment asks for, and whether it is one that the venue makes.
 */
import { Amount, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { NewOrder } from "./OrderDesk.ts"
import * as OrderState from "./OrderState.ts"
import { InvalidOrder } from "./Refusal.ts"
import type { TrackedOrder } from "./TrackedOrder.ts"
import type { VenueDesk } from "./VenueDesk.ts"

/** An order as it would be asked for now. */
export const requestOf = (view: PrivateEvent.Order): Omit<NewOrder, "venue"> => {
  const { kind, price, reduceOnly, side, size, symbol, timeInForce, triggerPrice } = view
  return {
    symbol,
    side,
    kind,
    size,
    ...(price === undefined ? {} : { price }),
    ...(triggerPrice === undefined ? {} : { triggerPrice }),
    ...(timeInForce === undefined ? {} : { timeInForce }),
    ...(reduceOnly === undefined ? {} : { reduceOnly })
  }
}

/** What this venue does not amend, or what is no amendment. */
export const amendProblem = (
  venue: VenueDesk,
  order: TrackedOrder,
  view: PrivateEvent.Order,
  change: { readonly price?: Amount.Amount; readonly size?: Amount.Amount }
): InvalidOrder | undefined => {
  const { amends } = venue.setup.trading.capabilities
  const invalid = (message: string) => new InvalidOrder({ message: `Order ${view.clientOrderId}: ${message}.` })
  if (change.price === undefined && change.size === undefined) return invalid("nothing is to be changed")
  if (order.amendment !== undefined) return invalid("an amendment of it is on its way")
  if (amends === "none") return invalid(`${venue.venue} amends no orders: cancel it, and place another`)
  if (amends === "size" && change.price !== undefined) return invalid(`${venue.venue} amends no prices`)
  const size = change.size === undefined ? undefined : Amount.read(change.size)
  if (size === undefined) return undefined
  if (amends === "size" && BigDecimal.isGreaterThan(size, OrderState.size(order.state))) {
    return invalid(`${venue.venue} makes sizes smaller only`)
  }
  return BigDecimal.isGreaterThan(size, OrderState.filled(order.state))
    ? undefined
    : invalid(`${view.filled} of it are filled, so it cannot have a size of ${change.size}`)
}
