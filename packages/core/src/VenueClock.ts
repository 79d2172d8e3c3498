/**
 * The venue's time, by our clock and the offset that was measured between the two: what signed requests are stamped with.
 *
 * Guarantees: `now` is synchronous, so that a request is stamped after every wait, just before it is sent; the offset is
 * the middle of a round trip, so it is off by half of it at the most; it is measured before it is first needed, every
 * half hour, and again when the venue finds a stamp wrong; measurements never run side by side.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { VenueError } from "./VenueError.ts"

export interface VenueClockOptions {
  /** Reads the venue's time, epoch ms; calls `sending` just before the request goes out, after every wait. */
  readonly serverTime: (sending: () => void) => Effect.Effect<number, VenueError>
  readonly every?: Duration.Input
}

export interface VenueClock {
  /** Epoch ms by the venue; by our own clock until it was measured. */
  readonly now: () => number
  /** How far the venue's clock is ahead of ours; `undefined` until it was measured. */
  readonly offsetMs: () => number | undefined
  /** Measures unless that was done before. */
  readonly ready: Effect.Effect<void, VenueError>
  /** The venue found a stamp of that time (by `now`) wrong: measures unless that was done since. */
  readonly corrected: (stamp: number) => Effect.Effect<void, VenueError>
}

const EVERY = Duration.minutes(30)

export const make = (options: VenueClockOptions): Effect.Effect<VenueClock, never, Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const turn = Semaphore.makeUnsafe(1)
    let offsetMs: number | undefined
    /** By the venue's clock as it was known then. */
    let measuredAt = Number.NEGATIVE_INFINITY
    const now = (): number => clock.currentTimeMillisUnsafe() + (offsetMs ?? 0)
    const measure = Effect.gen(function* () {
      let sentMs = clock.currentTimeMillisUnsafe()
      const serverTime = yield* options.serverTime(() => (sentMs = clock.currentTimeMillisUnsafe()))
      offsetMs = Math.round(serverTime - (sentMs + clock.currentTimeMillisUnsafe()) / 2)
      measuredAt = now()
    })
    const unless = (isDone: () => boolean) =>
      turn.withPermits(1)(Effect.suspend(() => (isDone() ? Effect.void : measure)))
    const measured = () => offsetMs !== undefined
    // every order asks for it: once it is measured there is no turn to wait for
    const ready = Effect.suspend(() => (measured() ? Effect.void : unless(measured)))
    const again = turn
      .withPermits(1)(measure)
      .pipe(
        // the offset that is known stays good for a while
        Effect.catch((error) => Effect.logWarning("the venue's clock could not be read", error.message))
      )
    const every = Duration.fromInputUnsafe(options.every ?? EVERY)
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(every), again)))
    return {
      now,
      offsetMs: () => offsetMs,
      ready,
      corrected: (stamp) => {
        const measuredBefore = measuredAt
        return unless(() => measuredAt !== measuredBefore || measuredAt > stamp)
      }
    }
  })
