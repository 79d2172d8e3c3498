/**
 * Fetches the whole books that checked books ask for.
 *
 * Guarantees: at most `AT_ONCE` requests of a venue are under way, and none while the venue has asked to wait; a book is
 * asked for only after its changes are known to flow, so that the answer can be joined; asking again for the same book
 * takes longer each time, until it is live.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { CheckedBookStream } from "./CheckedBookStream.ts"
import type { BookSource } from "./SocketVenue.ts"
import { type Recovery, recovery } from "./VenueError.ts"

/** Snapshots of one venue that may be under way at once. */
const AT_ONCE = 4

const SHORTEST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

/** How long a venue that asks to wait, but not how long, is left alone. */
const WAIT_BY_DEFAULT_MS = 10_000

export interface SnapshotLoader {
  /** Asks for a snapshot; a request for the same book that is under way is given up. */
  readonly request: (stream: CheckedBookStream) => void
  readonly cancel: (stream: CheckedBookStream) => void
}

export const make = (fetch: NonNullable<BookSource["snapshot"]>): Effect.Effect<SnapshotLoader, never, Scope.Scope> =>
  Effect.gen(function* () {
    const permits = Semaphore.makeUnsafe(AT_ONCE)
    const fibers = yield* FiberMap.make<CheckedBookStream>()
    const run = yield* FiberMap.runtime(fibers)<never>()
    /** How often each book has been asked for since it was last live. */
    const attempts = new WeakMap<CheckedBookStream, number>()

    /** Until then the venue wants no requests. */
    let restUntilMs = 0
    const rest = Effect.flatMap(Clock.currentTimeMillis, (now) => Effect.sleep(Math.max(0, restUntilMs - now)))

    const load = (stream: CheckedBookStream): Effect.Effect<void> =>
      Effect.gen(function* () {
        yield* stream.confirmed.await
        const attempt = stream.view().state === "live" ? 0 : (attempts.get(stream) ?? 0)
        attempts.set(stream, attempt + 1)
        if (attempt > 0) yield* Effect.sleep(Math.min(SHORTEST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS))
        const result = yield* permits.withPermits(1)(Effect.andThen(rest, Effect.result(fetch(stream.subscription))))
        if (result._tag === "Success") {
          stream.snapshot(result.success)
          if (stream.view().state === "live") attempts.delete(stream)
          return
        }
        const action = recovery(result.failure.reason)
        if (endsSubscription(action)) return stream.end(result.failure.message)
        if (action._tag === "Wait") {
          restUntilMs = (yield* Clock.currentTimeMillis) + (action.retryAfterMs ?? WAIT_BY_DEFAULT_MS)
        }
        yield* Effect.logWarning("no order book snapshot, asking again").pipe(
          Effect.annotateLogs({ symbol: stream.subscription.symbol, error: result.failure.message })
        )
        stream.snapshotFailed(result.failure.message)
      })

    return {
      request: (stream) => void run(stream, load(stream)),
      cancel: (stream) => void run(stream, Effect.void)
    }
  })

const endsSubscription = (action: Recovery): boolean => action._tag === "Fatal" || action._tag === "EndSubscription"
