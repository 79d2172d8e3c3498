/**
 * SIGINT and SIGTERM: the first asks for a stop, a second ends the process at once with 130.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
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
