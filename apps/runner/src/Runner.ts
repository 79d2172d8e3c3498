/**
 * Runs venues together: opens all of them at once, carries on with those that open, and stops them together.
 *
 * Guarantees: a venue that cannot open is logged once, with its cause, and the others go on; a start that gets no
 * connection Active in time fails and says where each connection was; a second start warns and changes nothing; a stop
 * takes no longer than its deadline (and the closing of sockets) and accounts for every event. A handler that throws ends
 * the run (`crashed`).
 */
import { type Event, type MarketStream, type VenueAdapter, VenueError } from "@tidewire/core"
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"

/** A venue to run: its name, and how its stream is opened. */
export interface Venue {
  readonly name: string
  readonly open: Effect.Effect<MarketStream.MarketStream, VenueError.VenueError, Scope.Scope>
}

export interface VenueStatus {
  readonly name: string
  /** Absent until it is open, and when it could not open. */
  readonly stream: MarketStream.MarketStream | undefined
  readonly connections: ReadonlyArray<VenueAdapter.ConnectionStatus>
  /** Why it could not open. */
  readonly failure: string | undefined
}

export interface VenueReport extends MarketStream.QueueCounts {
  readonly venue: string
  /** Events that were not delivered before the deadline. */
  readonly left: number
  /** What they were, most first. */
  readonly leftBy: ReadonlyArray<MarketStream.Waiting>
  /** Connections that did not close. */
  readonly unclosed: ReadonlyArray<string>
  /** Gaps that were delivered, and those of them that were repaired. */
  readonly gaps: number
  readonly gapsRepaired: number
  readonly reconnects: number
  readonly rotations: number
  readonly malformed: number
  /** Frames that were read the slow way, because they were not as the venue writes them. */
  readonly fallbacks: number
}

/** No connection became Active in time, or no venue could be opened. */
export class StartFailed extends Data.TaggedError("StartFailed")<{
  readonly message: string
  readonly venues: ReadonlyArray<VenueStatus>
}> {}

export interface Runner {
  /** Completes as soon as one connection is Active; the others go on connecting. */
  readonly start: Effect.Effect<void, StartFailed>
  /** Drains to the deadline and closes; what had not opened yet is given up. */
  readonly stop: (deadline: Duration.Input) => Effect.Effect<ReadonlyArray<VenueReport>>
  readonly venues: () => ReadonlyArray<VenueStatus>
  /** Tries every open circuit again at once, and has every other connection replaced. Names what was asked for. */
  readonly renew: () => Renewed
  /** Fails when a handler has thrown. */
  readonly crashed: Effect.Effect<never, Cause.Cause<unknown>>
}

/** Connections, each as `venue/name`. */
export interface Renewed {
  readonly reset: ReadonlyArray<string>
  readonly rotated: ReadonlyArray<string>
}

export interface Options {
  readonly startWithin: Duration.Input
}

interface Slot {
  readonly venue: Venue
  stream: MarketStream.MarketStream | undefined
  failure: string | undefined
  gaps: number
  gapsRepaired: number
}

export const make = Effect.fnUntraced(function* (
  venues: ReadonlyArray<Venue>,
  handler: (event: Event.Event) => ReturnType<MarketStream.Handler>,
  options: Options
) {
  const scope = yield* Effect.scope
  const slots: ReadonlyArray<Slot> = venues.map((venue) => ({
    venue,
    stream: undefined,
    failure: undefined,
    gaps: 0,
    gapsRepaired: 0
  }))
  const started = yield* Deferred.make<void, StartFailed>()
  const crashed = yield* Deferred.make<never, Cause.Cause<unknown>>()
  const openings: Array<Fiber.Fiber<void>> = []
  let isStarted = false

  const status = () => slots.map(statusOf)
  const failStart = (message: string) =>
    Effect.suspend(() =>
      Deferred.fail(started, new StartFailed({ message: `${message}; ${summary(status())}`, venues: status() }))
    )

  const openOne = Effect.fnUntraced(function* (slot: Slot) {
    const opened = yield* Effect.exit(Scope.provide(slot.venue.open, scope))
    if (Exit.isFailure(opened)) {
      slot.failure = yield* tellFailure(slot.venue.name, opened.cause)
      if (slots.every((each) => each.failure !== undefined)) yield* failStart("no venue could be opened")
      return
    }
    slot.stream = opened.value
    yield* opened.value.consume(counting(slot, handler)).pipe(
      Effect.tapCause((cause) => (Cause.hasInterruptsOnly(cause) ? Effect.void : Deferred.fail(crashed, cause))),
      Effect.forkIn(scope)
    )
    yield* SubscriptionRef.changes(opened.value.feed.states).pipe(
      Stream.filter((states) => [...states.values()].some((each) => each.state === "Active")),
      Stream.take(1),
      Stream.runDrain
    )
    yield* Deferred.succeed(started, undefined)
  })

  const startOnce = Effect.gen(function* () {
    for (const slot of slots) openings.push(yield* Effect.forkIn(openOne(slot), scope))
    const limit = Duration.fromInputUnsafe(options.startWithin)
    yield* Effect.sleep(limit).pipe(
      Effect.andThen(failStart(`no connection was Active within ${Duration.format(limit)}`)),
      Effect.flatMap((isFailed) => (isFailed ? Effect.void : tellInactive(status(), limit))),
      Effect.forkIn(scope)
    )
    return yield* Deferred.await(started)
  })

  const start = Effect.suspend(() => {
    if (isStarted) {
      return Effect.andThen(Effect.logWarning("started already: this start changes nothing"), Deferred.await(started))
    }
    isStarted = true
    return startOnce
  })

  const stop = (deadline: Duration.Input) =>
    Effect.gen(function* () {
      yield* Fiber.interruptAll(openings)
      const reports = yield* Effect.forEach(slots, (slot) => stopOne(slot, deadline), { concurrency: "unbounded" })
      return reports.flat()
    })

  return { start, stop, venues: status, renew: () => renewed(slots), crashed: Deferred.await(crashed) } satisfies Runner
})

/** Counts the gaps that are delivered. */
const counting =
  (slot: Slot, handler: MarketStream.Handler): MarketStream.Handler =>
  (event) => {
    if (event.type === "gap") {
      slot.gaps++
      if (event.repaired) slot.gapsRepaired++
    }
    return handler(event)
  }

const renewed = (slots: ReadonlyArray<Slot>): Renewed => {
  const reset: Array<string> = []
  const rotated: Array<string> = []
  for (const { stream, venue } of slots) {
    if (stream === undefined) continue
    const { feed } = stream
    for (const { name, state } of SubscriptionRef.getUnsafe(feed.states).values()) {
      const [names, asked] = state === "Failed" ? [reset, feed.reset(name)] : [rotated, feed.rotate(name)]
      names.push(...asked.map((each) => `${venue.name}/${each}`))
    }
  }
  return { reset, rotated }
}

/** Partial success is accepted, and told. */
const tellInactive = (venues: ReadonlyArray<VenueStatus>, after: Duration.Duration): Effect.Effect<void> => {
  const rest = venues.flatMap((venue) => {
    const connections = venue.connections.filter((each) => each.state !== "Active")
    return venue.failure === undefined && connections.length === 0 ? [] : [{ ...venue, connections }]
  })
  return rest.length === 0
    ? Effect.void
    : Effect.logWarning(`not all connections are Active after ${Duration.format(after)}; ${summary(rest)}`)
}

const statusOf = ({ failure, stream, venue }: Slot): VenueStatus => ({
  name: venue.name,
  stream,
  connections: stream === undefined ? [] : [...SubscriptionRef.getUnsafe(stream.feed.states).values()],
  failure
})

/** Logs why a venue could not open, once, and gives the reason in a line. */
const tellFailure = (venue: string, cause: Cause.Cause<VenueError.VenueError>): Effect.Effect<string> => {
  const error = Cause.squash(cause)
  if (error instanceof VenueError.VenueError) {
    const { operation, reason } = error
    return Effect.logError(`${venue} could not be opened`).pipe(
      Effect.annotateLogs({ venue, operation, reason: reason._tag, detail: reason.message }),
      Effect.as(`${reason._tag}: ${reason.message}`)
    )
  }
  return Effect.as(Effect.logError(`${venue} could not be opened`, cause), String(error))
}

/** Where every connection is and why, in a line. */
export const summary = (venues: ReadonlyArray<VenueStatus>): string =>
  venues
    .map(({ connections, failure, name, stream }) => {
      if (failure !== undefined) return `${name}: ${failure}`
      if (stream === undefined) return `${name}: not open yet`
      if (connections.length === 0) return `${name}: no connections`
      return connections
        .map((each) => {
          const attempt = each.attempt > 0 ? ` (attempt ${each.attempt})` : ""
          return `${name}/${each.name} ${each.state}${attempt}${each.reason === undefined ? "" : `: ${each.reason}`}`
        })
        .join(", ")
    })
    .join("; ")

const stopOne = (slot: Slot, deadline: Duration.Input): Effect.Effect<ReadonlyArray<VenueReport>> =>
  Effect.suspend(() => {
    const { stream, venue } = slot
    if (stream === undefined) return Effect.succeed([])
    return Effect.map(stream.stop(deadline), ({ counts, left, leftBy, unclosed }) => {
      const { fallbacks, malformed, reconnects, rotations } = stream.feed.counts()
      const { gaps, gapsRepaired } = slot
      const lost = { left, leftBy, unclosed, gaps, gapsRepaired }
      return [{ venue: venue.name, ...counts, ...lost, reconnects, rotations, malformed, fallbacks }]
    })
  })
