/**
 * Cancels that are answered with "no such order": they have come too late, or too early, so the order is looked up.
 *
 * Guarantees: of an order that has ended the end is told and the cancel has succeeded; of one that does not exist the
 * cancel is refused as the venue refused it; of one that is open after all, or cannot be looked up, the outcome is unknown.
 */
import * as Effect from "effect/Effect"
import type { Reference } from "./Order.ts"
import { isEnded } from "./Order.ts"
import type { Order, PrivateEvent } from "./PrivateEvent.ts"
import { OutcomeUnknown, type Reason, VenueError } from "./VenueError.ts"

export interface LateCancel {
  /** What events carry as `venue`. */
  readonly venue: string
  /** Whether the venue says that there is no such order, or none that can be cancelled. */
  readonly isGone: (reason: Reason) => boolean
  readonly order: (reference: Reference) => Effect.Effect<Order | undefined, VenueError>
  readonly emit: (event: PrivateEvent) => void
}

export const orEnded = (
  cancel: Effect.Effect<unknown, VenueError>,
  reference: Reference,
  { emit, isGone, order, venue }: LateCancel
): Effect.Effect<void, VenueError> =>
  Effect.catch(Effect.asVoid(cancel), (error) => {
    if (!isGone(error.reason)) return Effect.fail(error)
    const { clientOrderId } = reference
    const unknown = (message: string) =>
      new VenueError({ venue, operation: error.operation, reason: new OutcomeUnknown({ message, clientOrderId }) })
    return Effect.matchEffect(order(reference), {
      onFailure: ({ reason }) =>
        Effect.fail(unknown(`there is no such order to cancel, and it is not to be found: ${reason.message}`)),
      onSuccess: (found) => {
        if (found === undefined) return Effect.fail(error)
        if (!isEnded(found.status)) {
          return Effect.fail(unknown("the venue has the order, and says that there is none to cancel"))
        }
        return Effect.sync(() => {
          emit(found)
        })
      }
    })
  })
