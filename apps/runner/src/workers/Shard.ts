/**
 * The share of one worker, for as long as the feed lives: its thread, begun again whenever it is lost, and what is known
 * in the main thread of what it carries.
 *
 * Guarantees: a thread that ends is reported, its connections are told lost and every channel is told interrupted before
 * anything else; another begins after the backoff of the entry's `reconnect`, and goes on without end (an open circuit is
 * probed as that of a connection); a stop takes no longer than `STOP_WITHIN`.
 */
import {
  Backoff,
  type ConnectionOptions,
  type Event,
  type Subscription,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Latch from "effect/Latch"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import * as Counts from "./counts.ts"
import { EventBatchReader } from "./EventBatch.ts"
import type { Account, FromWorker, LogRecord, Order, PlainError, ToWorker } from "./messages.ts"
import * as PlainErrors from "./plainErrors.ts"
import * as Receipt from "./receipt.ts"
import * as RemoteBudgets from "./remoteBudgets.ts"
import { planned, Statuses } from "./Statuses.ts"
import * as Thread from "./Thread.ts"
import { Told, type ToldSetup } from "./Told.ts"

type Subscriptions = ReadonlyArray<Subscription.Subscription>

export interface ShardSetup extends ToldSetup {
  /** Counted from 1. */
  readonly worker: number
  readonly reconnect: ConnectionOptions.Reconnect
  readonly order: Omit<Order, "subscriptions">
  readonly plan: VenueAdapter.VenueAdapter["plan"]
  readonly canPause: boolean
  /** The states of its connections have changed. */
  readonly onStates: () => void
}

/** Less than a stream has for closing. */
const STOP_WITHIN = "4 seconds"

/** With a session that can be dropped. */
const OPEN = ["Connected", "Authenticating", "Subscribing", "Active"] as const

/** What takes an Effect. */
type Aside = "take" | "leave" | "rest" | "answered" | "log"

/** One thread, and what it was begun with. */
interface Live {
  readonly thread: Thread.Thread
  readonly reader: EventBatchReader
  readonly ordered: Subscriptions
}

/** What became of an update; of one that is lost with its thread, the next thread knows. */
type Outcome = PlainError | "lost" | undefined

export class Shard {
  readonly told: Told
  /** The first thread has opened its feed. */
  readonly opened = Deferred.makeUnsafe<void, VenueError.VenueError>()
  readonly statuses: Statuses
  readonly #setup: ShardSetup
  #subscriptions: Subscriptions
  #thread: Thread.Thread | undefined
  /** The thread has opened its feed, with these. */
  #carried: Subscriptions | undefined
  #openedMs: number | undefined
  #before: VenueAdapter.FeedCounts = Counts.none
  #counts: VenueAdapter.FeedCounts = Counts.none
  #samples: ReturnType<VenueAdapter.Feed["samples"]> = []
  #account: Account | undefined
  #updates = 0
  /** What has come before there is anybody to take it: as much as a worker hands over without an answer. */
  #early: Array<() => void> | undefined = []
  readonly #answers = new Map<number, (outcome: Outcome) => void>()
  readonly #stopped = Deferred.makeUnsafe<void>()
  readonly #wanted = Latch.makeUnsafe(false)
  /** Opened by an operator who does not want to wait. */
  readonly #wake = Latch.makeUnsafe(false)
  #isWaiting = false
  #isStopping = false

  constructor(setup: ShardSetup, subscriptions: Subscriptions) {
    this.#setup = setup
    this.told = new Told(setup)
    this.statuses = new Statuses(setup.worker)
    this.#subscriptions = subscriptions
    this.told.expect(subscriptions)
    const { connections } = setup.plan(subscriptions)
    this.statuses.replace(connections.map(({ name }) => planned(name, setup.now())))
    if (subscriptions.length > 0) this.#wanted.openUnsafe()
    else Deferred.doneUnsafe(this.opened, Effect.void)
  }

  /** As of the last second. */
  counts(): VenueAdapter.FeedCounts {
    return Counts.sum([this.#before, this.#counts])
  }

  samples(): ReturnType<VenueAdapter.Feed["samples"]> {
    return this.#samples
  }

  /** Threads, one after another. */
  readonly run: Effect.Effect<never> = Effect.gen({ self: this }, function* () {
    const { now, reconnect } = this.#setup
    yield* this.#wanted.await
    let backoff = Backoff.initial
    let probes = 0
    while (true) {
      const reason = yield* Effect.scoped(this.#live)
      if (this.#isStopping) return yield* Effect.never
      backoff = Backoff.sessionEnded(reconnect, backoff, this.#openedMs === undefined ? 0 : now() - this.#openedMs)
      if (backoff.attempts === 0) probes = 0
      const step = Backoff.next(reconnect, backoff, yield* Random.next)
      const isExhausted = step === "exhausted"
      const attempt = isExhausted ? reconnect.attempts + ++probes : step.attempt
      const delayMs = isExhausted ? Backoff.coolDownMs(reconnect, probes) : step.delayMs
      this.#lost(reason, isExhausted ? "Failed" : "Reconnecting", attempt)
      yield* Effect.logError("a worker was lost: another takes its place").pipe(
        Effect.annotateLogs({ ...this.#annotations, reason, attempt, afterMs: Math.round(delayMs) })
      )
      const isCutShort = yield* this.#rest(delayMs)
      backoff = isExhausted || isCutShort ? Backoff.initial : step.state
    }
  })

  /** There is somebody who takes what comes. */
  begin(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const deliver of early) deliver()
  }

  /** Changes what it carries; what goes is told by the worker, or here when there is none. */
  update(next: Subscriptions, reasons: ReadonlyMap<string, string>): Effect.Effect<void, VenueError.VenueError> {
    return Effect.suspend(() => {
      const before = this.#subscriptions
      this.#subscriptions = next
      this.told.expect(next)
      if (next.length > 0) this.#wanted.openUnsafe()
      if (this.#carried === undefined) {
        this.#endMissing(before, reasons)
        return Effect.void
      }
      return Effect.flatMap(this.#send(next, reasons), (answer) => {
        if (answer === "lost") this.#endMissing(before, reasons)
        else if (answer !== undefined) return Effect.fail(PlainErrors.to(this.#setup.venue, answer))
        return Effect.void
      })
    })
  }

  rotate(name?: string): ReadonlyArray<string> {
    const names = this.#thread === undefined ? [] : this.statuses.named(name, ["Subscribing", "Active"])
    for (const each of names) this.#post({ type: "rotate", connection: this.statuses.bareName(each) })
    return names
  }

  reconnect(name?: string): ReadonlyArray<string> {
    const names = this.#thread === undefined ? [] : this.statuses.named(name, OPEN)
    for (const each of names) this.#post({ type: "reconnect", connection: this.statuses.bareName(each) })
    return names
  }

  reset(name?: string): ReadonlyArray<string> {
    const names = this.statuses.named(name, ["Reconnecting", "Failed"])
    if (this.#isWaiting && names.length > 0) this.#wake.openUnsafe()
    for (const each of names) this.#post({ type: "reset", connection: this.statuses.bareName(each) })
    return names
  }

  pause(subscription: Subscription.Subscription): boolean {
    const canPause = this.#setup.canPause && this.#carried !== undefined
    if (canPause) this.#post({ type: "pause", subscription })
    return canPause
  }

  resume(subscription: Subscription.Subscription): void {
    this.#post({ type: "resume", subscription })
  }

  /** Sockets close, what waits comes; tells in the log what the worker's queues did. */
  readonly stop: Effect.Effect<void> = Effect.suspend(() => {
    this.#isStopping = true
    if (this.#thread === undefined || this.#carried === undefined) return Effect.sync(() => this.#moveAll("Stopped", 0))
    this.#post({ type: "stop" })
    return Effect.raceFirst(Effect.as(Deferred.await(this.#stopped), undefined), this.#thread.ended).pipe(
      Effect.timeoutOrElse({ duration: STOP_WITHIN, orElse: () => Effect.succeed("it did not stop in time") }),
      Effect.flatMap((failure) => (failure === undefined ? this.#report : this.#stoppedShort(failure)))
    )
  })

  /** The feed is over: tells what is still open. */
  end(): void {
    this.told.end(this.#subscriptions)
  }

  readonly #live = Effect.gen({ self: this }, function* (): Effect.fn.Return<string, never, Scope.Scope> {
    const reader = new EventBatchReader(this.#setup.venue)
    const permits = yield* FiberMap.make<number>()
    const run = yield* FiberMap.runtime(permits)<never>()
    const fork = Effect.runForkWith(yield* Effect.context<never>())
    const ordered = this.#subscriptions
    this.#openedMs = undefined
    const thread: Thread.Thread = yield* Thread.make({ ...this.#setup.order, subscriptions: ordered }, (message) => {
      switch (message.type) {
        case "take":
          return void run(
            message.id,
            Effect.map(RemoteBudgets.lend(message.permit), (atMs) =>
              thread.post({ type: "granted", id: message.id, atMs })
            )
          )
        case "leave":
          return void fork(FiberMap.remove(permits, message.id))
        case "rest":
        case "answered":
          return void fork(RemoteBudgets.takeIn(message))
        case "log":
          return void fork(this.#log(message.record))
        default:
          return this.#receive(message, { thread, reader, ordered })
      }
    })
    this.#thread = thread
    const reason = yield* Effect.ensuring(
      thread.ended,
      Effect.sync(() => (this.#thread = undefined))
    )
    this.#carried = undefined
    return reason
  })

  #receive(message: Exclude<FromWorker, { readonly type: Aside }>, { ordered, reader, thread }: Live): void {
    switch (message.type) {
      case "events": {
        const deliver = (): void => {
          reader.read(message.batch, this.#take)
          Receipt.send(() => thread.post({ type: "taken" }))
        }
        if (this.#early === undefined) return deliver()
        return void this.#early.push(deliver)
      }
      case "account":
        return this.#takeAccount(message.account)
      case "opened":
        return this.#onOpened(ordered)
      case "failed":
        return this.#onFailed(PlainErrors.to(this.#setup.venue, message.error), thread)
      case "updated":
        this.#answers.get(message.id)?.(message.error)
        return
      case "stopped":
        this.#takeAccount(message.account)
        return void Deferred.doneUnsafe(this.#stopped, Effect.void)
    }
  }

  readonly #take = (event: Event.Event): void => {
    if (event.type !== "connection") return this.told.take(event)
    const shown = { ...event, connection: this.statuses.nameOf(event.connection) }
    this.statuses.moved(shown)
    this.#setup.onStates()
    this.told.take(shown)
  }

  #takeAccount(account: Account): void {
    this.#account = account
    this.#counts = account.counts
    this.#samples = account.samples ?? this.#samples
    if (account.states === undefined) return
    this.statuses.replace(account.states)
    this.#setup.onStates()
  }

  #onOpened(ordered: Subscriptions): void {
    this.#carried = ordered
    this.#openedMs = this.#setup.now()
    Deferred.doneUnsafe(this.opened, Effect.void)
    // changed while it began
    if (this.#subscriptions !== ordered) {
      this.#post({ type: "update", id: ++this.#updates, subscriptions: this.#subscriptions, reasons: new Map() })
    }
  }

  /** A first feed that cannot be opened is the venue's failure; later it is one more loss. */
  #onFailed(error: VenueError.VenueError, thread: Thread.Thread): void {
    thread.end(error.message)
    Deferred.doneUnsafe(this.opened, Effect.fail(error))
  }

  #lost(reason: string, state: "Reconnecting" | "Failed", attempt: number): void {
    const { venue } = this.#setup
    const told = `its worker was lost: ${reason}`
    const error = new VenueError.ConnectionFailed({ message: told })
    Deferred.doneUnsafe(
      this.opened,
      Effect.fail(new VenueError.VenueError({ venue, operation: "start a worker", reason: error }))
    )
    const reconnects = this.statuses.lost()
    this.#before = Counts.sum([this.#before, this.#counts, { ...Counts.none, reconnects }])
    this.#counts = Counts.none
    this.told.lost(this.#subscriptions, told)
    this.#moveAll(state, attempt, told)
    for (const answer of this.#answers.values()) answer("lost")
  }

  #moveAll(state: Event.ConnectionStateName, attempt: number, reason?: string): void {
    const { now, onStates, venue } = this.#setup
    for (const status of this.statuses.all.values()) {
      if (status.state === state) continue
      const at = { venue, receivedTime: now(), connection: status.name }
      const event = { type: "connection", ...at, state, attempt, ...(reason !== undefined && { reason }) } as const
      this.statuses.moved(event)
      onStates()
      this.told.take(event)
    }
  }

  #send(next: Subscriptions, reasons: ReadonlyMap<string, string>): Effect.Effect<Outcome> {
    return Effect.callback((resume) => {
      const id = ++this.#updates
      this.#answers.set(id, (error) => {
        this.#answers.delete(id)
        resume(Effect.succeed(error))
      })
      this.#post({ type: "update", id, subscriptions: next, reasons })
      return Effect.sync(() => this.#answers.delete(id))
    })
  }

  #endMissing(before: Subscriptions, reasons: ReadonlyMap<string, string>): void {
    const kept = new Set(this.#subscriptions.map((each) => `${each.symbol} ${each.channel}`))
    for (const each of before) {
      if (kept.has(`${each.symbol} ${each.channel}`)) continue
      this.told.end([each], reasons.get(each.symbol) ?? "unsubscribed")
    }
  }

  #post(message: ToWorker): void {
    this.#thread?.post(message)
  }

  /** Waits before the next thread; true when it was cut short by the operator. */
  #rest(ms: number): Effect.Effect<boolean> {
    return Effect.suspend(() => {
      this.#wake.closeUnsafe()
      this.#isWaiting = true
      return Effect.raceFirst(Effect.as(Effect.sleep(ms), false), Effect.as(this.#wake.await, true))
    }).pipe(Effect.ensuring(Effect.sync(() => (this.#isWaiting = false))))
  }

  get #annotations() {
    return { venue: this.#setup.venue, worker: this.#setup.worker }
  }

  get #report(): Effect.Effect<void> {
    const log = Effect.logInfo("a worker stopped")
    return Effect.annotateLogs(log, { ...this.#annotations, ...this.#account?.queue })
  }

  /** What it had not handed over is lost: every channel is told so when the feed ends. */
  #stoppedShort(reason: string): Effect.Effect<void> {
    this.told.lost(this.#subscriptions, `its worker was lost: ${reason}`)
    const open = [...this.statuses.all.values()].filter(({ state }) => state !== "Stopped").map(({ name }) => name)
    const log = Effect.logWarning("a worker was ended before it had stopped")
    return Effect.annotateLogs(log, { ...this.#annotations, reason, connections: open.join(", ") })
  }

  #log({ annotations, cause, level, message }: LogRecord): Effect.Effect<void> {
    const severity = `${level.slice(0, 1)}${level.slice(1).toLowerCase()}` as "Info"
    return Effect.logWithLevel(severity)(message).pipe(
      Effect.annotateLogs({ ...annotations, worker: this.#setup.worker, ...(cause !== undefined && { cause }) })
    )
  }
}
