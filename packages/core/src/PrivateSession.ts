/**
 * One life of a private socket: dial, authenticate, subscribe, read, watch for silence, until it is over. It always ends
 * with a reason. The frames of a session that is being replaced are read to its end, and its requests wait for their answers.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import { Asks } from "./Asks.ts"
import type { GapReason } from "./Event.ts"
import * as Frame from "./Frame.ts"
import { OrderBudget } from "./OrderBudget.ts"
import { printableUrl } from "./printableUrl.ts"
import type { Ask, PrivateSink, PrivateVenue } from "./PrivateVenue.ts"
import type { SocketDriver } from "./Socket.ts"
import { SocketPulse } from "./SocketPulse.ts"
import * as SocketWatch from "./SocketWatch.ts"
import type { Owner, SupervisedSession } from "./SupervisedSession.ts"
import { ConnectionFailed, ConnectionLost, type Reason, recovery } from "./VenueError.ts"

export interface PrivateSessionSetup<Answer> {
  readonly venue: PrivateVenue<Answer>
  readonly driver: SocketDriver["Service"]
  readonly nextId: () => number
  /** This session delivers no more. */
  readonly onLeft: (session: PrivateSession<Answer>, gapReason: GapReason, reason: string) => void
}

export class PrivateSession<Answer> implements SupervisedSession {
  readonly legs = new Map<never, never>()
  readonly ready = Latch.makeUnsafe(false)
  readonly #owner: Owner
  readonly #setup: PrivateSessionSetup<Answer>
  readonly #over = Deferred.makeUnsafe<never, Reason>()
  readonly #pulse = new SocketPulse()
  #watched: SocketWatch.WatchedSocket | undefined
  #asks: Asks<Answer> | undefined

  constructor(owner: Owner, setup: PrivateSessionSetup<Answer>) {
    this.#owner = owner
    this.#setup = setup
  }

  get lastProof(): number {
    return this.#watched?.lastProof() ?? 0
  }

  get counter(): Owner["counter"] {
    return this.#owner.counter
  }

  get isOpen(): boolean {
    return this.#asks !== undefined
  }

  get isReady(): boolean {
    return this.ready.isOpen()
  }

  readonly run: Effect.Effect<never, Reason, Scope.Scope> = Effect.gen({ self: this }, function* () {
    const { driver, nextId, venue } = this.#setup
    const { heartbeat } = venue
    const url = yield* venue.url
    const socket = yield* driver
      .open(
        url,
        {
          onMessage: (frame, isText, receivedTime) => {
            this.#pulse.sign()
            this.counter.frames++
            if (isText) this.#read(Frame.text(frame), receivedTime)
            else this.counter.malformed++
          },
          onPing: () => this.#pulse.sign(),
          onPong: () => {
            const latencyMs = this.#pulse.answered()
            if (latencyMs !== undefined) this.#owner.measured(this, latencyMs)
          },
          onClose: (code, reason) =>
            this.#giveUp(
              new ConnectionLost({
                code,
                message: reason === "" ? `closed with ${code}` : `closed with ${code}: ${reason}`
              })
            )
        },
        { timeout: this.#owner.options.dialTimeout }
      )
      .pipe(Effect.mapError((reason) => withoutUrl(reason, url)))
    const messages = new OrderBudget(
      [{ name: "messages", count: venue.messagesPerSecond, window: "1 second", slides: true }],
      { usable: 1, reserve: 0 }
    )
    const within = Duration.fromInputUnsafe(venue.answerWithin)
    const asks = new Asks<Answer>({ send: socket.send, messages, nextId, within })
    yield* Effect.addFinalizer(() => Effect.suspend(() => (asks.refuse("closing"), asks.settled)))
    this.#asks = asks
    this.#watched = this.#pulse.watched(socket, (act) => Effect.map(messages.take("cancel"), act))
    this.#owner.moved(this, { _tag: "Opened" })
    const pings =
      heartbeat._tag === "ServerPings"
        ? Effect.never
        : Effect.forever(
            Effect.andThen(
              Effect.map(messages.take("cancel"), () => socket.send(heartbeat.frame(nextId()))),
              Effect.sleep(heartbeat.every)
            )
          )
    const silence = SocketWatch.untilDead(this.#watched, heartbeat.deadAfter)
    return yield* Effect.raceAllFirst([
      Deferred.await(this.#over),
      silence,
      pings,
      Effect.andThen(this.#begin(asks), venue.meanwhile ?? Effect.never)
    ])
  })

  request(ask: Ask): Effect.Effect<Answer, Reason> {
    return this.#asks?.request(ask) ?? Effect.fail(new ConnectionFailed({ message: "not connected" }))
  }

  leave(gapReason: GapReason, reason: string): void {
    this.#setup.onLeft(this, gapReason, reason)
  }

  /** It is lost: what was sent and is not answered is unknown. */
  lose(reason: string): void {
    this.#asks?.lose(reason)
  }

  /** Another one has taken its place: answers to what was sent may still come. */
  retire(reason: string): void {
    this.#asks?.refuse(reason)
  }

  readonly proveAlive: Effect.Effect<boolean> = Effect.suspend(() =>
    this.#watched === undefined ? Effect.succeed(false) : SocketWatch.proveAlive(this.#watched)
  )

  // it carries one account, whole, and never more or less of it
  subscribe(): void {}
  unsubscribe(): void {}
  resubscribe(): void {}
  prove(): void {}
  reseed(): void {}
  carriesAs(): boolean {
    return true
  }
  pause(): boolean {
    return false
  }
  resume(): void {}

  #begin(asks: Asks<Answer>): Effect.Effect<void, Reason> {
    const moved = (_tag: "AuthenticationNeeded" | "SubscribingStarted" | "AllAcknowledged") =>
      Effect.sync(() => this.#owner.moved(this, { _tag }))
    const beginning = this.#setup.venue.begin({
      request: (ask) => asks.request(ask),
      authenticating: moved("AuthenticationNeeded"),
      subscribing: moved("SubscribingStarted")
    })
    return beginning.pipe(
      Effect.tapError((reason) => {
        const action = recovery(reason)
        const restMs = action._tag === "Wait" ? (action.retryAfterMs ?? 0) : 0
        return restMs > 0 ? this.#setup.venue.dials.rest(restMs) : Effect.void
      }),
      Effect.andThen(moved("SubscribingStarted")),
      Effect.andThen(Effect.sync(() => this.ready.openUnsafe())),
      Effect.andThen(moved("AllAcknowledged"))
    )
  }

  readonly #giveUp = (reason: Reason): void => void Deferred.doneUnsafe(this.#over, Effect.fail(reason))

  readonly #sink: PrivateSink<Answer> = {
    answer: (id, answer) => {
      if (this.#asks?.answered(id, answer) !== true) this.counter.unknown++
    },
    over: this.#giveUp,
    shutdownNotice: () => this.#owner.warned(this),
    ignored: () => {},
    unknown: () => {
      this.counter.unknown++
    },
    malformed: () => {
      this.counter.malformed++
    }
  }

  #read(frame: string, receivedTime: number): void {
    try {
      this.#setup.venue.read(frame, receivedTime, this.#sink)
    } catch {
      this.counter.malformed++
    }
  }
}

/** No transport may tell a secret that is in the URL. */
const withoutUrl = (reason: ConnectionFailed, url: string): ConnectionFailed =>
  reason.message.includes(url)
    ? new ConnectionFailed({ ...reason, message: reason.message.replaceAll(url, printableUrl(url)) })
    : reason
