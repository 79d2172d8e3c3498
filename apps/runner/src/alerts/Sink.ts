/**
 * Somewhere that alerts are told: one announcement after the other, each until it has got through or is given up.
 *
 * Guarantees: whoever announces never waits; of announcements that wait the oldest give way and are counted; what could not be told
 * is logged, without anything secret.
 */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import type * as Scope from "effect/Scope"
import type { Announcement } from "./Announcement.ts"

const MOST_WAITING = 100

export interface Sink {
  readonly tell: (announcement: Announcement) => void
}

/** `send` fails with why it could not be told. */
export const make = (
  name: string,
  send: (announcement: Announcement) => Effect.Effect<void, string>
): Effect.Effect<Sink, never, Scope.Scope> =>
  Effect.gen(function* () {
    const waiting = yield* Queue.sliding<Announcement>(MOST_WAITING)
    let dropped = 0
    const next = Effect.gen(function* () {
      const announcement = yield* Queue.take(waiting)
      const told = yield* Effect.result(send(announcement))
      if (told._tag === "Failure") {
        yield* Effect.annotateLogs(Effect.logError("alerts could not be told"), {
          to: name,
          reason: told.failure,
          alerts: announcement.text
        })
      }
      if (dropped > 0) {
        yield* Effect.annotateLogs(Effect.logError(`${dropped} announcements of alerts gave way`), { to: name })
        dropped = 0
      }
    })
    yield* Effect.forkScoped(Effect.forever(next))
    return {
      tell: (announcement) => {
        if (Queue.isFullUnsafe(waiting)) dropped++
        Queue.offerUnsafe(waiting, announcement)
      }
    }
  })
