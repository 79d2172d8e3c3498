/**
 * A feed that polls the reads of an adapter: polled connections and the streams of their subscriptions. It lives as long
 * as the scope it was opened in.
 *
 * Guarantees: what stays subscribed is not touched by a change; trades are whole where their ids are consecutive, else
 * where a page reaches back to the one before, and have a gap where it does not; a bar is final once; a book is whole with
 * every poll; what has not changed is not told again.
 */
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Channel from "./Channel.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import { ConnectionStates, eventOf } from "./ConnectionStates.ts"
import type { Event } from "./Event.ts"
import { EventStream } from "./EventStream.ts"
import { FeedCounter } from "./FeedCounter.ts"
import type { BookView } from "./OrderBook.ts"
import { PolledConnection } from "./PolledConnection.ts"
import { phaseOf } from "./PollTimes.ts"
import { RecalledStream } from "./RecalledStream.ts"
import { stateTime } from "./receiveTime.ts"
import * as Subscription from "./Subscription.ts"
import type { ConnectionStatus, Feed, FeedCounts, PlannedConnection, VenueAdapter } from "./VenueAdapter.ts"
import { WholeBookStream } from "./WholeBookStream.ts"

export interface PollingFeedSetup {
  readonly adapter: VenueAdapter
  readonly options: ConnectionOptions
}

/** One connection for each symbol, or one for all, as sockets are isolated. */
export const plan = (
  { adapter, options }: PollingFeedSetup,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): ReadonlyArray<PlannedConnection> => {
  const url = adapter.present?.url ?? ""
  const wanted = Subscription.distinct(subscriptions)
  const nameOf = ({ symbol }: Subscription.Subscription) =>
    options.isolation === "symbol" ? `${symbol}/polling` : "polling"
  return [...Map.groupBy(wanted, nameOf)].map(([name, carried]) => ({ name, url, subscriptions: carried }))
}

export const open = (
  setup: PollingFeedSetup,
  subscriptions: ReadonlyArray<Subscription.Subscription>,
  emit: (event: Event) => void
): Effect.Effect<Feed, never, Scope.Scope> =>
  Effect.gen(function* () {
    const states = yield* ConnectionStates.make
    // finalizers run last to first: polling ends before the streams do
    yield* Effect.addFinalizer(() => Effect.sync(() => feed.end()))
    const supervisors = yield* FiberMap.make<string>()
    const feed = new PollingFeed(setup, emit, states, supervisors)
    yield* feed.update(subscriptions)
    return feed
  })

class PollingFeed implements Feed {
  readonly states: Feed["states"]
  readonly #states: ConnectionStates
  readonly #setup: PollingFeedSetup
  readonly #emit: (event: Event) => void
  readonly #supervisors: FiberMap.FiberMap<string>
  readonly #counter = new FeedCounter()
  readonly #streams = new Map<string, ChannelStream>()
  readonly #books = new Map<string, WholeBookStream>()
  readonly #connections = new Map<string, PolledConnection>()
  #phases = 0
  /** The scope has closed: nothing is begun, changed or told any more. */
  #isOver = false

  constructor(
    setup: PollingFeedSetup,
    emit: (event: Event) => void,
    states: ConnectionStates,
    supervisors: FiberMap.FiberMap<string>
  ) {
    this.#setup = setup
    this.#emit = emit
    this.states = states.ref
    this.#states = states
    this.#supervisors = supervisors
  }

  readonly update = (
    wanted: ReadonlyArray<Subscription.Subscription>,
    reasons: ReadonlyMap<string, string> = new Map()
  ): Effect.Effect<void> =>
    Effect.gen({ self: this }, function* () {
      if (this.#isOver) return
      const planned = plan(this.#setup, wanted)
      const kept = new Map(planned.map((each) => [each.name, each.subscriptions]))
      for (const connection of this.#connections.values()) {
        yield* this.#shrink(connection, kept.get(connection.name) ?? [], reasons)
      }
      for (const each of planned) yield* this.#extend(each)
    })

  readonly counts = (): FeedCounts => ({ ...this.#counter.current(), resyncs: 0 })

  readonly book = (symbol: string): BookView | undefined => this.#books.get(symbol)?.view()

  readonly retellBook: Feed["retellBook"] = (symbol, hole) => {
    if (!this.#isOver) this.#books.get(symbol)?.retell(hole)
  }

  readonly pause = (subscription: Subscription.Subscription): boolean => {
    const carrier = this.#carrierOf(subscription)
    carrier?.pause()
    return carrier !== undefined
  }

  readonly resume = (subscription: Subscription.Subscription): void => this.#carrierOf(subscription)?.resume()

  /** There is no session whose age would matter. */
  readonly rotate = (): ReadonlyArray<string> => []

  readonly reconnect: Feed["reconnect"] = (name) =>
    [...this.#connections.values()].flatMap((each) =>
      !this.#isOver && (name === undefined || each.name === name) && each.reconnect("asked by the operator")
        ? [each.name]
        : []
    )

  readonly reset: Feed["reset"] = (name) =>
    [...this.#connections.values()].flatMap((each) =>
      !this.#isOver && (name === undefined || each.name === name) && each.reset() ? [each.name] : []
    )

  readonly samples: Feed["samples"] = () => this.#counter.samples

  /** Every stream tells what is still open; from then on the feed does nothing. */
  end(): void {
    for (const stream of this.#streams.values()) stream.end(undefined)
    this.#isOver = true
  }

  /** Takes from a connection what it is not to poll any more, and ends it when nothing is left. */
  #shrink(
    connection: PolledConnection,
    kept: ReadonlyArray<Subscription.Subscription>,
    reasons: ReadonlyMap<string, string>
  ): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const keys = new Set(kept.map(Subscription.key))
      const gone = [...connection.streams].filter((stream) => !keys.has(Subscription.key(stream.subscription)))
      for (const stream of gone) this.#drop(stream, reasons)
      connection.remove(gone)
      if (connection.streams.size > 0) return
      this.#connections.delete(connection.name)
      yield* FiberMap.remove(this.#supervisors, connection.name)
      this.#states.delete(connection.name)
    })
  }

  /** Gives a connection what it does not poll yet, and starts it when it is new. */
  #extend({ name, subscriptions }: PlannedConnection): Effect.Effect<void> {
    return Effect.suspend(() => {
      const added = subscriptions
        .filter((each) => !this.#streams.has(Subscription.key(each)))
        .map((each) => this.#makeStream(each))
      const known = this.#connections.get(name)
      if (added.length > 0) known?.add(added)
      if (known !== undefined) return Effect.void
      const { adapter, options } = this.#setup
      const connection = new PolledConnection({
        name,
        reads: adapter,
        options,
        counter: this.#counter,
        onStatus: this.#onStatus,
        nextPhase: () => phaseOf(this.#phases++)
      })
      connection.add(added)
      this.#connections.set(name, connection)
      this.#states.set(connection.status)
      return Effect.asVoid(FiberMap.run(this.#supervisors, name, connection.run))
    })
  }

  #makeStream(subscription: Subscription.Subscription): ChannelStream {
    const { capabilities, venue } = this.#setup.adapter
    const { consecutiveTradeIds } = capabilities
    const options = {
      venue,
      subscription,
      topic: { name: Subscription.key(subscription), route: "polling" },
      emit: this.#emitCounted,
      onDuplicate: () => this.#counter.duplicates++,
      now: stateTime,
      consecutiveTradeIds
    }
    const stream = ((): ChannelStream => {
      if (Channel.kind(subscription.channel) === "book") return new WholeBookStream(options)
      if (subscription.channel !== "trades" || consecutiveTradeIds) return new EventStream(options)
      // every poll is what a repair would read
      return new RecalledStream({ ...options, mend: (hole) => hole.giveUp() })
    })()
    if (stream instanceof WholeBookStream) this.#books.set(subscription.symbol, stream)
    this.#streams.set(Subscription.key(subscription), stream)
    return stream
  }

  #drop(stream: ChannelStream, reasons: ReadonlyMap<string, string>): void {
    const { symbol } = stream.subscription
    stream.end(reasons.get(symbol) ?? "unsubscribed")
    this.#streams.delete(Subscription.key(stream.subscription))
    if (this.#books.get(symbol) === stream) this.#books.delete(symbol)
  }

  #carrierOf(subscription: Subscription.Subscription): PolledConnection | undefined {
    const stream = this.#streams.get(Subscription.key(subscription))
    if (stream === undefined || this.#isOver) return undefined
    return [...this.#connections.values()].find(({ streams }) => streams.has(stream))
  }

  readonly #emitCounted = (event: Event): void => {
    this.#counter.events++
    if (event.type === "gap") this.#counter.gaps++
    this.#emit(event)
  }

  readonly #onStatus = (status: ConnectionStatus): void => {
    this.#states.set(status)
    this.#emit(eventOf(this.#setup.adapter.venue, status))
  }
}
