/**
 * Makes a `VenueAdapter` of a `SocketVenue`: everything that venues on sockets have in common.
 */
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import {
  type BookViewer,
  type ChannelStream,
  type ChannelStreamOptions,
  CheckedBookStream,
  EventStream,
  WholeBookStream
} from "./ChannelStream.ts"
import * as Capabilities from "./Capabilities.ts"
import * as Channel from "./Channel.ts"
import { Connection } from "./Connection.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import * as ConnectionPlanner from "./ConnectionPlanner.ts"
import type { Event } from "./Event.ts"
import { FeedCounter } from "./FeedCounter.ts"
import { printableUrl } from "./printableUrl.ts"
import { receiveTime } from "./receiveTime.ts"
import * as SnapshotLoader from "./SnapshotLoader.ts"
import { SocketDriver } from "./Socket.ts"
import type { SocketVenue } from "./SocketVenue.ts"
import * as Subscription from "./Subscription.ts"
import type { ConnectionStatus, Feed, VenueAdapter } from "./VenueAdapter.ts"
import { Unsupported, VenueError } from "./VenueError.ts"

export const make = (
  venue: SocketVenue,
  options: ConnectionOptions
): Effect.Effect<VenueAdapter, never, SocketDriver> =>
  Effect.map(SocketDriver, (driver): VenueAdapter => {
    const layOut = (
      subscriptions: ReadonlyArray<Subscription.Subscription>,
      before?: ReadonlyArray<ConnectionPlanner.Planned>
    ): ConnectionPlanner.Plan =>
      ConnectionPlanner.plan(
        Subscription.distinct(subscriptions).map((subscription) => ({
          subscription,
          topic: venue.topic(subscription)
        })),
        { isolation: options.isolation, limits: venue.limits, routes: venue.routes },
        before
      )
    return {
      venue: venue.name,
      capabilities: venue.capabilities,
      instruments: venue.instruments,
      plan: (subscriptions) => {
        const { connections, notes } = layOut(subscriptions)
        return {
          notes,
          connections: connections.map(({ carried, name, route }) => ({
            name,
            url: printableUrl(venue.url(route)),
            subscriptions: carried.map((each) => each.subscription)
          }))
        }
      },
      open: (subscriptions, emit) => openFeed({ venue, options, driver, layOut }, subscriptions, emit),
      ...(venue.history !== undefined && { history: venue.history })
    }
  })

/** A venue is not asked for what it does not have. */
const check = (
  { capabilities, name }: SocketVenue,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): Effect.Effect<void, VenueError> => {
  const problems = Capabilities.problems(capabilities, subscriptions)
  if (problems.length === 0) return Effect.void
  const message = problems.map((each) => `${Subscription.key(each.subscription)}: ${each.message}`).join("; ")
  return Effect.fail(new VenueError({ venue: name, operation: "subscribe", reason: new Unsupported({ message }) }))
}

interface FeedSetup {
  readonly venue: SocketVenue
  readonly options: ConnectionOptions
  readonly driver: SocketDriver["Service"]
  readonly layOut: (
    subscriptions: ReadonlyArray<Subscription.Subscription>,
    before?: ReadonlyArray<ConnectionPlanner.Planned>
  ) => ConnectionPlanner.Plan
}

const openFeed = (
  { driver, layOut, options, venue }: FeedSetup,
  subscriptions: ReadonlyArray<Subscription.Subscription>,
  emit: (event: Event) => void
): Effect.Effect<Feed, VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const counter = new FeedCounter()
    const states = yield* SubscriptionRef.make<ReadonlyMap<string, ConnectionStatus>>(new Map())
    const loader = venue.book.snapshot === undefined ? undefined : yield* SnapshotLoader.make(venue.book.snapshot)
    const streams = new Map<string, ChannelStream>()
    const books = new Map<string, ChannelStream & BookViewer>()
    const connections = new Map<string, Connection>()
    let planned: ReadonlyArray<ConnectionPlanner.Planned> = []

    // the streams end after the sockets have: finalizers run last to first
    yield* Effect.addFinalizer(() => Effect.sync(() => streams.forEach((stream) => stream.end(undefined))))
    const supervisors = yield* FiberMap.make<string>()

    const emitCounted = (event: Event): void => {
      counter.events++
      if (event.type === "gap") counter.gaps++
      emit(event)
    }

    const onStatus = (status: ConnectionStatus): void => {
      const { attempt, name, reason, since, state } = status
      setUnsafe(states, new Map(SubscriptionRef.getUnsafe(states)).set(name, status))
      emit({
        type: "connection",
        venue: venue.name,
        receivedTime: since,
        connection: name,
        state,
        attempt,
        ...(reason !== undefined && { reason })
      })
    }

    const makeStream = ({ subscription, topic }: ConnectionPlanner.Carried): ChannelStream => {
      const setup: ChannelStreamOptions = {
        venue: venue.name,
        subscription,
        topic,
        emit: emitCounted,
        onDuplicate: () => counter.duplicates++,
        now: receiveTime
      }
      if (Channel.kind(subscription.channel) !== "book") {
        return new EventStream(setup, venue.capabilities.consecutiveTradeIds)
      }
      const stream = venue.isPartialBook(subscription)
        ? new WholeBookStream(setup, false)
        : new CheckedBookStream(setup, venue.book, (book) => loader?.request(book))
      books.set(subscription.symbol, stream)
      return stream
    }

    const drop = (dropped: ReadonlyArray<ChannelStream>, reason: string): void => {
      for (const stream of dropped) {
        stream.end(reason)
        streams.delete(Subscription.key(stream.subscription))
        if (books.get(stream.subscription.symbol) === stream) books.delete(stream.subscription.symbol)
        if (stream instanceof CheckedBookStream) loader?.cancel(stream)
      }
    }

    const update = (wanted: ReadonlyArray<Subscription.Subscription>): Effect.Effect<void, VenueError> =>
      Effect.gen(function* () {
        yield* check(venue, wanted)
        const next = layOut(wanted, planned)
        const carried = new Map(next.connections.map((each) => [each.name, each]))
        for (const { name } of planned) {
          const connection = connections.get(name)!
          const keep = new Set(carried.get(name)?.carried.map((each) => Subscription.key(each.subscription)))
          const gone = [...connection.all].filter((stream) => !keep.has(Subscription.key(stream.subscription)))
          if (gone.length > 0) connection.remove(gone)
          drop(gone, "unsubscribed")
          if (connection.all.size > 0) continue
          connections.delete(name)
          yield* FiberMap.remove(supervisors, name)
        }
        for (const { carried: members, name, route } of next.connections) {
          const added = members.filter((each) => !streams.has(Subscription.key(each.subscription))).map(makeStream)
          for (const stream of added) streams.set(Subscription.key(stream.subscription), stream)
          const running = connections.get(name)
          if (running !== undefined) {
            if (added.length > 0) running.add(added)
            continue
          }
          const connection = new Connection({ name, route, venue, options, driver, counter, onStatus })
          connection.add(added)
          connections.set(name, connection)
          yield* FiberMap.run(supervisors, name, connection.run)
        }
        planned = next.connections
      })

    const carrier = (subscription: Subscription.Subscription): Connection | undefined => {
      const stream = streams.get(Subscription.key(subscription))
      return stream === undefined ? undefined : [...connections.values()].find((each) => each.all.has(stream))
    }

    yield* check(venue, subscriptions)
    for (const note of layOut(subscriptions).notes) {
      yield* Effect.annotateLogs(Effect.logWarning(note), { venue: venue.name })
    }
    yield* update(subscriptions)

    return {
      update,
      states,
      counts: () => {
        counter.resyncs = 0
        for (const book of books.values()) if (book instanceof CheckedBookStream) counter.resyncs += book.sync.resyncs
        return counter.current()
      },
      book: (symbol) => books.get(symbol)?.view(),
      retellBook: (symbol, hole) => {
        const book = books.get(symbol)
        if (book instanceof CheckedBookStream) book.retell(hole)
      },
      pause: (subscription) => carrier(subscription)?.pause() ?? false,
      resume: (subscription) => carrier(subscription)?.resume(),
      samples: () => counter.samples
    }
  })

const setUnsafe = <A>(ref: SubscriptionRef.SubscriptionRef<A>, value: A): void =>
  Effect.runSync(SubscriptionRef.set(ref, value))
