/**
 * One socket's life: dial, subscribe, read, watch for silence, until it is over. A session always ends with the reason
 * why; whatever belongs to it ends with its scope.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import type { ChannelStream } from "./ChannelStream.ts"
import type * as ConnectionState from "./ConnectionState.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import { FrameReader } from "./FrameReader.ts"
import { Requests } from "./Requests.ts"
import type { Socket, SocketDriver } from "./Socket.ts"
import type { Heartbeat, SocketVenue } from "./SocketVenue.ts"
import type { SymbolStreams } from "./SymbolStreams.ts"
import { ConnectionLost, type Reason, Stale } from "./VenueError.ts"

/** The connection that a session is for. */
export interface Owner {
  readonly name: string
  readonly route: string
  readonly venue: SocketVenue
  readonly options: ConnectionOptions
  readonly driver: SocketDriver["Service"]
  readonly counter: FeedCounter
  readonly streams: ReadonlyMap<string, SymbolStreams>
  readonly all: ReadonlySet<ChannelStream>
  /** Reading was stopped by a queue: silence means nothing meanwhile. */
  readonly isPaused: boolean
  readonly move: (input: ConnectionState.Input) => void
  /** The session has a socket now. */
  readonly entered: (session: Running) => void
  /** The session is over; told before its socket is closed. */
  readonly left: (reason: Reason) => void
}

/** What a connection may ask of its running session. */
export interface Running {
  readonly socket: Socket
  /** Subscribes to streams that were added. */
  readonly subscribe: (streams: ReadonlyArray<ChannelStream>) => void
  readonly unsubscribe: (streams: ReadonlyArray<ChannelStream>) => void
}

/** How often within `deadAfter` silence is looked for. */
const LOOKS = 4

export const run = (owner: Owner): Effect.Effect<never, Reason, Scope.Scope> =>
  Effect.gen(function* () {
    const { options, venue } = owner
    const over = Deferred.makeUnsafe<never, Reason>()
    const giveUp = (reason: Reason): void => void Deferred.doneUnsafe(over, Effect.fail(reason))
    const fork = yield* FiberSet.makeRuntime<never, void>()
    let requests: Requests | undefined
    let signs = 0
    const reader = new FrameReader({
      decode: venue.decode,
      streams: owner.streams,
      counter: owner.counter,
      acknowledged: (id) => requests?.acknowledged(id),
      rejected: (id, reason) => requests?.rejected(id, reason),
      // the data flows on until the venue closes; a replacement before that is the work of rotation
      shutdownNotice: () =>
        void fork(Effect.annotateLogs(Effect.logWarning("the venue announced a shutdown"), about(owner))),
      giveUp
    })
    const socket = yield* owner.driver.open(
      venue.url(owner.route),
      {
        onMessage: (frame, isText, receivedTime) => {
          signs++
          reader.read(frame, isText, receivedTime)
        },
        onPing: () => signs++,
        onClose: (code, reason) => giveUp(new ConnectionLost({ code, message: closeText(code, reason) }))
      },
      { timeout: options.dialTimeout }
    )
    owner.move({ _tag: "Opened" })
    owner.move({ _tag: "SubscribingStarted" })
    const asked = new Requests({
      venue,
      socket,
      acknowledgeTimeout: options.acknowledgeTimeout,
      onUnconfirmed: (streams) => reportUnconfirmed(owner, streams)
    })
    requests = asked
    const subscribe = (streams: ReadonlyArray<ChannelStream>): void => {
      // what the venue refused for good is not asked for again
      const wanted = streams.filter((stream) => stream.state !== "ended")
      for (const stream of wanted) stream.opened()
      fork(
        Effect.andThen(
          asked.subscribe(wanted),
          Effect.sync(() => settle(owner))
        )
      )
    }
    owner.entered({
      socket,
      subscribe: (streams) => {
        owner.move({ _tag: "NewSubscriptions" })
        subscribe(streams)
      },
      unsubscribe: (streams) => void fork(asked.unsubscribe(streams.map((stream) => stream.topic.name)))
    })
    subscribe([...owner.all])
    return yield* Effect.raceFirst(
      Deferred.await(over),
      watch(venue.heartbeat, socket, () => (owner.isPaused ? undefined : signs))
    )
  }).pipe(Effect.tapError((reason) => Effect.sync(() => owner.left(reason))))

/** Active once every stream that has not ended is confirmed. */
const settle = (owner: Owner): void => {
  for (const stream of owner.all) if (!stream.isConfirmed && stream.state !== "ended") return
  owner.move({ _tag: "AllAcknowledged" })
}

const reportUnconfirmed = (owner: Owner, streams: ReadonlyArray<ChannelStream>): Effect.Effect<void> =>
  Effect.suspend(() => {
    for (const stream of streams) stream.move("pending", "not acknowledged by the venue, asking again")
    const topics = streams.map((stream) => stream.topic.name)
    return Effect.logWarning("subscriptions not acknowledged, asking again").pipe(
      Effect.annotateLogs({ ...about(owner), topics: topics.join(",") })
    )
  })

const about = (owner: Owner) => ({ venue: owner.venue.name, connection: owner.name })

/** Fails when nothing at all arrived for `deadAfter`; sends the pings of a venue that wants them from us. */
const watch = (heartbeat: Heartbeat, socket: Socket, signs: () => number | undefined): Effect.Effect<never, Stale> => {
  const deadAfter = Duration.fromInputUnsafe(heartbeat.deadAfter)
  const silence = Effect.gen(function* () {
    let seen = signs()
    let since = yield* Clock.currentTimeMillis
    while (true) {
      yield* Effect.sleep(Duration.millis(Duration.toMillis(deadAfter) / LOOKS))
      const now = yield* Clock.currentTimeMillis
      const current = signs()
      if (current === undefined || current !== seen) {
        seen = current
        since = now
      } else if (now - since >= Duration.toMillis(deadAfter)) {
        return yield* new Stale({
          silentForMs: now - since,
          message: `nothing arrived for ${Duration.format(deadAfter)}`
        })
      }
    }
  })
  if (heartbeat._tag === "ServerPings") return silence
  let id = 0
  const pings = Effect.forever(
    Effect.andThen(
      Effect.sync(() => socket.send(heartbeat.frame(++id))),
      Effect.sleep(heartbeat.every)
    )
  )
  return Effect.raceFirst(silence, pings)
}

const closeText = (code: number, reason: string): string =>
  reason === "" ? `closed with ${code}` : `closed with ${code}: ${reason}`
