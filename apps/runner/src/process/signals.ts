/**
 * SIGINT and SIGTERM: the first asks for a stop, a second ends the process at once with 130. SIGUSR2, where there is such
 * a signal, asks for new connections.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import { FORCED } from "./exit.ts"

const names = ["SIGINT", "SIGTERM"] as const

/** Completes with the first signal's name. Signals are ours until the scope ends. */
export const stopRequested = Effect.acquireRelease(
  Effect.sync(() => {
    const first = Deferred.makeUnsafe<string>()
    let isAsked = false
    const handlers = names.map((name) => {
      const handler = () => {
        if (isAsked) process.exit(FORCED)
        isAsked = true
        Deferred.doneUnsafe(first, Effect.succeed(name))
      }
      process.on(name, handler)
      return { name, handler }
    })
    return { first, handlers }
  }),
  ({ handlers }) =>
    Effect.sync(() => {
      for (const { handler, name } of handlers) process.off(name, handler)
    })
).pipe(Effect.map(({ first }) => Deferred.await(first)))

export interface Renewals {
  /** What is done at each further signal; until this is said, nothing. */
  readonly handle: (effect: Effect.Effect<void>) => void
}

/** SIGUSR2 is ours until the scope ends, so that it never ends the process meanwhile. */
export const renewals = Effect.gen(function* () {
  const run = yield* FiberSet.makeRuntime<never, void>()
  let effect: Effect.Effect<void> = Effect.logInfo("there are no connections to renew yet")
  const handler = () => void run(effect)
  // Windows has no such signal
  if (process.platform !== "win32") {
    yield* Effect.acquireRelease(
      Effect.sync(() => process.on("SIGUSR2", handler)),
      () => Effect.sync(() => process.off("SIGUSR2", handler))
    )
  }
  const handle = (next: Effect.Effect<void>): void => {
    effect = next
  }
  return { handle } satisfies Renewals
})
