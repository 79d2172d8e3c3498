/**
 * Asks for what is next, for as long as it is wanted: one watch's loop, which decides by an error's reason who is told.
 *
 * Guarantees: after an error it waits, twice as long after each in a row; it ends when the session is given up.
 */
import { VenueError } from "@tidewire/core"
import { Effect } from "effect"
import { reasonOf } from "./errors.ts"
import type { Watch } from "./Watch.ts"

export interface WatchLoop {
  readonly isWanted: () => boolean
  readonly onAnswer: (answer: unknown) => void
  /** What came could not be read. */
  readonly onUnreadable: (reason: VenueError.Reason) => void
  /** A book does not add up; CCXT begins it anew when it is asked again. */
  readonly onBroken: (reason: VenueError.Reason) => void
  /** The exchange will not give it; it may still be wanted, where that is not believed yet. */
  readonly onRefused: (reason: VenueError.Reason) => void
  readonly giveUp: (reason: VenueError.Reason) => void
}

/** Answers in a row that cannot be read, after which another exchange object is tried. */
const UNREADABLE = 100

const SHORTEST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000

export const watchLoop = (watch: Watch, loop: WatchLoop): Effect.Effect<void> =>
  Effect.gen(function* () {
    let waitMs = SHORTEST_WAIT_MS
    let unread = 0
    while (loop.isWanted()) {
      const answer = yield* Effect.result(Effect.tryPromise({ try: () => watch.next(), catch: reasonOf }))
      if (!loop.isWanted()) return
      if (answer._tag === "Success") {
        waitMs = SHORTEST_WAIT_MS
        unread = 0
        loop.onAnswer(answer.success)
        if (watch.every !== undefined) yield* Effect.sleep(watch.every)
        continue
      }
      const reason = answer.failure
      switch (VenueError.recovery(reason)._tag) {
        case "Skip":
          loop.onUnreadable(reason)
          if (++unread >= UNREADABLE) return loop.giveUp(reason)
          break
        case "ResyncBook":
          loop.onBroken(reason)
          break
        case "EndSubscription":
        case "Fatal":
          loop.onRefused(reason)
          break
        default:
          return loop.giveUp(reason)
      }
      yield* Effect.sleep(waitMs)
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
    }
  })
