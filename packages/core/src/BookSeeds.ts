/**
 * Sees to it that books whose venue sends the whole of them on the socket get it: by subscribing anew.
 *
 * Guarantees: a book that has lost its chain is subscribed anew at once; one that has been subscribed and gets no whole
 * book within `SEED_WITHIN_MS` is too; again for the same book takes longer each time, until it is live.
 */
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import type { CheckedBookStream } from "./CheckedBookStream.ts"
import type { SnapshotLoader } from "./SnapshotLoader.ts"
import * as Subscription from "./Subscription.ts"

/** How long after a subscription the whole book may take. */
const SEED_WITHIN_MS = 5_000

const SHORTEST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000

export const make: Effect.Effect<SnapshotLoader, never, Scope.Scope> = Effect.gen(function* () {
  // by name: a map of Effect compares what an object holds, and a stream's fields change
  const fibers = yield* FiberMap.make<string>()
  const run = yield* FiberMap.runtime(fibers)<never>()
  /** How often each book has been subscribed anew since it was last live. */
  const attempts = new WeakMap<CheckedBookStream, number>()

  const seed = (stream: CheckedBookStream): Effect.Effect<void> =>
    Effect.gen(function* () {
      while (true) {
        yield* stream.confirmed.await
        if (stream.isSeeding) yield* Effect.sleep(SEED_WITHIN_MS)
        if (stream.view().state === "live") {
          attempts.delete(stream)
          return
        }
        const attempt = attempts.get(stream) ?? 0
        attempts.set(stream, attempt + 1)
        if (attempt > 0) yield* Effect.sleep(Math.min(SHORTEST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS))
        stream.reseed()
      }
    })

  return {
    request: (stream) => void run(Subscription.key(stream.subscription), seed(stream)),
    cancel: (stream) => void run(Subscription.key(stream.subscription), Effect.void)
  }
})
