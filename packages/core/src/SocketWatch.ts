/**
 * Watches one socket for silence, with nothing but signs of life: a frame, a ping, a pong.
 *
 * Guarantees: a socket that is open and dead is found after the venue's `deadAfter` at the latest, and within about
 * `PING_AFTER` + `ANSWER_WITHIN` where a ping of ours has been answered before; a socket whose reading was stopped is
 * not taken for dead.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Stale } from "./VenueError.ts"

export interface WatchedSocket {
  /** Changes with every sign of life. */
  readonly lastSign: () => number
  /** The count of signs as it stands, and as it stood when the ping went out that was answered last. */
  readonly sign: () => number
  readonly lastProof: () => number
  /** Reading was stopped: silence means nothing. */
  readonly isPaused: () => boolean
  /** A ping has been answered, so that an answer that does not come means something. */
  readonly answersPings: () => boolean
  /** False when the transport cannot. */
  readonly ping: Effect.Effect<boolean>
}

/** How long a socket may say nothing before it is pinged, and how long the answer may take. */
const PING_AFTER_MS = 5_000
const ANSWER_WITHIN_MS = 5_000

/** How often a socket that is not silent is pinged all the same, to know the way there and back. */
const MEASURE_EVERY_MS = 30_000

/** How often silence is looked for: at most this, and so many times within `deadAfter`. */
const LOOK_EVERY_MS = 1_000
const LOOKS = 4

/** How often it is looked whether an answer has come. */
const ANSWER_LOOK_MS = 20

/** Fails when the socket is dead. */
export const untilDead = (socket: WatchedSocket, deadAfter: Duration.Input): Effect.Effect<never, Stale> =>
  Effect.gen(function* () {
    const deadAfterMs = Duration.toMillis(Duration.fromInputUnsafe(deadAfter))
    const lookEveryMs = Math.min(LOOK_EVERY_MS, deadAfterMs / LOOKS)
    let seen = socket.lastSign()
    let sinceMs = yield* Clock.currentTimeMillis
    let pingedMs: number | undefined
    let measuredMs = sinceMs
    while (true) {
      yield* Effect.sleep(lookEveryMs)
      const now = yield* Clock.currentTimeMillis
      if (socket.isPaused() || socket.lastSign() !== seen) {
        seen = socket.lastSign()
        sinceMs = now
        pingedMs = undefined
        if (now - measuredMs >= MEASURE_EVERY_MS) {
          measuredMs = now
          yield* socket.ping
        }
        continue
      }
      const silentForMs = now - sinceMs
      const isUnanswered = socket.answersPings() && pingedMs !== undefined && now - pingedMs >= ANSWER_WITHIN_MS
      if (isUnanswered || silentForMs >= deadAfterMs) {
        const message = `nothing arrived for ${Duration.format(Duration.millis(silentForMs))}`
        return yield* new Stale({ silentForMs, message: isUnanswered ? `${message}, not even a pong` : message })
      }
      if (pingedMs === undefined && silentForMs >= PING_AFTER_MS && (yield* socket.ping)) pingedMs = now
    }
  })

/**
 * Asks the venue for an answer from now on; false when none came. What the venue had sent before it answered has arrived by
 * then. Where the transport cannot ping, any sign of life has to do.
 */
export const proveAlive = (socket: WatchedSocket): Effect.Effect<boolean> =>
  Effect.suspend(() => {
    const since = socket.sign()
    return Effect.gen(function* () {
      yield* socket.ping
      while (socket.lastProof() < since) yield* Effect.sleep(ANSWER_LOOK_MS)
      return true
    })
  }).pipe(Effect.timeoutOrElse({ duration: ANSWER_WITHIN_MS, orElse: () => Effect.succeed(false) }))
