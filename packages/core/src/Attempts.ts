/**
 * The same thing for each of several, none of which may keep the others from their turn.
 */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"

/** Does it for each, one after another, whatever becomes of the others; fails as the first of those that failed. */
export const forEach = <A, E>(
  items: ReadonlyArray<A>,
  act: (item: A) => Effect.Effect<unknown, E>
): Effect.Effect<void, E> =>
  Effect.gen(function* () {
    const results = yield* Effect.forEach(items, (item) => Effect.result(act(item)))
    const failure = results.find(Result.isFailure)
    if (failure !== undefined) return yield* Effect.fail(failure.failure)
  })
