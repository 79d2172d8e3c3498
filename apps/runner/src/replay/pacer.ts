/** How real time passes in a replay: as fast as the reader of standard output takes it, and no faster than was asked for. */
import * as Effect from "effect/Effect"
import * as Standard from "../output/standard.ts"

/** Less is not waited for: timers are no finer. */
const LEAST_MS = 2

/** Output that may wait, in bytes. */
const MOST_OUTPUT = 256 * 1024

/** `speed` is how many times as fast as it was; `Infinity` for as fast as it goes. */
export const pacer = (startedAt: number, speed: number): ((time: number) => Promise<void> | undefined) => {
  const began = performance.now()
  return (time) => {
    if (Standard.waiting() > MOST_OUTPUT) return Effect.runPromise(Standard.flushed)
    if (speed === Infinity) return undefined
    const early = (time - startedAt) / speed - (performance.now() - began)
    return early < LEAST_MS ? undefined : Effect.runPromise(Effect.sleep(early))
  }
}

/** Ends when all that was told has left, or nobody reads it any more. */
export const told = (): Promise<void> => Effect.runPromise(Standard.flushed)
