/**
 * Fetches the whole books that checked books ask for.
 *
 * Guarantees: at most four requests of a venue are under way, and never all of them for books that were not live yet, so
 * that a book which was is not held up by a start; a book is asked for only after its changes are known to flow, so that
 * the answer can be joined; asking again for the same book takes longer each time, until it is live. How much may be
 * asked of the venue, and when it wants to be left alone, is the budget's (`RestBudget`): a read waits for it by itself.
 */
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { CheckedBookStream } from "./CheckedBookStream.ts"
import type { BookSource } from "./SocketVenue.ts"
import * as Subscription from "./Subscription.ts"
import * as Urgency from "./Urgency.ts"
import { type Recovery, recovery } from "./VenueError.ts"

/** Snapshots of one venue that may be under way at once, and how many of them for books that were not live yet. */
const AT_ONCE = 4
const FIRST_AT_ONCE = 3

const SHORTEST_WAIT_MS = 250
const LONGEST_WAIT_MS = 10_000

export interface SnapshotLoader {
  /** Asks for a snapshot; a request for the same book that is under way is given up. */
  readonly request: (stream: CheckedBookStream) => void
  readonly cancel: (stream: CheckedBookStream) => void
}

export const make = (fetch: NonNullable<BookSource["snapshot"]>): Effect.Effect<SnapshotLoader, never, Scope.Scope> =>
  Effect.gen(function* () {
    const permits = Semaphore.makeUnsafe(AT_ONCE)
    const firstPermits = Semaphore.makeUnsafe(FIRST_AT_ONCE)
    // by name: a map of Effect compares what an object holds, and a stream's fields change
    const fibers = yield* FiberMap.make<string>()
    const run = yield* FiberMap.runtime(fibers)<never>()
    /** How often each book has been asked for since it was last live. */
    const attempts = new WeakMap<CheckedBookStream, number>()
    const wereLive = new WeakSet<CheckedBookStream>()

    const read = (stream: CheckedBookStream) => {
      const snapshot = Effect.result(permits.withPermits(1)(fetch(stream.subscription)))
      return wereLive.has(stream)
        ? Effect.provideService(snapshot, Urgency.current, "resync")
        : firstPermits.withPermits(1)(Effect.provideService(snapshot, Urgency.current, "start"))
    }

    const load = (stream: CheckedBookStream): Effect.Effect<void> =>
      Effect.gen(function* () {
        yield* stream.confirmed.await
        const attempt = stream.view().state === "live" ? 0 : (attempts.get(stream) ?? 0)
        attempts.set(stream, attempt + 1)
        if (attempt > 0) yield* Effect.sleep(Math.min(SHORTEST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS))
        const result = yield* read(stream)
        if (result._tag === "Success") {
          stream.snapshot(result.success)
          if (stream.view().state !== "live") return
          attempts.delete(stream)
          wereLive.add(stream)
          return
        }
        if (endsSubscription(recovery(result.failure.reason))) return stream.end(result.failure.message)
        yield* Effect.logWarning("no order book snapshot, asking again").pipe(
          Effect.annotateLogs({ symbol: stream.subscription.symbol, error: result.failure.message })
        )
        stream.snapshotFailed(result.failure.message)
      })

    return {
      request: (stream) => void run(Subscription.key(stream.subscription), load(stream)),
      cancel: (stream) => void run(Subscription.key(stream.subscription), Effect.void)
    }
  })

const endsSubscription = (action: Recovery): boolean => action._tag === "Fatal" || action._tag === "EndSubscription"
