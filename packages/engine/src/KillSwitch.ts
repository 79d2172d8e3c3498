/**
 * Cancels all there is on an account and makes sure of it.
 *
 * Guarantees: it does not end before the venue has said, after a cancel, that no order of the symbols is open; it tries again
 * after 1, 2, 4 … 30 s as long as trading is halted, and says so when five attempts did not do it. It cannot do more than the venue lets it: orders that
 * cannot be cancelled (in a matching engine that does not answer) stay until it can.
 */
import type { VenueError } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Tell } from "./Notice.ts"
import type { VenueDesk } from "./VenueDesk.ts"

const FIRST_DELAY = Duration.seconds(1)
const MAX_DELAY = Duration.seconds(30)
const ATTEMPTS_UNTOLD = 5

export const cancelEverything = (desk: VenueDesk, tell: Tell, isHalted: () => boolean): Effect.Effect<void> =>
  Effect.gen(function* () {
    let delay = FIRST_DELAY
    for (let attempt = 1; isHalted(); attempt++) {
      const exit = yield* Effect.exit(once(desk))
      if (Exit.isSuccess(exit) && exit.value === 0) return told(desk, tell, attempt)
      if (attempt === ATTEMPTS_UNTOLD) incomplete(desk, tell, exit)
      yield* Effect.sleep(delay)
      delay = Duration.min(MAX_DELAY, Duration.times(delay, 2))
    }
  })

/** Gives how many orders are still open. */
const once = (desk: VenueDesk): Effect.Effect<number, VenueError.VenueError> =>
  Effect.gen(function* () {
    const symbols = desk.symbols
    for (const order of desk.store.open.values()) desk.desk.cancel(order)
    // a failure here is not yet one: what counts is what is open afterwards
    yield* Effect.ignore(desk.cancelAll())
    const left = yield* desk.account.openOrders(symbols)
    for (const order of left) desk.store.onOrder(order)
    return left.length + [...desk.store.open.values()].filter((order) => order.status !== "open").length
  })

const told = (desk: VenueDesk, tell: Tell, attempt: number): void =>
  tell({
    _tag: "HaltComplete",
    level: "info",
    venue: desk.venue,
    message: `${desk.venue}: no order is open any more.`,
    fields: { attempt }
  })

const incomplete = (desk: VenueDesk, tell: Tell, exit: Exit.Exit<number, VenueError.VenueError>): void => {
  const left = Exit.isSuccess(exit) ? `${exit.value} orders are still open` : "what is open cannot be read"
  tell({
    _tag: "HaltIncomplete",
    level: "error",
    venue: desk.venue,
    message: `${desk.venue}: ${left} after ${ATTEMPTS_UNTOLD} attempts to cancel all. It goes on, but look at the venue.`
  })
}
