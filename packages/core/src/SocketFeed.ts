/**
 * The feed of a venue whose connections are supervised: which connection carries what, the streams of its subscriptions,
 * and the supervisors of its connections. It lives as long as the scope it was opened in.
 *
 * Guarantees: what stays subscribed is not touched by a change; when the scope closes, the sockets close first, then
 * every stream tells what is still open, then nothing more is emitted.
 */
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import type * as SubscriptionRef from "effect/SubscriptionRef"
import * as Backfill from "./Backfill.ts"
import * as BookAuditor from "./BookAuditor.ts"
import * as BookSeeds from "./BookSeeds.ts"
import * as Capabilities from "./Capabilities.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import * as Channel from "./Channel.ts"
import { type BookViewer, CheckedBookStream } from "./CheckedBookStream.ts"
import { Connection } from "./Connection.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import { ConnectionStates, eventOf, type States } from "./ConnectionStates.ts"
import type { Carried, Plan, Planned } from "./ConnectionPlanner.ts"
import type { DialBudget } from "./DialBudget.ts"
import type { Event } from "./Event.ts"
import { EventStream, type EventStreamOptions } from "./EventStream.ts"
import * as Fallback from "./Fallback.ts"
import { FeedCounter } from "./FeedCounter.ts"
import type { BookView } from "./OrderBook.ts"
import { stateTime } from "./receiveTime.ts"
import * as SilenceWatch from "./SilenceWatch.ts"
import * as SnapshotLoader from "./SnapshotLoader.ts"
import type { BookSource, SocketVenue } from "./SocketVenue.ts"
import * as Subscription from "./Subscription.ts"
import type { Owner, SupervisedSession } from "./SupervisedSession.ts"
import type { BookHole } from "./SymbolQueue.ts"
import type { ConnectionStatus, Feed, FeedCounts, History, Present } from "./VenueAdapter.ts"
import { Unsupported, VenueError } from "./VenueError.ts"
import { RecalledStream } from "./RecalledStream.ts"
import { WholeBookStream } from "./WholeBookStream.ts"

/** What a feed knows of its venue; what a session or a stream of it is made of is theirs. */
export interface FedVenue {
  /** What events carry as `venue`. */
  readonly name: string
  readonly capabilities: Capabilities.Capabilities
  readonly history?: History
  readonly present?: Present
  /** Where whole books come from, for streams that ask for them. */
  readonly book?: BookSource
}

/** What the stream of a subscription may be made of. */
export interface StreamSetup extends EventStreamOptions {
  readonly mend: (stream: Backfill.Mendable) => void
  readonly requestSnapshot: (stream: CheckedBookStream) => void
  readonly cancelSnapshot: (stream: CheckedBookStream) => void
}

export interface SocketFeedSetup {
  readonly venue: FedVenue
  readonly options: ConnectionOptions
  /** The plan of these subscriptions, with what `before` carries left where it is. */
  readonly layOut: (subscriptions: ReadonlyArray<Subscription.Subscription>, before?: ReadonlyArray<Planned>) => Plan
  /** The budget that a connection of this route dials within. */
  readonly dials: (route: string) => DialBudget
  readonly session: (owner: Owner, route: string) => SupervisedSession
  readonly stream: (setup: StreamSetup) => ChannelStream
}

export const open = (
  setup: SocketFeedSetup,
  subscriptions: ReadonlyArray<Subscription.Subscription>,
  emit: (event: Event) => void
): Effect.Effect<Feed, VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const { book, history, name } = setup.venue
    const states = yield* ConnectionStates.make
    const loader = yield* book?.snapshot === undefined ? BookSeeds.make : SnapshotLoader.make(book.snapshot)
    const backfill = yield* Backfill.make(history, setup.options.repairWithin)
    const counter = new FeedCounter()
    // finalizers run last to first: the sockets close before the streams end
    yield* Effect.addFinalizer(() => Effect.sync(() => feed.end()))
    const supervisors = yield* FiberMap.make<string>()
    const { capabilities, present } = setup.venue
    const fallback = yield* Fallback.make({
      capabilities,
      options: setup.options,
      reads: { venue: name, ...(history !== undefined && { history }), ...(present !== undefined && { present }) },
      counter,
      streamsOf: (connection) => feed.helpless(connection),
      onStatus: (status) => feed.onStatus(status),
      onEnded: (connection) => feed.forget(connection)
    })
    const feed: SocketFeed = new SocketFeed(setup, emit, { states, loader, backfill, supervisors, counter, fallback })
    yield* feed.update(subscriptions)
    const { audit: every } = setup.options
    const fetch = book?.audit ?? book?.snapshot
    if (every !== undefined && fetch !== undefined) {
      const { books, onAudited } = feed
      yield* BookAuditor.run({ venue: name, every, fetch, books, onAudited })
    }
    yield* SilenceWatch.watch({
      venue: name,
      lastTrade: history?.lastTrade,
      streams: () => feed.streams(),
      connections: () => feed.connections(),
      streamsOf: feed.streamsOf,
      trades: feed.trades,
      split: feed.split
    })
    return feed
  })

interface Parts {
  readonly states: ConnectionStates
  readonly loader: SnapshotLoader.SnapshotLoader
  readonly backfill: Backfill.Backfill
  readonly supervisors: FiberMap.FiberMap<string>
  readonly counter: FeedCounter
  readonly fallback: Fallback.Fallback
}

class SocketFeed implements Feed {
  readonly states: SubscriptionRef.SubscriptionRef<States>
  readonly #setup: SocketFeedSetup
  readonly #emit: (event: Event) => void
  readonly #parts: Parts
  readonly #counter: FeedCounter
  readonly #streams = new Map<string, ChannelStream>()
  readonly #books = new Map<string, ChannelStream & BookViewer>()
  readonly #connections = new Map<string, Connection>()
  #planned: ReadonlyArray<Planned> = []
  /** The scope has closed: nothing is begun, changed or told any more. */
  #isOver = false

  constructor(setup: SocketFeedSetup, emit: (event: Event) => void, parts: Parts) {
    this.#setup = setup
    this.#emit = emit
    this.#parts = parts
    this.states = parts.states.ref
    this.#counter = parts.counter
  }

  readonly update: Feed["update"] = (wanted, reasons = new Map()) =>
    Effect.gen({ self: this }, function* () {
      if (this.#isOver) return
      const { layOut, venue } = this.#setup
      yield* check(venue, wanted)
      const { connections, notes } = layOut(wanted, this.#planned)
      for (const note of notes) yield* Effect.annotateLogs(Effect.logWarning(note), { venue: venue.name })
      const kept = new Map(connections.map((each) => [each.name, each.carried]))
      for (const { name } of this.#planned) yield* this.#shrink(name, kept.get(name) ?? [], reasons)
      for (const connection of connections) yield* this.#extend(connection)
      this.#planned = connections
    })

  readonly counts = (): FeedCounts => {
    const resyncs = [...this.#books.values()].reduce((total, book) => total + (book.resyncs ?? 0), 0)
    return { ...this.#counter.current(), resyncs }
  }

  readonly book = (symbol: string): BookView | undefined => this.#books.get(symbol)?.view()

  readonly retellBook = (symbol: string, hole: BookHole): void => {
    if (!this.#isOver) this.#books.get(symbol)?.retell(hole)
  }

  readonly pause = (subscription: Subscription.Subscription): boolean => {
    const carriers = this.#carriers(subscription)
    if (carriers.length > 0 && carriers.every((each) => each.pause())) return true
    for (const each of carriers) each.resume()
    return false
  }

  readonly resume = (subscription: Subscription.Subscription): void => {
    for (const each of this.#carriers(subscription)) each.resume()
  }

  readonly rotate: Feed["rotate"] = (connection) =>
    this.#named(connection).flatMap((each) => (each.rotate("asked by the operator") ? [each.name] : []))

  readonly reconnect: Feed["reconnect"] = (connection) =>
    this.#named(connection).flatMap((each) => (each.reconnect("asked by the operator") ? [each.name] : []))

  readonly reset: Feed["reset"] = (connection) =>
    this.#named(connection).flatMap((each) => (each.reset() ? [each.name] : []))

  readonly samples: Feed["samples"] = () => this.#counter.samples

  readonly books = (): ReadonlyArray<CheckedBookStream> =>
    [...this.#books.values()].filter((book) => book instanceof CheckedBookStream)

  readonly onAudited = (isDrifted: boolean): void => {
    this.#counter.audits++
    if (isDrifted) this.#counter.drifts++
  }

  streams(): Iterable<ChannelStream> {
    return this.#streams.values()
  }

  connections(): Iterable<Connection> {
    return this.#connections.values()
  }

  readonly streamsOf = (symbol: string): ReadonlyArray<ChannelStream> =>
    [...this.#streams.values()].filter((stream) => stream.subscription.symbol === symbol)

  readonly trades = (symbol: string): ChannelStream | undefined =>
    this.#streams.get(Subscription.key({ symbol, channel: "trades" }))

  /** The streams of a connection that neither a session nor polling brings. */
  readonly helpless = (connection: string): ReadonlyArray<ChannelStream> =>
    [...(this.#connections.get(connection)?.streams ?? [])].filter((each) => !each.isCarried && !each.isPolled)

  readonly forget = (connection: string): void => this.#parts.states.delete(connection)

  /** Moves half of what a connection carries to a new one; false when it carries too little. */
  readonly split = (connection: Connection): Effect.Effect<boolean> =>
    Effect.suspend(() => {
      const planned = this.#planned.find(({ name }) => this.#namesOf(name).includes(connection.name))
      if (planned === undefined || planned.carried.length < 2) return Effect.succeed(false)
      const { carried, route } = planned
      const middle = Math.ceil(carried.length / 2)
      const stays = { ...planned, carried: carried.slice(0, middle) }
      const moves = { name: this.#freeName(planned.name), route, carried: carried.slice(middle) }
      const streams = moves.carried.map(({ subscription }) => this.#streams.get(Subscription.key(subscription))!)
      for (const name of this.#namesOf(planned.name)) this.#connections.get(name)?.handTo(moves.name, streams)
      this.#planned = [...this.#planned.map((each) => (each === planned ? stays : each)), moves]
      return Effect.as(this.#start(moves, streams), true)
    })

  /** Every stream tells what is still open; from then on the feed does nothing. */
  end(): void {
    for (const stream of this.#streams.values()) stream.end(undefined)
    this.#isOver = true
  }

  /** Takes from a connection what it is not to carry any more, and ends it when nothing is left. */
  #shrink(name: string, kept: ReadonlyArray<Carried>, reasons: ReadonlyMap<string, string>): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const keys = new Set(kept.map((each) => Subscription.key(each.subscription)))
      for (const each of this.#namesOf(name)) {
        const connection = this.#connections.get(each)
        if (connection === undefined) continue
        const gone = [...connection.streams].filter((stream) => !keys.has(Subscription.key(stream.subscription)))
        for (const stream of gone) this.#drop(stream, reasons)
        if (gone.length > 0) connection.remove(gone)
        if (connection.streams.size > 0) continue
        this.#connections.delete(each)
        yield* FiberMap.remove(this.#parts.supervisors, each)
        this.#parts.states.delete(each)
      }
    })
  }

  /** Gives a connection what it does not carry yet, and starts it when it is new. */
  #extend(planned: Planned): Effect.Effect<void> {
    return Effect.suspend(() => {
      const added = planned.carried
        .filter((each) => !this.#streams.has(Subscription.key(each.subscription)))
        .map((each) => this.#makeStream(each))
      if (!this.#connections.has(planned.name)) return this.#start(planned, added)
      if (added.length > 0) for (const name of this.#namesOf(planned.name)) this.#connections.get(name)?.add(added)
      return Effect.void
    })
  }

  /** As many supervised connections as there are to be sockets, all with the same streams. */
  #start({ name, route }: Planned, streams: ReadonlyArray<ChannelStream>): Effect.Effect<void> {
    const { dials, options, session, venue } = this.#setup
    const setup = {
      venue: venue.name,
      options,
      dials: dials(route),
      session: (owner: Owner) => session(owner, route),
      counter: this.#counter,
      onStatus: this.onStatus,
      onLatency: this.#onLatency
    }
    return Effect.forEach(
      this.#namesOf(name),
      (each) => {
        const connection = new Connection({ ...setup, name: each })
        connection.add(streams)
        this.#connections.set(each, connection)
        // it is there, also while it waits for its turn to dial
        this.#parts.states.set(connection.status)
        return FiberMap.run(this.#parts.supervisors, each, connection.run)
      },
      { discard: true }
    )
  }

  #namesOf(name: string): ReadonlyArray<string> {
    return namesOf(name, this.#setup.options.redundancy)
  }

  #freeName(name: string): string {
    for (let number = 2; ; number++) {
      const free = `${name}-${number}`
      if (!this.#connections.has(free)) return free
    }
  }

  #makeStream({ subscription, topic }: Carried): ChannelStream {
    const { venue } = this.#setup
    const stream = this.#setup.stream({
      venue: venue.name,
      subscription,
      topic,
      emit: this.#emitCounted,
      onDuplicate: () => this.#counter.duplicates++,
      now: stateTime,
      consecutiveTradeIds: venue.capabilities.consecutiveTradeIds,
      mend: (each) => this.#parts.backfill.request(each),
      requestSnapshot: (each) => this.#parts.loader.request(each),
      cancelSnapshot: (each) => this.#parts.loader.cancel(each)
    })
    if (isBookViewer(stream)) this.#books.set(subscription.symbol, stream)
    this.#streams.set(Subscription.key(subscription), stream)
    return stream
  }

  #drop(stream: ChannelStream, reasons: ReadonlyMap<string, string>): void {
    const { symbol } = stream.subscription
    stream.end(reasons.get(symbol) ?? "unsubscribed")
    this.#parts.fallback.dropped(stream)
    this.#streams.delete(Subscription.key(stream.subscription))
    if (this.#books.get(symbol) === stream) this.#books.delete(symbol)
    if (stream instanceof CheckedBookStream) this.#parts.loader.cancel(stream)
    this.#parts.backfill.cancel(stream)
  }

  #carriers(subscription: Subscription.Subscription): ReadonlyArray<Connection> {
    const stream = this.#isOver ? undefined : this.#streams.get(Subscription.key(subscription))
    return stream === undefined ? [] : [...this.#connections.values()].filter(({ streams }) => streams.has(stream))
  }

  #named(name: string | undefined): ReadonlyArray<Connection> {
    if (this.#isOver) return []
    return [...this.#connections.values()].filter((each) => name === undefined || each.name === name)
  }

  readonly #emitCounted = (event: Event): void => {
    this.#counter.events++
    if (event.type === "gap") this.#counter.gaps++
    this.#emit(event)
  }

  readonly #onLatency = (status: ConnectionStatus): void => this.#parts.states.set(status)

  readonly onStatus = (status: ConnectionStatus): void => {
    this.#parts.states.set(status)
    this.#emit(eventOf(this.#setup.venue.name, status))
    this.#parts.fallback.moved(status)
  }
}

/** The streams of a venue on sockets of ours. */
export const streamOf =
  ({ book, capabilities, history, isPartialBook }: SocketVenue): SocketFeedSetup["stream"] =>
  (setup) => {
    const { subscription } = setup
    const isRecalled = !capabilities.consecutiveTradeIds && history?.recentTrades !== undefined
    if (subscription.channel === "trades" && isRecalled) return new RecalledStream(setup)
    if (Channel.kind(subscription.channel) !== "book") return new EventStream(setup)
    return isPartialBook(subscription) ? new WholeBookStream(setup) : new CheckedBookStream({ ...setup, source: book })
  }

const isBookViewer = (stream: ChannelStream): stream is ChannelStream & BookViewer => "view" in stream

/** The names of the sockets of a planned connection. */
export const namesOf = (name: string, redundancy: ConnectionOptions["redundancy"]): ReadonlyArray<string> =>
  redundancy === 1 ? [name] : [name, `${name}#2`]

/** A venue is not asked for what it does not have. */
const check = (
  { capabilities, name }: FedVenue,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): Effect.Effect<void, VenueError> => {
  const problems = [
    ...Capabilities.problems(capabilities, subscriptions),
    ...subscriptions
      .filter(({ transport }) => transport === "polling")
      .map((subscription) => ({ subscription, message: "sockets do not poll; Polling.over does" }))
  ]
  if (problems.length === 0) return Effect.void
  const message = problems.map((each) => `${Subscription.key(each.subscription)}: ${each.message}`).join("; ")
  return Effect.fail(new VenueError({ venue: name, operation: "subscribe", reason: new Unsupported({ message }) }))
}
