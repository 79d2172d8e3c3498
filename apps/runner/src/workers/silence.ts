/**
 * Finds out that a thread says nothing any more, though it has not ended: it may be at work without end.
 *
 * Guarantees: completes only after `LOOKS` looks in a row at which nothing had come; looks are taken between turns of the
 * event loop, so that a main thread that was busy itself finds what has come meanwhile.
 */
import * as Effect from "effect/Effect"

/** A worker gives its account every second. */
const LOOK_EVERY = "5 seconds"

const LOOKS = 6

export interface Silence {
  readonly heard: () => void
  readonly untilSilent: Effect.Effect<string>
}

export const make = (): Silence => {
  let looks = 0
  const look: Effect.Effect<string> = Effect.suspend(() =>
    ++looks > LOOKS ? Effect.succeed("it said nothing for half a minute") : Effect.delay(look, LOOK_EVERY)
  )
  return {
    heard: () => {
      looks = 0
    },
    untilSilent: look
  }
}
