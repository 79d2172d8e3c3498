/**
 * A supervised connection: it has sessions, one after another, for as long as its fiber lives, and two at once while one
 * replaces another. The supervisor is the only one who moves its state.
 *
 * Guarantees: its state is true at every moment (S-B5); each session restores every subscription; a lost session is told
 * to every stream it carried before its socket is even closed; a session is replaced only by one that carries everything
 * that it carried (make before break); it never gives up for good: an open circuit is probed again after its cool-down
 * (S-C2).
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as FiberSet from "effect/FiberSet"
import * as Latch from "effect/Latch"
import * as Random from "effect/Random"
import * as Backoff from "./Backoff.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import type * as ConnectionState from "./ConnectionState.ts"
import { ConnectionTeller } from "./ConnectionTeller.ts"
import type { DialBudget } from "./DialBudget.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import type { Owner, SupervisedSession } from "./SupervisedSession.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"
import { ConnectionLost, describe, type Reason, recovery } from "./VenueError.ts"

export interface ConnectionSetup {
  readonly name: string
  /** What events carry as `venue`. */
  readonly venue: string
  readonly options: ConnectionOptions
  readonly dials: DialBudget
  /** Begins nothing yet: it is run, once. */
  readonly session: (owner: Owner) => SupervisedSession
  readonly counter: FeedCounter
  /** Called at every move. */
  readonly onStatus: (status: ConnectionStatus) => void
  /** Called when nothing but the latency is new. */
  readonly onLatency: (status: ConnectionStatus) => void
}

/** How long a replacement may take until it carries everything. */
const READY_WITHIN = Duration.seconds(30)

/** How long both sessions deliver after the older one was proved to be alive: what it still has on the way arrives. */
const OVERLAP = Duration.millis(500)

/** The part of `rotateAfter` by which connections are spread. */
const AGE_JITTER = 0.1

/** How long after a replacement that did not come about an old session is replaced again. */
const ROTATE_AGAIN_AFTER = Duration.minutes(5)

/** What ended without a close code. */
const NO_CODE = 1006

/** A session that was begun. */
interface Begun {
  readonly session: SupervisedSession
  fiber: Fiber.Fiber<unknown> | undefined
  /** Fails with why it was lost; succeeds when another one took its place. */
  readonly over: Deferred.Deferred<void, Reason>
}

export class Connection implements Owner {
  readonly name: string
  readonly options: ConnectionOptions
  readonly counter: FeedCounter
  readonly streams = new Set<ChannelStream>()
  isPaused = false
  readonly #venue: string
  readonly #makeSession: ConnectionSetup["session"]
  readonly #dials: DialBudget
  readonly #teller: ConnectionTeller
  #main: Begun | undefined
  /** The session that is to take the place of the main one. */
  #next: Begun | undefined
  #isReplacing = false
  #fork: ((effect: Effect.Effect<unknown>) => Fiber.Fiber<unknown>) | undefined
  #now: () => number = () => 0
  /** When the present session became Active. */
  #activeSinceMs: number | undefined
  /** The next session does not wait. */
  #isHurried = false
  /** Opened by an operator who does not want to wait. */
  readonly #wake = Latch.makeUnsafe(false)

  constructor(setup: ConnectionSetup) {
    this.name = setup.name
    this.options = setup.options
    this.counter = setup.counter
    this.#venue = setup.venue
    this.#makeSession = setup.session
    this.#dials = setup.dials
    this.#teller = new ConnectionTeller(setup)
  }

  get status(): ConnectionStatus {
    return this.#teller.status
  }

  /** The session that counts; `undefined` between two. */
  get session(): SupervisedSession | undefined {
    return this.#main?.session
  }

  /** Adds streams; running sessions subscribe to them. */
  add(streams: ReadonlyArray<ChannelStream>): void {
    for (const stream of streams) this.streams.add(stream)
    for (const each of [this.#main, this.#next]) each?.session.subscribe(streams)
  }

  /** Hands streams over to another connection. */
  handTo(other: string, streams: ReadonlyArray<ChannelStream>): void {
    this.#teller.say(`a part of it moves to ${other}`)
    this.remove(streams)
  }

  /** Takes streams away; running sessions unsubscribe from them. */
  remove(streams: ReadonlyArray<ChannelStream>): void {
    for (const stream of streams) this.streams.delete(stream)
    for (const each of [this.#main, this.#next]) each?.session.unsubscribe(streams)
  }

  /** Stops reading; false when there is no socket, or it cannot. */
  pause(): boolean {
    this.isPaused = this.#main?.session.pause() === true
    if (this.isPaused) this.#next?.session.pause()
    return this.isPaused
  }

  resume(): void {
    this.isPaused = false
    for (const each of [this.#main, this.#next]) each?.session.resume()
  }

  /** Tries again at once instead of waiting; false when there is nothing to wait for. */
  reset(): boolean {
    if (!this.#teller.isWaiting) return false
    this.#wake.openUnsafe()
    return true
  }

  /** Drops the present session and begins another at once; false when none is open. */
  reconnect(reason: string): boolean {
    const main = this.#main
    if (main?.session.isOpen !== true || this.#fork === undefined) return false
    if (this.#isHurried || Deferred.isDoneUnsafe(main.over)) return false
    this.#isHurried = true
    const lost = new ConnectionLost({ code: NO_CODE, message: reason })
    this.#fork(
      this.#lost(main.session, lost).pipe(
        Effect.andThen(Deferred.fail(main.over, lost)),
        Effect.andThen(this.#close(main))
      )
    )
    return true
  }

  /** Puts a new session in the place of the present one, without a break; false when there is none, or it is at work. */
  rotate(reason: string): boolean {
    if (this.#main?.session.isOpen !== true || this.#isReplacing || this.#fork === undefined) return false
    this.#isReplacing = true
    this.#fork(
      Effect.ensuring(
        this.#replace(reason),
        Effect.sync(() => (this.#isReplacing = false))
      )
    )
    return true
  }

  moved(session: SupervisedSession, input: ConnectionState.Input): void {
    if (session !== this.session) return
    if (input._tag === "Opened") this.#teller.opened()
    if (input._tag === "AllAcknowledged") this.#activeSinceMs ??= this.#now()
    this.#teller.move(input)
  }

  measured(session: SupervisedSession, latencyMs: number): void {
    if (session === this.session) this.#teller.measured(latencyMs)
  }

  warned(session: SupervisedSession): void {
    if (session === this.session) this.rotate("the venue announced a shutdown")
  }

  /** Sessions without end. */
  readonly run: Effect.Effect<never> = Effect.scoped(
    Effect.gen({ self: this }, function* () {
      const { reconnect } = this.options
      const clock = yield* Clock.Clock
      this.#now = () => clock.currentTimeMillisUnsafe()
      this.#fork = yield* FiberSet.makeRuntime<never, unknown>()
      const urgency = () => (this.#teller.hasBeenOpen ? "restore" : "start")
      let backoff = Backoff.initial
      let probes = 0
      yield* this.#dials.take("start")
      this.#teller.move({ _tag: "Start" })
      yield* this.#begin("main")
      while (true) {
        this.#activeSinceMs = this.session?.isReady === true ? this.#now() : undefined
        const reason = yield* this.#untilLost
        const activeForMs = this.#activeSinceMs === undefined ? 0 : this.#now() - this.#activeSinceMs
        backoff = Backoff.sessionEnded(reconnect, backoff, activeForMs)
        if (backoff.attempts === 0) probes = 0
        if (this.#adopt(reason)) {
          this.#isHurried = false
          continue
        }
        this.#teller.move({ _tag: "Lost", reason: describe(reason) })
        // what is refused for good is not asked for again and again
        const isFatal = recovery(reason)._tag === "Fatal"
        const step = isFatal ? "exhausted" : Backoff.next(reconnect, backoff, yield* Random.next)
        if (step === "exhausted") {
          const coolDownMs = Backoff.coolDownMs(reconnect, ++probes)
          this.#teller.move({ _tag: "AttemptsUsedUp", reason: describe(reason) })
          if (yield* this.#rest(coolDownMs)) backoff = Backoff.initial
          yield* this.#dials.take(urgency())
          this.#teller.move({ _tag: "CoolDownEnded", attempt: reconnect.attempts + probes })
        } else {
          backoff = (yield* this.#rest(step.delayMs)) ? Backoff.initial : step.state
          yield* this.#dials.take(urgency())
          this.#teller.move({ _tag: "RetryNow", attempt: step.attempt })
        }
        yield* this.#begin("main")
      }
    })
  ).pipe(Effect.ensuring(Effect.sync(() => this.#teller.move({ _tag: "Stop" }))))

  /** Waits out a rest; true when it was cut short by the operator. */
  #rest(ms: number): Effect.Effect<boolean> {
    this.#wake.closeUnsafe()
    const isHurried = this.#isHurried
    this.#isHurried = false
    if (isHurried) return Effect.succeed(true)
    return Effect.raceFirst(Effect.as(Effect.sleep(ms), false), Effect.as(this.#wake.await, true))
  }

  /** Begins a session that lives until it is lost, replaced, or the connection ends. */
  readonly #begin = Effect.fnUntraced({ self: this }, function* (as: "main" | "next") {
    const session = this.#makeSession(this)
    const over = Deferred.makeUnsafe<void, Reason>()
    const ageMs = Duration.toMillis(this.options.rotateAfter) * (1 - AGE_JITTER * (yield* Random.next))
    const life = Effect.andThen(Effect.forkScoped(this.#rotateAtAge(session, ageMs)), session.run).pipe(
      // the loss is known before the socket has said its goodbyes
      Effect.tapError((reason) => Effect.andThen(this.#lost(session, reason), Deferred.fail(over, reason))),
      Effect.scoped,
      Effect.onExit((exit) => Deferred.done(over, exit)),
      Effect.ignore
    )
    const begun: Begun = { session, over, fiber: undefined }
    // it may be open before the fork returns
    if (as === "main") this.#main = begun
    else this.#next = begun
    begun.fiber = this.#fork!(life)
    return begun
  })

  /** A replacement that did not come about is tried again before the venue's own limit. */
  #rotateAtAge(session: SupervisedSession, ageMs: number): Effect.Effect<never> {
    const reason = `it was ${Duration.format(Duration.millis(Math.round(ageMs)))} old`
    return Effect.andThen(
      Effect.sleep(ageMs),
      Effect.forever(
        Effect.andThen(
          Effect.sync(() => session === this.session && this.rotate(reason)),
          Effect.sleep(ROTATE_AGAIN_AFTER)
        )
      )
    )
  }

  /** Waits until the main session is lost; one that is replaced is followed by its replacement. */
  readonly #untilLost: Effect.Effect<Reason> = Effect.suspend(() =>
    Effect.matchEffect(Deferred.await(this.#main!.over), {
      onSuccess: () => this.#untilLost,
      onFailure: (reason) => Effect.succeed(reason)
    })
  )

  #lost(session: SupervisedSession, reason: Reason): Effect.Effect<void> {
    session.leave(reason._tag === "Stale" ? "stale" : "disconnect", describe(reason))
    return reason._tag === "ConnectionFailed" ? this.#dials.refused(reason) : Effect.void
  }

  /** The replacement, if one is on its way, is the connection now; false when there is none. */
  #adopt(reason: Reason): boolean {
    const next = this.#next
    this.#main = next
    this.#next = undefined
    if (next === undefined) return false
    const { session } = next
    if (session.isReady) {
      this.#teller.replaced(describe(reason))
      return true
    }
    this.#teller.move({ _tag: "Lost", reason: describe(reason) })
    this.#teller.move({ _tag: "RetryNow", attempt: 1 })
    if (session.isOpen) {
      this.#teller.opened()
      this.#teller.move({ _tag: "Opened" })
      this.#teller.move({ _tag: "SubscribingStarted" })
    }
    return true
  }

  /** Tries until a replacement has taken over, or there is nothing to replace any more. */
  #replace(reason: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      let backoff = Backoff.initial
      while (true) {
        const old = this.#main
        if (old === undefined) return
        yield* this.#dials.take("restore")
        if (this.#main !== old) return
        const next = yield* this.#begin("next")
        const isReady = yield* within(
          Effect.raceFirst(
            Effect.as(next.session.ready.await, true),
            Effect.as(Effect.exit(Deferred.await(next.over)), false)
          )
        )
        if (isReady && (yield* within(this.#handOver(old, next, reason)))) return
        if (this.#main !== old) return
        this.#next = undefined
        next.session.leave("disconnect", "not needed")
        yield* this.#close(next)
        yield* Effect.logWarning("a replacement did not become ready, trying again").pipe(
          Effect.annotateLogs({ venue: this.#venue, connection: this.name, reason })
        )
        const step = Backoff.next(this.options.reconnect, backoff, yield* Random.next)
        if (step === "exhausted") return
        backoff = step.state
        yield* Effect.sleep(step.delayMs)
      }
    })
  }

  /** The older session goes once it has been alive after the newer one carried everything, and a moment has passed. */
  #handOver(old: Begun, next: Begun, reason: string): Effect.Effect<boolean> {
    return Effect.gen({ self: this }, function* () {
      let isAlive: boolean
      do {
        yield* next.session.ready.await
        isAlive = yield* old.session.proveAlive
        yield* Effect.sleep(OVERLAP)
        // what was subscribed meanwhile has to be confirmed and proved as well
      } while (isAlive && !(next.session.isReady && next.session.carriesAs(old.session)))
      // it may have been lost meanwhile, and this one have taken over already
      if (this.#main !== old || this.#next !== next) return this.#main === next
      this.#main = next
      this.#next = undefined
      this.#teller.replaced(reason)
      old.session.leave(isAlive ? "disconnect" : "stale", reason)
      Deferred.doneUnsafe(old.over, Exit.void)
      this.#fork?.(this.#close(old))
      return true
    })
  }

  #close({ fiber }: Begun): Effect.Effect<void> {
    return fiber === undefined ? Effect.void : Fiber.interrupt(fiber)
  }
}

/** False when it takes longer than a replacement may. */
const within = (outcome: Effect.Effect<boolean>): Effect.Effect<boolean> =>
  Effect.timeoutOrElse(outcome, { duration: READY_WITHIN, orElse: () => Effect.succeed(false) })
