/**
 * Fetches what streams miss: trades by id, or the latest of them where ids tell nothing; final bars by open time.
 *
 * Guarantees: at most `AT_ONCE` reads of a venue are under way; live events of a stream wait no longer than
 * `repairWithin` for one hole, whatever the venue does; what came as far as the deadline is told, the rest is given up.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Channel from "./Channel.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { GapReason, MarketEvent } from "./Event.ts"
import * as Interval from "./Interval.ts"
import * as Subscription from "./Subscription.ts"
import * as Urgency from "./Urgency.ts"
import type { History } from "./VenueAdapter.ts"
import { recovery, type VenueError } from "./VenueError.ts"

const AT_ONCE = 8

/** Trades that one read asks for at most. */
const PAGE = 1_000

/** How long a missing number may still come by itself: overtaken by its neighbour, or on the other of two sessions. */
const REORDERED_MS = 100
const OTHER_SESSION_MS = 1_000

const SHORTEST_WAIT_MS = 100

/** What is missing, by number. */
export interface Missing {
  /** The first number that is missing; where nothing is numbered, the number of the hole. */
  readonly from: number
  /** The first number that is there again; `undefined` when nothing has come behind the hole yet. */
  readonly to: number | undefined
  readonly reason: GapReason
}

/** A stream that can be given what it misses. */
export interface Mendable extends Pick<ChannelStream, "subscription" | "legs"> {
  /** What is missing now; `undefined` when nothing is. */
  readonly missing: Missing | undefined
  /** Takes what was fetched; true when it was of use. */
  readonly backfilled: (events: ReadonlyArray<MarketEvent>) => boolean
  /** What is missing will not come. */
  readonly giveUp: () => void
}

export interface Backfill {
  /** Sees to what this stream misses, unless that is being done. */
  readonly request: (stream: Mendable) => void
  readonly cancel: (stream: Pick<Mendable, "subscription">) => void
}

type Read = Effect.Effect<ReadonlyArray<MarketEvent>, VenueError>

export const make = (
  history: History | undefined,
  repairWithin: Duration.Duration
): Effect.Effect<Backfill, never, Scope.Scope> =>
  Effect.gen(function* () {
    const permits = Semaphore.makeUnsafe(AT_ONCE)
    // by name: a map of Effect compares what an object holds, and a stream's fields change
    const fibers = yield* FiberMap.make<string>()
    const run = yield* FiberMap.runtime(fibers)<never>()

    /** Reads once; true when there is nothing more to be had. */
    const readOnce = (stream: Mendable, missing: Missing, withinMs: number): Effect.Effect<boolean> => {
      const read = reading(history, stream, missing)
      if (read === undefined) return Effect.succeed(true)
      return Effect.gen(function* () {
        const answer = yield* permits
          .withPermits(1)(read)
          .pipe(
            Effect.provideService(Urgency.current, "repair"),
            Effect.result,
            Effect.timeoutOrElse({ duration: withinMs, orElse: () => Effect.succeed(undefined) })
          )
        if (answer === undefined) return true
        if (answer._tag === "Failure") {
          const { _tag } = recovery(answer.failure.reason)
          yield* Effect.annotateLogs(Effect.logWarning("what is missing could not be fetched"), {
            ...stream.subscription,
            error: answer.failure.message
          })
          return _tag === "Fatal" || _tag === "EndSubscription"
        }
        const isOfUse = stream.backfilled(answer.success)
        // without a bound there is more for as long as there is something
        return missing.to === undefined && (!isOfUse || answer.success.length < PAGE)
      })
    }

    const mend = (stream: Mendable): Effect.Effect<void> =>
      Effect.gen(function* () {
        let hole: number | undefined
        let deadlineMs = 0
        let waitMs = SHORTEST_WAIT_MS
        while (true) {
          const missing = stream.missing
          if (missing === undefined) return
          const now = yield* Clock.currentTimeMillis
          if (missing.to !== hole || deadlineMs === 0) {
            hole = missing.to
            deadlineMs = now + Duration.toMillis(repairWithin)
            waitMs = SHORTEST_WAIT_MS
            yield* Effect.sleep(graceMs(stream, missing))
            continue
          }
          const isOver = now >= deadlineMs || (yield* readOnce(stream, missing, deadlineMs - now))
          if (isOver) stream.giveUp()
          else if (stream.missing?.from === missing.from) {
            // the venue may not have written it yet, or be busy
            yield* Effect.sleep(Math.min(waitMs, Math.max(0, deadlineMs - now)))
            waitMs *= 2
          }
        }
      })

    return {
      request: (stream) => void run(Subscription.key(stream.subscription), mend(stream), { onlyIfMissing: true }),
      cancel: (stream) => void run(Subscription.key(stream.subscription), Effect.void)
    }
  })

/** How long to wait before asking: nothing will come by itself over a session that is gone. */
const graceMs = (stream: Mendable, { reason, to }: Missing): number => {
  if (to === undefined) return 0
  if (stream.legs.size > 1) return OTHER_SESSION_MS
  return reason === "sequence" ? REORDERED_MS : 0
}

const reading = (history: History | undefined, stream: Mendable, { from, to }: Missing): Read | undefined => {
  const { channel, symbol } = stream.subscription
  const interval = Channel.interval(channel)
  if (interval !== undefined) {
    const until = Interval.previousOpenTime(interval, to ?? from)
    return until < from ? undefined : history?.bars?.({ symbol, interval, from, to: until })
  }
  if (history?.trades === undefined) return history?.recentTrades?.(symbol, PAGE)
  return history.trades({ symbol, fromId: String(from), limit: Math.min(PAGE, (to ?? Infinity) - from) })
}
