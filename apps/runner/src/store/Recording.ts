/**
 * The way of events into a store: a listener puts them into a bounded buffer, a fiber writes batches of them.
 *
 * Guarantees: the listener returns at once whatever the store does; what came is given to the store within `flushEvery`, or as
 * soon as `BATCH` events wait. While the store does not take them they wait, then they are spilled where there is a spill, then
 * the oldest are dropped: counted, logged, and told in the store as gaps (`told_by` `store`) when it takes events again. A batch
 * that failed is given again until it is taken, and is stored once.
 */
import type { EventBus } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { StoreStatus } from "../operation/Parts.ts"
import type { Told } from "../output/Output.ts"
import { encode } from "./encode.ts"
import { type Dropped, EventBuffer, type Bounds } from "./EventBuffer.ts"
import type { Spill } from "./Spill.ts"
import { type Batch, messageOf, type Store, StoreError } from "./Store.ts"
import * as Tables from "./tables.ts"

/** Of one batch at most. */
const BATCH = 10_000

/** How long the store may take for a batch, unless said otherwise. */
const PATIENCE = Duration.seconds(10)

/** Between two attempts. */
const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 5_000

/** The buffer is spilled, or called behind, from here on. */
const HALF = 0.5

/** How often the bytes that wait are looked at while there is a spill; their number tells by itself. */
const LOOK_EVERY_MS = 100

/** How often what is being dropped is logged. */
const TELL_EVERY_MS = 10_000

/** More cannot be done before the deadline: what was not stored. */
export class Unstored extends Data.TaggedError("Unstored")<{ readonly message: string; readonly events: number }> {}

export interface Options {
  readonly kind: string
  /** Of this run: no other has the same. */
  readonly writer: string
  readonly tables: ReadonlyArray<Tables.Table>
  readonly flushEvery: Duration.Duration
  readonly buffer: Bounds
  readonly spill?: Spill
  readonly patience?: Duration.Duration
}

export interface Recording {
  /** Takes what the bus says. */
  readonly add: (event: Told) => void
  /** Takes events of which there is no hurry, when there is room for them. */
  readonly offer: (events: ReadonlyArray<Told>) => Effect.Effect<void>
  readonly status: () => StoreStatus
  /** Stores what waits, after the last event. */
  readonly end: (deadline: Duration.Input) => Effect.Effect<void, Unstored>
}

export const make = (store: Store, options: Options): Effect.Effect<Recording, never, Scope.Scope> =>
  Effect.gen(function* () {
    const recording = new RunningRecording(store, options, yield* Clock.Clock)
    yield* recording.begin
    return recording
  })

/** Has the bus tell a recording of what is kept. */
export const listen = (
  recording: Recording,
  bus: EventBus.EventBus<Told>,
  tables: ReadonlyArray<Tables.Table>
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() =>
      tables.flatMap(({ types }) =>
        types.map((type) =>
          type === "bar"
            ? // as it stands a bar is not kept, only as it has become
              bus.on("bar", (bar) => (bar.isFinal ? recording.add(bar) : undefined), "store")
            : bus.on(type, recording.add, "store")
        )
      )
    ),
    (stops) => Effect.sync(() => stops.forEach((stop) => stop()))
  ).pipe(Effect.asVoid)

interface AtHand {
  readonly batch: Batch
  readonly events: ReadonlyArray<Told>
}

class RunningRecording implements Recording {
  readonly #store: Store
  readonly #options: Options
  readonly #clock: Clock.Clock
  readonly #buffer: EventBuffer
  /** Open when there is a reason to write before `flushEvery` is over. */
  readonly #hurry = Latch.makeUnsafe(false)
  #writing: Fiber.Fiber<void> | undefined
  #isEnding = false
  #sequence = 0
  #taken = 0
  #stored = 0
  /** The batch at hand: taken off the buffer, not stored yet. */
  #atHand: AtHand | undefined
  #failure: string | undefined
  #toldDropped = 0
  #toldAt = -Infinity

  constructor(store: Store, options: Options, clock: Clock.Clock) {
    this.#store = store
    this.#options = options
    this.#clock = clock
    this.#buffer = new EventBuffer(options.buffer, Math.min(BATCH, Math.ceil(options.buffer.events * HALF)), () =>
      this.#hurry.openUnsafe()
    )
  }

  get begin(): Effect.Effect<void, never, Scope.Scope> {
    return Effect.map(Effect.forkScoped(this.#write), (fiber) => {
      this.#writing = fiber
    })
  }

  readonly add = (event: Told): void => {
    this.#taken++
    this.#buffer.add(event)
  }

  offer(events: ReadonlyArray<Told>): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      for (let at = 0; at < events.length; at += BATCH) {
        while (this.#buffer.fill > HALF) yield* Effect.sleep(this.#options.flushEvery)
        for (const event of events.slice(at, at + BATCH)) this.add(event)
      }
    })
  }

  readonly status = (): StoreStatus => {
    const spill = this.#options.spill
    const bytes = this.#store.bytes()
    const isDown = this.#failure !== undefined
    return {
      kind: this.#options.kind,
      state: isDown ? "down" : this.#buffer.fill > HALF || (spill?.batches ?? 0) > 0 ? "behind" : "open",
      ...(isDown && { reason: this.#failure! }),
      taken: this.#taken,
      stored: this.#stored,
      waiting: this.#buffer.size + (this.#atHand?.events.length ?? 0),
      dropped: this.#buffer.dropped,
      ...(spill !== undefined && { spilled: spill.rows }),
      ...(bytes !== undefined && { bytes })
    }
  }

  end(deadline: Duration.Input): Effect.Effect<void, Unstored> {
    return Effect.gen({ self: this }, function* () {
      this.#isEnding = true
      this.#hurry.openUnsafe()
      const ended = yield* Effect.timeoutOption(Fiber.await(this.#writing!), deadline)
      if (ended._tag === "None") yield* Fiber.interrupt(this.#writing!)
      if (this.#options.spill !== undefined) yield* this.#spillRest(this.#options.spill)
      yield* this.#tellDrops(true)
      const events = this.#buffer.size + (this.#atHand?.events.length ?? 0)
      if (events === 0) return
      return yield* new Unstored({
        events,
        message: `${events} events were not stored before the stop: ${this.#failure ?? "the store did not keep up"}`
      })
    })
  }

  #spillRest(spill: Spill): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      if (this.#atHand !== undefined && spill.hasRoom) {
        const rest = this.#atHand
        this.#atHand = undefined
        yield* this.#spill(spill, rest)
      }
      yield* this.#spillWaiting(spill)
    })
  }

  get #write(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      while (true) {
        yield* Effect.raceFirst(this.#hurry.await, Effect.sleep(this.#options.flushEvery))
        this.#hurry.closeUnsafe()
        yield* this.#flush
        yield* this.#tellDrops(false)
        if (this.#isEnding && this.#buffer.size === 0 && !this.#buffer.hasLosses) return
      }
    })
  }

  /** All that waits now. */
  get #flush(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      while (this.#buffer.size > 0 || this.#buffer.hasLosses || (this.#options.spill?.batches ?? 0) > 0) {
        yield* this.#unspill
        if (this.#atHand === undefined) yield* this.#take
        const batch = this.#atHand?.batch
        if (batch === undefined) return
        yield* this.#until(batch)
        this.#stored += this.#atHand?.events.length ?? 0
        this.#atHand = undefined
        if (this.#buffer.size < BATCH && !this.#isEnding) return
      }
    })
  }

  /** The next batch is at hand from here on: an interrupt does not lose what was taken. */
  get #take(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.map(this.#next, (next) => {
        this.#atHand = next
      })
    )
  }

  /** What waits longest, gaps of what was dropped before it first. */
  get #next(): Effect.Effect<AtHand | undefined> {
    return Effect.suspend(() => {
      const now = this.#clock.currentTimeMillisUnsafe()
      const gaps = this.#buffer.takeLosses().map((each) => gapOf(each, now))
      const events = this.#buffer.take(BATCH)
      if (gaps.length + events.length === 0) return Effect.succeed(undefined)
      const id = { writer: this.#options.writer, sequence: ++this.#sequence }
      return Effect.map(encode([...gaps, ...events], id), (batch) => ({ batch, events }))
    })
  }

  /** Given again until it is stored; what comes meanwhile is spilled where that is possible. */
  #until(batch: Batch): Effect.Effect<void> {
    const meanwhile = this.#options.spill === undefined ? Effect.never : this.#spilling(this.#options.spill)
    return Effect.gen({ self: this }, function* () {
      for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
        const exit = yield* Effect.exit(Effect.raceFirst(this.#attempt(batch), meanwhile))
        if (Exit.isSuccess(exit)) return yield* this.#recovered
        yield* this.#failed(exit.cause)
        yield* this.#tellDrops(false)
        yield* Effect.raceFirst(Effect.sleep(waitMs), meanwhile)
      }
    })
  }

  /** One that takes too long is given up, and its end is not waited for either: that may take as long. */
  #attempt(batch: Batch): Effect.Effect<void, StoreError> {
    const { patience = PATIENCE } = this.#options
    const late = new StoreError({ message: `no answer within ${Duration.format(patience)}` })
    return Effect.acquireUseRelease(
      Effect.forkDetach(this.#store.append(batch)),
      (fiber) => Effect.raceFirst(Fiber.join(fiber), Effect.andThen(Effect.sleep(patience), Effect.fail(late))),
      (fiber) => Effect.sync(() => fiber.interruptUnsafe())
    )
  }

  /** Puts on the disk what would soon have to be dropped; never ends. */
  #spilling(spill: Spill): Effect.Effect<never> {
    return Effect.forever(
      Effect.gen({ self: this }, function* () {
        yield* Effect.raceFirst(this.#hurry.await, Effect.sleep(LOOK_EVERY_MS))
        this.#hurry.closeUnsafe()
        if (this.#buffer.fill >= HALF) yield* this.#spillWaiting(spill)
      })
    )
  }

  /** All that waits goes to the disk, as far as there is room. */
  #spillWaiting(spill: Spill): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      while (spill.hasRoom) {
        const isDone = yield* Effect.uninterruptible(
          Effect.flatMap(this.#next, (next) => (next === undefined ? Effect.succeed(true) : this.#spill(spill, next)))
        )
        if (isDone) return
      }
    })
  }

  /** True when the disk does not take it: it is dropped then, like what finds no room. */
  #spill(spill: Spill, { batch, events }: AtHand): Effect.Effect<boolean> {
    return Effect.catch(Effect.as(spill.add(batch), false), ({ message }) => {
      this.#buffer.drop(events)
      return Effect.as(
        Effect.annotateLogs(Effect.logWarning("what the store does not take cannot be spilled"), { reason: message }),
        true
      )
    })
  }

  /** What was spilled goes first, oldest first. */
  get #unspill(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { spill } = this.#options
      if (spill === undefined) return
      while (spill.batches > 0) {
        const exit = yield* Effect.exit(spill.next)
        if (Exit.isFailure(exit)) {
          yield* this.#failed(exit.cause)
          return yield* Effect.sleep(LONGEST_WAIT_MS)
        }
        if (exit.value === undefined) return
        const { batch, done } = exit.value
        yield* this.#until(batch)
        this.#stored += batch.rows
        yield* Effect.ignore(done)
      }
    })
  }

  #failed(cause: unknown): Effect.Effect<void> {
    return Effect.suspend(() => {
      const reason = reasonOf(cause)
      const isNew = this.#failure === undefined
      this.#failure = reason
      if (!isNew) return Effect.void
      return Effect.annotateLogs(Effect.logWarning("the store takes nothing: events wait, and streams go on"), {
        kind: this.#options.kind,
        reason
      })
    })
  }

  get #recovered(): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (this.#failure === undefined) return Effect.void
      this.#failure = undefined
      return Effect.annotateLogs(Effect.logInfo("the store takes events again"), {
        kind: this.#options.kind,
        waiting: this.#buffer.size
      })
    })
  }

  #tellDrops(isLast: boolean): Effect.Effect<void> {
    return Effect.suspend(() => {
      const now = this.#clock.currentTimeMillisUnsafe()
      const dropped = this.#buffer.dropped - this.#toldDropped
      if (dropped === 0 || (!isLast && now - this.#toldAt < TELL_EVERY_MS)) return Effect.void
      this.#toldDropped = this.#buffer.dropped
      this.#toldAt = now
      return Effect.annotateLogs(
        Effect.logWarning(`the store did not keep up: ${dropped} events are not in it; gaps say which`),
        { kind: this.#options.kind, dropped: this.#buffer.dropped, reason: this.#failure ?? "it is slow" }
      )
    })
  }
}

const reasonOf = (cause: unknown): string => {
  const text = typeof cause === "object" && cause !== null && "reasons" in cause ? firstOf(cause.reasons) : cause
  return messageOf(text)
}

const firstOf = (reasons: unknown): unknown => {
  const [first] = Array.isArray(reasons) ? (reasons as ReadonlyArray<unknown>) : []
  if (typeof first !== "object" || first === null) return first
  return "error" in first ? first.error : "defect" in first ? first.defect : first
}

/** The hole that a loss leaves, as a row of `gaps`. */
const gapOf = ({ count, from, symbol, table, to, venue }: Dropped, receivedTime: number): Told =>
  ({
    type: "gap",
    venue,
    symbol,
    receivedTime,
    channel: Tables.named(table)?.channel ?? table,
    reason: "overflow",
    from,
    to,
    lost: count,
    repaired: false,
    toldBy: "store"
  }) as Told
