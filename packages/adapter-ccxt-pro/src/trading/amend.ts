/**
 * Changes an open order where the exchange does so under the order's own ids. CCXT wants all of an order to change a part of
 * it, so it is read first.
 */
import { type Order, type PrivateEvent, VenueError } from "@tidewire/core"
import { Effect } from "effect"
import type * as Changes from "./changes.ts"

const OPERATION = "change an order"

/** Of what has no number. */
const NO_CODE = 0

export interface AmendSetup {
  readonly venue: string
  readonly changes: Pick<Changes.Changes, "rest">
  readonly order: (reference: Order.Reference) => Effect.Effect<PrivateEvent.Order | undefined, VenueError.VenueError>
}

export const make =
  ({ changes, order, venue }: AmendSetup) =>
  (amendment: Order.Amendment): Effect.Effect<void, Changes.Failure> =>
    Effect.gen(function* () {
      const { clientOrderId, symbol } = amendment
      const found = yield* order(amendment)
      const id = found?.venueOrderId
      if (found === undefined || id === undefined || found.status !== "open") {
        const message = `there is no open order ${clientOrderId} to change`
        const reason = new VenueError.OrderRejected({ message, code: NO_CODE })
        return yield* new VenueError.VenueError({ venue, operation: OPERATION, reason })
      }
      const { price = found.price, size = found.size } = amendment
      const type = price === undefined ? "market" : "limit"
      yield* changes.rest({ operation: OPERATION, clientOrderId }, (on) =>
        on.editOrder(id, symbol, type, found.side, size, price)
      )
    })

export const unsupported = (venue: string): Effect.Effect<never, VenueError.VenueError> => {
  const message = "it would be another order here: cancel, and place another"
  const reason = new VenueError.Unsupported({ message })
  return Effect.fail(new VenueError.VenueError({ venue, operation: OPERATION, reason }))
}
