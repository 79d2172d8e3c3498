/**
 * One socket's life: dial, subscribe, read, watch for silence, until it is over. It always ends with a reason; whatever
 * belongs to it ends with its scope.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { ChannelStream } from "./ChannelStream.ts"
import type { GapReason } from "./Event.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import { FrameReader } from "./FrameReader.ts"
import { type Carrier, Leg } from "./Leg.ts"
import { stateTime } from "./receiveTime.ts"
import { Requests } from "./Requests.ts"
import type { Socket, SocketDriver } from "./Socket.ts"
import type { SocketVenue } from "./SocketVenue.ts"
import * as SocketWatch from "./SocketWatch.ts"
import type { Owner, SupervisedSession } from "./SupervisedSession.ts"
import { SymbolLegs } from "./SymbolLegs.ts"
import { ConnectionLost, type Reason, Stale } from "./VenueError.ts"

/** What the session of a socket needs beside its connection. */
export interface SocketSessionSetup {
  readonly route: string
  readonly venue: SocketVenue
  readonly driver: SocketDriver["Service"]
}

export class Session implements SupervisedSession {
  readonly counter: FeedCounter
  readonly legs = new Map<ChannelStream, Leg>()
  /** Open once everything that it carries has been confirmed. */
  readonly ready = Latch.makeUnsafe(false)
  lastSign = 0
  readonly #owner: Owner
  readonly #setup: SocketSessionSetup
  readonly #bySymbol = new Map<string, SymbolLegs>()
  readonly #over = Deferred.makeUnsafe<never, Reason>()
  #socket: Socket | undefined
  #requests: Requests | undefined
  #fork: ((effect: Effect.Effect<void>) => unknown) | undefined
  /** The first ping that is not answered yet: when it went out, by the clock and in signs. */
  #pinged: { readonly atMs: number; readonly sign: number } | undefined
  /** In signs, when the ping went out that was answered last. */
  #proof = 0
  #canPing = true
  #isProving = false
  /** Topics that are to be subscribed anew, from the decision until the venue has confirmed it. */
  #renewals = 0

  constructor(owner: Owner, setup: SocketSessionSetup) {
    this.#owner = owner
    this.#setup = setup
    this.counter = owner.counter
  }

  get isOpen(): boolean {
    return this.#socket !== undefined
  }

  get lastProof(): number {
    return this.#canPing && this.counter.answersPings ? this.#proof : this.lastSign - 1
  }

  get isReady(): boolean {
    if (!this.isOpen || this.#renewals > 0) return false
    for (const { isConfirmed, stream } of this.legs.values()) if (!isConfirmed && stream.state !== "ended") return false
    return true
  }

  readonly run: Effect.Effect<never, Reason, Scope.Scope> = Effect.gen({ self: this }, function* () {
    const { isPaused, options, streams } = this.#owner
    const { driver, route, venue } = this.#setup
    this.#fork = yield* FiberSet.makeRuntime<never, void>()
    const reader = new FrameReader({
      decode: venue.decoder(),
      legs: this.#bySymbol,
      counter: this.counter,
      acknowledged: (id) => this.#requests?.acknowledged(id),
      rejected: (id, reason) => this.#requests?.rejected(id, reason),
      shutdownNotice: () => this.#owner.warned(this),
      giveUp: this.#giveUp
    })
    const { counter } = this
    const socket = yield* driver.open(
      venue.url(route),
      {
        onMessage: (frame, isText, receivedTime) => {
          this.lastSign = ++counter.signs
          reader.read(frame, isText, receivedTime)
        },
        onPing: () => (this.lastSign = ++counter.signs),
        onPong: () => {
          this.lastSign = ++counter.signs
          this.#answered()
        },
        onClose: (code, reason) => this.#giveUp(new ConnectionLost({ code, message: closeText(code, reason) }))
      },
      { timeout: options.dialTimeout, recordAs: this.#owner.name }
    )
    this.#requests = new Requests({
      venue,
      socket,
      acknowledgeTimeout: options.acknowledgeTimeout,
      onUnconfirmed: (legs, sign) => this.#reportUnconfirmed(legs, sign),
      lastSign: () => this.lastSign
    })
    this.#socket = socket
    if (isPaused) socket.pause()
    this.#owner.moved(this, { _tag: "Opened" })
    this.#owner.moved(this, { _tag: "SubscribingStarted" })
    this.#carry([...streams])
    this.#fork(Effect.asVoid(this.#ping(this.#requests)))
    return yield* Effect.raceFirst(Deferred.await(this.#over), this.#watch(socket, this.#requests))
  })

  /** Carries these as well. */
  subscribe(streams: ReadonlyArray<ChannelStream>): void {
    if (!this.isOpen) return
    this.ready.closeUnsafe()
    this.#owner.moved(this, { _tag: "NewSubscriptions" })
    this.#carry(streams)
  }

  /** Carries these no more. */
  unsubscribe(streams: ReadonlyArray<ChannelStream>): void {
    const left = new Set<string>()
    for (const stream of streams) {
      const leg = this.legs.get(stream)
      if (leg === undefined) continue
      const { symbol } = stream.subscription
      const ofSymbol = this.#bySymbol.get(symbol)
      ofSymbol?.remove(leg)
      if (ofSymbol?.isEmpty === true) this.#bySymbol.delete(symbol)
      this.legs.delete(stream)
      stream.detach(leg, "disconnect", "unsubscribed")
      left.add(stream.topic.name)
    }
    for (const { topic } of this.legs.keys()) left.delete(topic.name)
    const topics = [...left]
    const requests = this.#requests
    if (requests === undefined || topics.length === 0) return
    this.#fork?.(Effect.andThen(requests.unsubscribe(topics), this.#settle))
  }

  /** Subscribes anew to a stream that is silent here and should not be. */
  resubscribe(leg: Leg, reason: string): void {
    const requests = this.#requests
    if (requests === undefined || this.legs.get(leg.stream) !== leg) return
    leg.stream.renew(leg, reason)
    this.#begin(requests, leg.stream.topic.name)
  }

  readonly prove = (): void => {
    // a ping that is still to be sent proves this as well
    if (this.#isProving || this.#requests === undefined) return
    this.#isProving = true
    this.#fork?.(Effect.andThen(Effect.yieldNow, Effect.asVoid(this.#ping(this.#requests))))
  }

  readonly reseed: Carrier["reseed"] = (leg) => {
    if (this.#requests === undefined || this.legs.get(leg.stream) !== leg) return
    this.#begin(this.#requests, leg.stream.topic.name)
  }

  /** Everything that `before` carries is carried here as well. */
  carriesAs(before: SupervisedSession): boolean {
    for (const [stream, leg] of before.legs) {
      if (leg.isConfirmed && stream.state !== "ended" && this.legs.get(stream)?.carriesAs(leg) !== true) return false
    }
    return true
  }

  /** Nothing more comes from here: every stream is told, before the socket is even closed. */
  leave(gapReason: GapReason, reason: string): void {
    const legs = [...this.legs.values()]
    this.legs.clear()
    this.#bySymbol.clear()
    for (const leg of legs) leg.stream.detach(leg, gapReason, reason)
  }

  /** Whether the socket answers from now on. */
  readonly proveAlive: Effect.Effect<boolean> = Effect.suspend(() =>
    this.#requests === undefined ? Effect.succeed(false) : SocketWatch.proveAlive(this.#watched(this.#requests))
  )

  pause(): boolean {
    return this.#socket?.pause() === true
  }

  resume(): void {
    this.#socket?.resume()
  }

  readonly #giveUp = (reason: Reason): void => void Deferred.doneUnsafe(this.#over, Effect.fail(reason))

  #begin(requests: Requests, topic: string): void {
    this.#renewals++
    this.#owner.moved(this, { _tag: "NewSubscriptions" })
    const renewed = Effect.ensuring(
      requests.resubscribe(this.#legsOf(topic)),
      Effect.sync(() => this.#renewals--)
    )
    this.#fork?.(Effect.andThen(renewed, this.#settle))
  }

  /** What a topic carries here: one leg, or those that share it. */
  #legsOf(topic: string): ReadonlyArray<Leg> {
    return [...this.legs.values()].filter(({ stream }) => stream.topic.name === topic)
  }

  #carry(streams: ReadonlyArray<ChannelStream>): void {
    const known = new Set([...this.legs.values()].flatMap((leg) => (leg.isConfirmed ? [leg.stream.topic.name] : [])))
    // what the venue refused for good is not asked for again
    const legs = streams.filter((stream) => stream.state !== "ended").map((stream) => new Leg(stream, this))
    for (const leg of legs) {
      const { symbol } = leg.stream.subscription
      const ofSymbol = this.#bySymbol.get(symbol) ?? new SymbolLegs()
      this.#bySymbol.set(symbol, ofSymbol)
      ofSymbol.add(leg)
      this.legs.set(leg.stream, leg)
      leg.stream.attach(leg)
      // the topic is here already, for another of its legs; some venues refuse to be asked twice
      if (known.has(leg.stream.topic.name)) leg.confirm()
    }
    const asked = legs.filter((leg) => !leg.isConfirmed)
    this.#fork?.(Effect.andThen(this.#requests!.subscribe(asked), this.#settle))
  }

  /** Ready, and Active, once every leg whose stream has not ended is confirmed. */
  readonly #settle: Effect.Effect<void> = Effect.sync(() => {
    if (!this.isReady) return
    this.ready.openUnsafe()
    this.#owner.moved(this, { _tag: "AllAcknowledged" })
  })

  #reportUnconfirmed(legs: ReadonlyArray<Leg>, sign: number): Effect.Effect<void> {
    return Effect.suspend(() => {
      // not one answer, and nothing else either: there is nobody at the other end
      if (this.lastSign === sign && !this.#owner.isPaused) {
        const silentForMs = 2 * Duration.toMillis(this.#owner.options.acknowledgeTimeout)
        this.#giveUp(new Stale({ silentForMs, message: "nothing arrives, not even an answer to two requests" }))
      }
      for (const { stream } of legs) {
        if (!stream.isCarried) stream.move("pending", "not acknowledged by the venue, asking again")
      }
      const topics = legs.map((leg) => leg.stream.topic.name).join(",")
      const { name } = this.#owner
      const { venue } = this.#setup
      return Effect.logWarning("subscriptions not acknowledged, asking again").pipe(
        Effect.annotateLogs({ venue: venue.name, connection: name, topics })
      )
    })
  }

  /** Fails when the socket is dead; sends the pings of a venue that wants them from us. */
  #watch(socket: Socket, requests: Requests): Effect.Effect<never, Stale> {
    const { heartbeat } = this.#setup.venue
    const silence = SocketWatch.untilDead(this.#watched(requests), heartbeat.deadAfter)
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

  #watched(requests: Requests): SocketWatch.WatchedSocket {
    return {
      lastSign: () => this.lastSign,
      sign: () => this.counter.signs,
      lastProof: () => this.lastProof,
      isPaused: () => this.#owner.isPaused,
      answersPings: () => this.counter.answersPings,
      ping: this.#ping(requests)
    }
  }

  #ping(requests: Requests): Effect.Effect<boolean> {
    const sending = (): void => {
      this.#isProving = false
      this.#pinged ??= { atMs: stateTime(), sign: this.counter.signs }
    }
    return Effect.tap(requests.ping(sending), (canPing) => Effect.sync(() => (this.#canPing = canPing)))
  }

  #answered(): void {
    this.counter.answersPings = true
    if (this.#pinged === undefined) return
    const { atMs, sign } = this.#pinged
    this.#pinged = undefined
    this.#proof = sign
    this.#owner.measured(this, stateTime() - atMs)
  }
}

const closeText = (code: number, reason: string): string =>
  reason === "" ? `closed with ${code}` : `closed with ${code}: ${reason}`
