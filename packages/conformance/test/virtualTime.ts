/** Runs what waits by Effect's clock without waiting: time is moved on for as long as it takes. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Random from "effect/Random"
import { TestClock } from "effect/testing"

/** Any moment but the epoch, where differences of times could hide behind times. */
const BEGINNING = 1_800_000_000_250

const STEP = "100 millis"

export const inVirtualTime = <A>(effect: Effect.Effect<A>): Promise<A> =>
  Effect.runPromise(
    Effect.gen(function* () {
      yield* TestClock.setTime(BEGINNING)
      const fiber = yield* Effect.forkChild(effect)
      while (fiber.pollUnsafe() === undefined) yield* TestClock.adjust(STEP)
      return yield* Fiber.join(fiber)
      // the jitter of backoffs is the same in every run
    }).pipe(Random.withSeed(1), Effect.provide(TestClock.layer()))
  )
