/**
 * The feed of a venue on sockets: which connection carries what, the streams of its subscriptions, and the supervisors of
 * its connections. It lives as long as the scope it was opened in.
 *
 * Guarantees: what stays subscribed is not touched by a change; when the scope closes, the sockets close first, then
 * every stream tells what is still open, then nothing more is emitted.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as Capabilities from "./Capabilities.ts"
import {
  type BookViewer,
  type ChannelStream,
  type ChannelStreamOptions,
  CheckedBookStream,
  EventStream,
  WholeBookStream
} from "./ChannelStream.ts"
import * as Channel from "./Channel.ts"
import { Connection } from "./Connection.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import type { Carried, Plan, Planned } from "./ConnectionPlanner.ts"
import type { Event } from "./Event.ts"
import { FeedCounter } from "./FeedCounter.ts"
import * as Interval from "./Interval.ts"
import type { BookView } from "./OrderBook.ts"
import { receiveTime } from "./receiveTime.ts"
import * as SnapshotLoader from "./SnapshotLoader.ts"
import type { SocketDriver } from "./Socket.ts"
import type { SocketVenue } from "./SocketVenue.ts"
import * as Subscription from "./Subscription.ts"
import type { BookHole } from "./SymbolQueue.ts"
import type { ConnectionStatus, Feed, FeedCounts } from "./VenueAdapter.ts"
import { Unsupported, VenueError } from "./VenueError.ts"

export interface SocketFeedSetup {
  readonly venue: SocketVenue
  readonly options: ConnectionOptions
  readonly driver: SocketDriver["Service"]
  /** The plan of these subscriptions, with what `before` carries left where it is. */
  readonly layOut: (subscriptions: ReadonlyArray<Subscription.Subscription>, before?: ReadonlyArray<Planned>) => Plan
}

/** How long symbols may deliver nothing before the venue is asked, once, whether it knows them. */
const ASK_AFTER = "10 seconds"

type States = ReadonlyMap<string, ConnectionStatus>

export const open = (
  setup: SocketFeedSetup,
  subscriptions: ReadonlyArray<Subscription.Subscription>,
  emit: (event: Event) => void
): Effect.Effect<Feed, VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const { snapshot } = setup.venue.book
    const states = yield* SubscriptionRef.make<States>(new Map())
    const loader = snapshot === undefined ? undefined : yield* SnapshotLoader.make(snapshot)
    // finalizers run last to first: the sockets close before the streams end
    yield* Effect.addFinalizer(() => Effect.sync(() => feed.end()))
    const supervisors = yield* FiberMap.make<string>()
    const feed = new SocketFeed(setup, emit, states, loader, supervisors)
    yield* feed.update(subscriptions)
    yield* Effect.forkScoped(Effect.delay(feed.endUnknown(), ASK_AFTER))
    return feed
  })

class SocketFeed implements Feed {
  readonly states: SubscriptionRef.SubscriptionRef<States>
  readonly #setup: SocketFeedSetup
  readonly #emit: (event: Event) => void
  readonly #loader: SnapshotLoader.SnapshotLoader | undefined
  readonly #supervisors: FiberMap.FiberMap<string>
  readonly #counter = new FeedCounter()
  readonly #streams = new Map<string, ChannelStream>()
  readonly #books = new Map<string, ChannelStream & BookViewer>()
  readonly #connections = new Map<string, Connection>()
  #planned: ReadonlyArray<Planned> = []

  constructor(
    setup: SocketFeedSetup,
    emit: (event: Event) => void,
    states: SubscriptionRef.SubscriptionRef<States>,
    loader: SnapshotLoader.SnapshotLoader | undefined,
    supervisors: FiberMap.FiberMap<string>
  ) {
    this.#setup = setup
    this.#emit = emit
    this.states = states
    this.#loader = loader
    this.#supervisors = supervisors
  }

  readonly update = (wanted: ReadonlyArray<Subscription.Subscription>): Effect.Effect<void, VenueError> =>
    Effect.gen({ self: this }, function* () {
      const { layOut, venue } = this.#setup
      yield* check(venue, wanted)
      const { connections, notes } = layOut(wanted, this.#planned)
      for (const note of notes) yield* Effect.annotateLogs(Effect.logWarning(note), { venue: venue.name })
      const kept = new Map(connections.map((each) => [each.name, each.carried]))
      for (const { name } of this.#planned) yield* this.#shrink(name, kept.get(name) ?? [])
      for (const connection of connections) yield* this.#extend(connection)
      this.#planned = connections
    })

  readonly counts = (): FeedCounts => {
    const checked = [...this.#books.values()].filter((book) => book instanceof CheckedBookStream)
    return { ...this.#counter.current(), resyncs: checked.reduce((total, { sync }) => total + sync.resyncs, 0) }
  }

  readonly book = (symbol: string): BookView | undefined => this.#books.get(symbol)?.view()

  readonly retellBook = (symbol: string, hole: BookHole): void => {
    const book = this.#books.get(symbol)
    if (book instanceof CheckedBookStream) book.retell(hole)
  }

  readonly pause = (subscription: Subscription.Subscription): boolean => this.#carrier(subscription)?.pause() ?? false

  readonly resume = (subscription: Subscription.Subscription): void => this.#carrier(subscription)?.resume()

  readonly samples: Feed["samples"] = () => this.#counter.samples

  /**
   * Ends the streams of symbols that the venue does not know: it may have acknowledged them and be silent. One read a
   * symbol, one after another, and only of symbols that have delivered nothing yet.
   */
  endUnknown(): Effect.Effect<void> {
    const { capabilities, history } = this.#setup.venue
    const interval = capabilities.intervals.at(-1)
    const bars = history?.bars
    if (bars === undefined || interval === undefined) return Effect.void
    return Effect.gen({ self: this }, function* () {
      for (const [symbol, streams] of Map.groupBy(this.#streams.values(), (each) => each.subscription.symbol)) {
        if (streams.some((stream) => stream.state === "live")) continue
        const now = yield* Clock.currentTimeMillis
        const answer = yield* Effect.result(bars({ symbol, interval, from: Interval.openTime(interval, now), to: now }))
        if (answer._tag === "Success") continue
        const { message, reason } = answer.failure
        // only the venue's own code is evidence; anything else may be the way there
        if (reason._tag !== "InvalidRequest" || reason.code === undefined) continue
        for (const stream of streams) stream.end(message)
      }
    })
  }

  /** Every stream tells what is still open. */
  end(): void {
    for (const stream of this.#streams.values()) stream.end(undefined)
  }

  /** Takes from a connection what it is not to carry any more, and ends it when nothing is left. */
  #shrink(name: string, kept: ReadonlyArray<Carried>): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const connection = this.#connections.get(name)!
      const keys = new Set(kept.map((each) => Subscription.key(each.subscription)))
      const gone = [...connection.all].filter((stream) => !keys.has(Subscription.key(stream.subscription)))
      if (gone.length > 0) connection.remove(gone)
      for (const stream of gone) this.#drop(stream)
      if (connection.all.size > 0) return
      this.#connections.delete(name)
      yield* FiberMap.remove(this.#supervisors, name)
      this.#tell((states) => states.delete(name))
    })
  }

  /** Gives a connection what it does not carry yet, and starts it when it is new. */
  #extend({ carried, name, route }: Planned): Effect.Effect<void> {
    return Effect.suspend(() => {
      const added = carried
        .filter((each) => !this.#streams.has(Subscription.key(each.subscription)))
        .map((each) => this.#makeStream(each))
      const running = this.#connections.get(name)
      if (running !== undefined) {
        if (added.length > 0) running.add(added)
        return Effect.void
      }
      const { driver, options, venue } = this.#setup
      const counter = this.#counter
      const connection = new Connection({ name, route, venue, options, driver, counter, onStatus: this.#onStatus })
      connection.add(added)
      this.#connections.set(name, connection)
      return Effect.asVoid(FiberMap.run(this.#supervisors, name, connection.run))
    })
  }

  #makeStream({ subscription, topic }: Carried): ChannelStream {
    const { venue } = this.#setup
    const options: ChannelStreamOptions = {
      venue: venue.name,
      subscription,
      topic,
      emit: this.#emitCounted,
      onDuplicate: () => this.#counter.duplicates++,
      now: receiveTime
    }
    if (Channel.kind(subscription.channel) !== "book") {
      return this.#keep(new EventStream(options, venue.capabilities.consecutiveTradeIds))
    }
    const book = venue.isPartialBook(subscription)
      ? new WholeBookStream(options, false)
      : new CheckedBookStream(options, venue.book, (stream) => this.#loader?.request(stream))
    this.#books.set(subscription.symbol, book)
    return this.#keep(book)
  }

  #keep(stream: ChannelStream): ChannelStream {
    this.#streams.set(Subscription.key(stream.subscription), stream)
    return stream
  }

  #drop(stream: ChannelStream): void {
    const { symbol } = stream.subscription
    stream.end("unsubscribed")
    this.#streams.delete(Subscription.key(stream.subscription))
    if (this.#books.get(symbol) === stream) this.#books.delete(symbol)
    if (stream instanceof CheckedBookStream) this.#loader?.cancel(stream)
  }

  #carrier(subscription: Subscription.Subscription): Connection | undefined {
    const stream = this.#streams.get(Subscription.key(subscription))
    return stream === undefined ? undefined : [...this.#connections.values()].find(({ all }) => all.has(stream))
  }

  readonly #emitCounted = (event: Event): void => {
    this.#counter.events++
    if (event.type === "gap") this.#counter.gaps++
    this.#emit(event)
  }

  readonly #onStatus = (status: ConnectionStatus): void => {
    const { attempt, name, reason, since, state } = status
    this.#tell((states) => states.set(name, status))
    this.#emit({
      type: "connection",
      venue: this.#setup.venue.name,
      receivedTime: since,
      connection: name,
      state,
      attempt,
      ...(reason !== undefined && { reason })
    })
  }

  #tell(change: (states: Map<string, ConnectionStatus>) => unknown): void {
    const states = new Map(SubscriptionRef.getUnsafe(this.states))
    change(states)
    // nobody else writes, so this never waits
    Effect.runSync(SubscriptionRef.set(this.states, states))
  }
}

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
