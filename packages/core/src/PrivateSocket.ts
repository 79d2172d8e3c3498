/**
 * A supervised private socket: the stream of an account, its order entry, or both. It has sessions, one after another, and
 * two at once while one replaces another; `Connection` supervises them as it does those of the market.
 *
 * Guarantees: `request` fails at once and with nothing sent while the socket is not Active; what was sent and not answered
 * before the socket was lost has an unknown outcome; a replacement that was seamless begins no new session of the stream,
 * everything else does, and so do frames that could not be read.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { AccountStream } from "./AccountStream.ts"
import { Asks } from "./Asks.ts"
import { Connection } from "./Connection.ts"
import type { ConnectionStates } from "./ConnectionStates.ts"
import { FeedCounter } from "./FeedCounter.ts"
import { OrderBudget } from "./OrderBudget.ts"
import { PrivateSession } from "./PrivateSession.ts"
import type { Ask, PrivateVenue } from "./PrivateVenue.ts"
import { SocketDriver } from "./Socket.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"
import { ConnectionFailed, type Reason } from "./VenueError.ts"

export interface PrivateSocketSetup<Answer> {
  readonly venue: PrivateVenue<Answer>
  readonly states: ConnectionStates
  /** Of the socket that brings the account's events. */
  readonly stream?: AccountStream
}

export interface PrivateSocket<Answer> {
  readonly request: (ask: Ask) => Effect.Effect<Answer, Reason>
  readonly isActive: () => boolean
  /** Puts a new session in the place of the present one, without a break. */
  readonly rotate: (reason: string) => boolean
  /** Tries again at once instead of waiting. */
  readonly reset: () => boolean
  /** Frames, and those of them that could not be read or were of no known kind. */
  readonly counts: () => { readonly frames: number; readonly malformed: number; readonly unknown: number }
}

/** How soon what could not be read is held for missed: an account must not go on without it, nor reconcile at each frame. */
const MISS_UNREAD_EVERY = "10 seconds"

export const make = <Answer>({
  states,
  stream,
  venue
}: PrivateSocketSetup<Answer>): Effect.Effect<PrivateSocket<Answer>, never, SocketDriver | Scope.Scope> =>
  Effect.gen(function* () {
    const driver = yield* SocketDriver
    const counter = new FeedCounter()
    let lastId = 0
    const onStatus = (status: ConnectionStatus): void => {
      if (status.state === "Active") stream?.up()
      else if (stream?.isUp === true) stream.down(status.reason)
      states.set(status)
    }
    const connection: Connection = new Connection({
      name: venue.name,
      venue: venue.venue,
      options: venue.options,
      dials: venue.dials,
      counter,
      onStatus,
      onLatency: (status) => states.set(status),
      session: (owner) =>
        new PrivateSession<Answer>(owner, {
          venue,
          driver,
          nextId: () => ++lastId,
          onLeft: (session, gapReason, reason) => {
            const current = connection.session
            if (current === session || current === undefined) {
              session.lose(reason)
              stream?.down(reason)
            } else if (gapReason === "stale") {
              session.lose(reason)
              // it had gone silent while it was the one that counted
              if (stream?.isUp === true) stream.missed()
            } else {
              session.retire(reason)
            }
          }
        })
    })
    yield* Effect.forkScoped(connection.run)
    let malformed = 0
    const missUnread = Effect.sync(() => {
      if (counter.malformed === malformed) return
      malformed = counter.malformed
      if (stream?.isUp === true) stream.missed()
    })
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(MISS_UNREAD_EVERY), missUnread)))
    const active = (): PrivateSession<Answer> | undefined => {
      const { session } = connection
      return session instanceof PrivateSession && session.isReady ? session : undefined
    }
    return {
      request: (ask) =>
        Effect.suspend(
          () =>
            active()?.request(ask) ?? Effect.fail(new ConnectionFailed({ message: `${venue.name} is not connected` }))
        ),
      isActive: () => active() !== undefined,
      rotate: (reason) => connection.rotate(reason),
      reset: () => connection.reset(),
      counts: () => ({ frames: counter.frames, malformed: counter.malformed, unknown: counter.unknown })
    }
  })

/**
 * One that is always active and sends nothing: each request stays, until it is interrupted, where its frame has been made. It
 * has a count of messages of its own, which none is counted in.
 */
export const rehearsal = <Answer>({
  answerWithin,
  messagesPerSecond: count
}: Pick<PrivateVenue<Answer>, "answerWithin" | "messagesPerSecond">): Pick<PrivateSocket<Answer>, "request"> => {
  let lastId = 0
  const limits = [{ name: "messages", count, window: "1 second", slides: true }] as const
  const asks = new Asks<Answer>({
    send: () => {},
    messages: new OrderBudget(limits, { counts: false }),
    nextId: () => ++lastId,
    within: Duration.fromInputUnsafe(answerWithin)
  })
  return { request: (ask) => asks.request(ask) }
}
