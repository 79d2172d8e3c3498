/**
 * A polled connection: it has no socket, but sessions as a connection has. In a session each stream is polled by a loop
 * of its own; a failure of the venue ends the session, and the next one begins after the same backoff, with the same
 * circuit.
 *
 * Guarantees: its state is true at every moment: `Connecting` until the venue has answered, `Active` once it has answered
 * for each stream; a poll that is not back is not repeated; every poll waits for the REST budget with the least urgency;
 * what a session does not bring any more is told to every stream it polled.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Latch from "effect/Latch"
import * as Random from "effect/Random"
import * as Backoff from "./Backoff.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import { ConnectionTeller } from "./ConnectionTeller.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import { poll, type Reads } from "./poll.ts"
import { PollTimes } from "./PollTimes.ts"
import * as Subscription from "./Subscription.ts"
import * as Urgency from "./Urgency.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"
import { ConnectionLost, describe, type Reason, recovery, type VenueError } from "./VenueError.ts"

export interface PolledConnectionSetup {
  readonly name: string
  readonly reads: Reads
  readonly options: Pick<ConnectionOptions, "reconnect" | "polling">
  readonly counter: FeedCounter
  /** Called at every move. */
  readonly onStatus: (status: ConnectionStatus) => void
  /** Why its streams are polled, where they would not be otherwise. */
  readonly because?: string
  /** Where in its time the next stream is polled, in [0, 1). */
  readonly nextPhase: () => number
}

/** A poll that takes longer than so many of its times, and than so long, is told. */
const LATE_TIMES = 2
const LATE_MS = 5_000

/** What ended without a close code. */
const NO_CODE = 1006

interface Running {
  readonly over: Deferred.Deferred<never, Reason>
  readonly fork: (key: string, loop: Effect.Effect<void>) => unknown
}

export class PolledConnection {
  readonly name: string
  readonly streams = new Set<ChannelStream>()
  readonly #setup: PolledConnectionSetup
  readonly #teller: ConnectionTeller
  readonly #answered = new Set<ChannelStream>()
  #session: Running | undefined
  #isOpen = false
  #activeSinceMs: number | undefined
  /** In this session it has been told that polls take long. */
  #isLateTold = false
  /** The next session does not wait. */
  #isHurried = false
  /** Closed while nothing is to be read. */
  readonly #flow = Latch.makeUnsafe(true)
  /** Opened by an operator who does not want to wait. */
  readonly #wake = Latch.makeUnsafe(false)

  constructor(setup: PolledConnectionSetup) {
    this.name = setup.name
    this.#setup = setup
    this.#teller = new ConnectionTeller({ ...setup, onLatency: setup.onStatus })
  }

  get status(): ConnectionStatus {
    return this.#teller.status
  }

  /** Polls these as well. */
  add(streams: ReadonlyArray<ChannelStream>): void {
    for (const stream of streams) this.streams.add(stream)
    if (this.#session === undefined) return
    this.#teller.move({ _tag: "NewSubscriptions" })
    for (const stream of streams) this.#begin(this.#session, stream)
  }

  /** Polls these no more. */
  remove(streams: ReadonlyArray<ChannelStream>): void {
    for (const stream of streams) {
      this.streams.delete(stream)
      this.#answered.delete(stream)
      this.#session?.fork(Subscription.key(stream.subscription), Effect.void)
    }
  }

  pause(): void {
    this.#flow.closeUnsafe()
  }

  resume(): void {
    this.#flow.openUnsafe()
  }

  /** Ends the present session and begins another at once; false when the venue has not answered in it yet. */
  reconnect(reason: string): boolean {
    const session = this.#session
    if (session === undefined || !this.#isOpen || this.#isHurried) return false
    this.#isHurried = true
    Deferred.doneUnsafe(session.over, Effect.fail(new ConnectionLost({ code: NO_CODE, message: reason })))
    return true
  }

  /** Tries again at once instead of waiting; false when there is nothing to wait for. */
  reset(): boolean {
    if (!this.#teller.isWaiting) return false
    this.#wake.openUnsafe()
    return true
  }

  /** Sessions without end. */
  readonly run: Effect.Effect<never> = Effect.gen({ self: this }, function* () {
    const { reconnect } = this.#setup.options
    let backoff = Backoff.initial
    let probes = 0
    this.#teller.move({ _tag: "Start" })
    while (true) {
      const reason = yield* Effect.flip(this.#runSession)
      const activeForMs = this.#activeSinceMs === undefined ? 0 : (yield* Clock.currentTimeMillis) - this.#activeSinceMs
      backoff = Backoff.sessionEnded(reconnect, backoff, activeForMs)
      if (backoff.attempts === 0) probes = 0
      this.#teller.move({ _tag: "Lost", reason: describe(reason) })
      const step = Backoff.next(reconnect, backoff, yield* Random.next)
      const isExhausted = step === "exhausted"
      if (isExhausted) this.#teller.move({ _tag: "AttemptsUsedUp", reason: describe(reason) })
      const isWoken = yield* this.#rest(isExhausted ? Backoff.coolDownMs(reconnect, ++probes) : step.delayMs)
      backoff = isWoken ? Backoff.initial : isExhausted ? backoff : step.state
      this.#teller.move(
        isExhausted
          ? { _tag: "CoolDownEnded", attempt: reconnect.attempts + probes }
          : { _tag: "RetryNow", attempt: step.attempt }
      )
    }
  }).pipe(Effect.ensuring(Effect.sync(() => this.#teller.move({ _tag: "Stop" }))))

  /** Polls every stream until the venue fails. */
  readonly #runSession: Effect.Effect<never, Reason> = Effect.gen({ self: this }, function* () {
    const loops = yield* FiberMap.make<string>()
    const fork = yield* FiberMap.runtime(loops)<never>()
    const session: Running = { over: Deferred.makeUnsafe(), fork }
    this.#session = session
    this.#isOpen = false
    this.#isLateTold = false
    this.#activeSinceMs = undefined
    this.#answered.clear()
    for (const stream of this.streams) this.#begin(session, stream)
    return yield* Effect.onError(Deferred.await(session.over), () => Effect.sync(() => (this.#session = undefined)))
  }).pipe(
    Effect.scoped,
    Effect.tapError((reason) =>
      Effect.sync(() => {
        for (const stream of this.streams) stream.stopPolling("disconnect", describe(reason))
      })
    )
  )

  #begin(session: Running, stream: ChannelStream): void {
    if (stream.state === "ended") return
    stream.startPolling(this.#setup.because)
    session.fork(Subscription.key(stream.subscription), this.#loop(session, stream))
  }

  #loop(session: Running, stream: ChannelStream): Effect.Effect<void> {
    const { nextPhase, options, reads } = this.#setup
    return Effect.gen({ self: this }, function* () {
      const { channel } = stream.subscription
      const times = new PollTimes(options.polling, channel, nextPhase(), yield* Clock.currentTimeMillis)
      let due = times.first
      while (stream.state !== "ended") {
        yield* Effect.sleep(Math.max(0, due - (yield* Clock.currentTimeMillis)))
        yield* this.#flow.await
        const sent = yield* Clock.currentTimeMillis
        const answer = yield* Effect.result(poll(reads, stream))
        if (session !== this.#session) return
        const now = yield* Clock.currentTimeMillis
        yield* this.#tellLate(stream, now - sent, times.everyMs)
        if (answer._tag === "Failure") this.#failed(session, stream, answer.failure)
        else {
          stream.polled(answer.success.events)
          this.#heard(stream, now)
        }
        due = answer._tag === "Success" && answer.success.isMore ? now : times.after(due, now)
      }
    }).pipe(Effect.provideService(Urgency.current, "poll"))
  }

  /** The budget of the venue, or the venue, has less than was asked for. */
  #tellLate(stream: ChannelStream, tookMs: number, everyMs: number): Effect.Effect<void> {
    if (this.#isLateTold || tookMs < Math.max(LATE_MS, LATE_TIMES * everyMs)) return Effect.void
    this.#isLateTold = true
    const { channel, symbol } = stream.subscription
    return Effect.logWarning("polls take long: they wait for the REST budget, or for the venue").pipe(
      Effect.annotateLogs({ venue: this.#setup.reads.venue, connection: this.name, symbol, channel, tookMs })
    )
  }

  #failed(session: Running, stream: ChannelStream, { message, reason }: VenueError): void {
    switch (recovery(reason)._tag) {
      case "EndSubscription":
      case "Fatal":
        stream.end(message)
        this.#settle()
        return
      case "Skip":
        this.#setup.counter.malformed++
        this.#setup.counter.sample(message, reason._tag === "DecodeFailed" ? reason.sample : "")
        return
      default:
        Deferred.doneUnsafe(session.over, Effect.fail(reason))
    }
  }

  /** The venue has answered for this stream. */
  #heard(stream: ChannelStream, nowMs: number): void {
    this.#setup.counter.frames++
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#teller.opened()
      this.#teller.move({ _tag: "Opened" })
      this.#teller.move({ _tag: "SubscribingStarted" })
    }
    this.#answered.add(stream)
    if (this.#settle()) this.#activeSinceMs ??= nowMs
  }

  #settle(): boolean {
    for (const stream of this.streams) if (stream.state !== "ended" && !this.#answered.has(stream)) return false
    this.#teller.move({ _tag: "AllAcknowledged" })
    return true
  }

  /** Waits out a rest; true when it was cut short by the operator. */
  #rest(ms: number): Effect.Effect<boolean> {
    this.#wake.closeUnsafe()
    const isHurried = this.#isHurried
    this.#isHurried = false
    if (isHurried) return Effect.succeed(true)
    return Effect.raceFirst(Effect.as(Effect.sleep(ms), false), Effect.as(this.#wake.await, true))
  }
}
