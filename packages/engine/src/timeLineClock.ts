/**
 * The time line as a clock of Effect's: what sleeps by it wakes between the same events in every run.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { TimeLine } from "./TimeLine.ts"

const NANOS_OF_MS = 1_000_000

export const timeLineClock = (timeLine: TimeLine): Clock.Clock => {
  const nanos = () => BigInt(Math.round(timeLine.now * NANOS_OF_MS))
  return {
    currentTimeMillisUnsafe: () => timeLine.now,
    currentTimeMillis: Effect.sync(() => timeLine.now),
    currentTimeNanosUnsafe: nanos,
    currentTimeNanos: Effect.sync(nanos),
    monotonicTimeNanosUnsafe: nanos,
    monotonicTimeNanos: Effect.sync(nanos),
    sleep: (duration) => {
      const ms = Duration.toMillis(duration)
      if (ms <= 0) return Effect.yieldNow
      if (!Number.isFinite(ms)) return Effect.never
      return Effect.callback<void>((resume) => {
        const forget = timeLine.schedule(timeLine.now + ms, () => resume(Effect.void))
        return Effect.sync(forget)
      })
    }
  }
}
