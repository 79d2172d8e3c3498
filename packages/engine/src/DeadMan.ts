/**
 * The venue's own dead-man switch: it cancels all orders of the symbols unless it is asked again in time.
 *
 * It is renewed at a third of its time while the account is traded on, and only then: so whatever ends that for longer than
 * the time (this process killed, its machine, its network, its private stream) ends the orders too. It is taken back when the
 * desk ends in order, so that orders that were left on purpose stay. It does nothing about positions, and nothing for venues
 * that do not have it: there `watchdog` cancels by itself, which helps when the private stream dies, and not when the process
 * does.
 */
import type { VenueError } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Tell } from "./Notice.ts"
import type { VenueDesk } from "./VenueDesk.ts"

export const keep = (desk: VenueDesk, tell: Tell): Effect.Effect<void, never, Scope.Scope> => {
  const { deadMan: within, trading } = desk.setup
  const { deadMan } = desk.account
  if (within === undefined || deadMan === undefined || !trading.capabilities.deadMan) return Effect.void
  const pace = Duration.divideUnsafe(Duration.fromInputUnsafe(within), 3)
  let isArmed = false
  const renew = Effect.gen(function* () {
    if (desk.closed !== undefined) return yield* Effect.sleep("100 millis")
    isArmed = true
    yield* deadMan(desk.symbols, within)
    yield* Effect.sleep(pace)
  })
  const failed = (error: VenueError.VenueError) => {
    tell({ _tag: "DeadManFailed", level: "error", venue: desk.venue, message: error.message })
    return Effect.sleep("1 second")
  }
  const takeBack = Effect.suspend(() => (isArmed ? deadMan(desk.symbols, 0) : Effect.void))
  return Effect.gen(function* () {
    yield* Effect.addFinalizer(() => Effect.ignore(Effect.timeout(takeBack, "2 seconds")))
    yield* Effect.forkScoped(Effect.forever(Effect.catch(renew, failed)))
  })
}
