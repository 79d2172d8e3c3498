/** Runs a program so that it is recorded: its sockets and requests, its timers, its time and its random numbers. */
import { Supervision } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type { Recorder } from "./Recorder.ts"
import * as RecordingHttp from "./RecordingHttp.ts"
import * as RecordingSocket from "./RecordingSocket.ts"
import * as Seams from "./Seams.ts"
import { Kind } from "./Tape.ts"

export const record = <A, E, R>(
  program: Effect.Effect<A, E, R>,
  recorder: Recorder,
  seed: number
): Effect.Effect<A, E, R | Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    yield* Effect.acquireRelease(
      Effect.sync(() => Supervision.stateTimeBy(recorder.now)),
      (restore) => Effect.sync(restore)
    )
    return yield* program.pipe(
      Effect.provideService(Seams.current, {
        driver: (venue, driver) => RecordingSocket.over(driver, recorder, venue),
        client: (venue, client) => RecordingHttp.over(client, recorder, venue)
      }),
      Effect.provideService(Clock.Clock, recordingClock(clock, recorder)),
      Random.withSeed(seed)
    )
  })

/** The system's timers; the time of what came in last. */
const recordingClock = (clock: Clock.Clock, recorder: Recorder): Clock.Clock => {
  const nanos = () => BigInt(Math.round(recorder.now() * 1_000)) * 1_000n
  const millis = () => Math.floor(recorder.now())
  return {
    currentTimeMillisUnsafe: millis,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) =>
      Duration.toMillis(duration) > 0
        ? Effect.andThen(
            clock.sleep(duration),
            Effect.sync(() => recorder.came(Kind.wake, 0, String(Duration.toMillis(duration))))
          )
        : clock.sleep(duration)
  }
}
