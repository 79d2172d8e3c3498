/**
 * What has become of a session's streams and connections: rates, ages, states, and the recent history of what is rare.
 *
 * Guarantees: costs nothing for an event of a market (what passed is read from the queues once a second); memory is bounded by
 * the streams that are subscribed and by rings. Times are epoch ms.
 */
import type { Event, EventBus, MarketStream, Subscription } from "@tidewire/core"
import type { Told } from "../output/Output.ts"
import type { PreparedVenue } from "../venues/PreparedVenue.ts"
import { Ring } from "./Ring.ts"

const CONNECTION_CHANGES = 1_000
const GAPS = 1_000

/** A rate is over so many seconds. */
const RATE_SECONDS = 10

export interface StreamStatus {
  readonly venue: string
  readonly symbol: string
  readonly channel: string
  readonly state: Event.SubscriptionState["state"]
  readonly reason?: string
  /** Of a book. */
  readonly book?: Event.BookState["state"]
  /** Events delivered, and how many a second over the last ten. */
  readonly delivered: number
  readonly perSecond: number
  readonly conflated: number
  readonly dropped: number
  readonly waiting: number
  /** When the last event was received, epoch ms, and how long ago that was. Absent until there was one. */
  readonly lastReceivedTime?: number
  readonly ageMs?: number
  readonly gaps: number
  readonly gapsUnrepaired: number
}

/** A connection moved to another state. */
export interface ConnectionChange {
  /** Epoch ms. */
  readonly time: number
  readonly venue: string
  readonly connection: string
  readonly state: Event.Connection["state"]
  readonly attempt: number
  readonly reason?: string
}

/** What is known of a stream beside what its queue counts. */
interface Known {
  state: StreamStatus["state"]
  reason: string | undefined
  book: StreamStatus["book"]
  gaps: number
  gapsUnrepaired: number
  /** What had been delivered at each of the last seconds. */
  readonly delivered: Ring<number>
}

export class Watch {
  readonly #venues: ReadonlyArray<PreparedVenue>
  readonly #streams = new Map<string, Known>()
  readonly #changes = new Ring<ConnectionChange>(CONNECTION_CHANGES)
  readonly #gaps = new Ring<Event.Gap>(GAPS)

  readonly #now: () => number

  constructor(venues: ReadonlyArray<PreparedVenue>, bus: EventBus.EventBus<Told>, now: () => number) {
    this.#venues = venues
    this.#now = now
    bus.on("connection", (event) => this.#changes.add(changeOf(event)), "watch")
    bus.on("subscription", (event) => this.#subscription(event), "watch")
    bus.on("bookState", (event) => this.#bookState(event), "watch")
    bus.on("gap", (event) => this.#gap(event), "watch")
    bus.onTimer(() => this.#sample(), "watch")
  }

  /** Every stream that is subscribed, and what it has delivered. */
  streams(): ReadonlyArray<StreamStatus> {
    const now = this.#now()
    return this.#venues.flatMap(({ name, stream }) => {
      if (stream === undefined) return []
      const counts = countsOf(stream)
      return stream.subscriptions().map((each) => this.#statusOf(name, each, counts, now))
    })
  }

  /** Oldest first. */
  connectionChanges(limit?: number): ReadonlyArray<ConnectionChange> {
    return this.#changes.values(limit)
  }

  /** Oldest first. */
  gaps(limit?: number): ReadonlyArray<Event.Gap> {
    return this.#gaps.values(limit)
  }

  #statusOf(
    venue: string,
    { channel, symbol }: Subscription.Subscription,
    counts: ReadonlyMap<string, MarketStream.StreamCounts>,
    now: number
  ): StreamStatus {
    const known = this.#known(venue, symbol, channel)
    const { book, gaps, gapsUnrepaired, reason, state } = known
    const passed = counts.get(`${symbol}\n${channel}`)
    const { conflated = 0, delivered = 0, dropped = 0, last, waiting = 0 } = passed ?? {}
    return {
      venue,
      symbol,
      channel,
      state,
      ...(reason !== undefined && { reason }),
      ...(book !== undefined && { book }),
      delivered,
      perSecond: rateOf(known.delivered.values()),
      conflated,
      dropped,
      waiting,
      ...(last !== undefined && {
        lastReceivedTime: last.receivedTime,
        ageMs: Math.max(0, now - last.receivedTime)
      }),
      gaps,
      gapsUnrepaired
    }
  }

  #subscription({ channel, reason, state, symbol, venue }: Event.SubscriptionState): void {
    const known = this.#known(venue, symbol, channel)
    known.state = state
    known.reason = reason
  }

  #bookState({ state, symbol, venue }: Event.BookState): void {
    const channel = this.#subscribed(venue).find((each) => each.symbol === symbol && each.channel.startsWith("book"))
    if (channel !== undefined) this.#known(venue, symbol, channel.channel).book = state
  }

  #gap(gap: Event.Gap): void {
    this.#gaps.add(gap)
    const known = this.#known(gap.venue, gap.symbol, gap.channel)
    known.gaps++
    if (!gap.repaired) known.gapsUnrepaired++
  }

  /** Once a second: what was delivered, and what is no longer subscribed. */
  #sample(): void {
    const subscribed = new Set<string>()
    for (const { name, stream } of this.#venues) {
      if (stream === undefined) continue
      const counts = countsOf(stream)
      for (const { channel, symbol } of stream.subscriptions()) {
        subscribed.add(keyOf(name, symbol, channel))
        const delivered = counts.get(`${symbol}\n${channel}`)?.delivered ?? 0
        this.#known(name, symbol, channel).delivered.add(delivered)
      }
    }
    for (const key of this.#streams.keys()) if (!subscribed.has(key)) this.#streams.delete(key)
  }

  #subscribed(venue: string): ReadonlyArray<Subscription.Subscription> {
    return this.#venues.find(({ name }) => name === venue)?.stream?.subscriptions() ?? []
  }

  #known(venue: string, symbol: string, channel: string): Known {
    const key = keyOf(venue, symbol, channel)
    let known = this.#streams.get(key)
    if (known === undefined) {
      const delivered = new Ring<number>(RATE_SECONDS + 1)
      known = { state: "pending", reason: undefined, book: undefined, gaps: 0, gapsUnrepaired: 0, delivered }
      this.#streams.set(key, known)
    }
    return known
  }
}

const keyOf = (venue: string, symbol: string, channel: string): string => `${venue}\n${symbol}\n${channel}`

const countsOf = (stream: MarketStream.MarketStream): ReadonlyMap<string, MarketStream.StreamCounts> =>
  new Map(stream.streams().map((each) => [`${each.symbol}\n${each.channel}`, each]))

const changeOf = ({ attempt, connection, reason, receivedTime, state, venue }: Event.Connection): ConnectionChange => ({
  time: receivedTime,
  venue,
  connection,
  state,
  attempt,
  ...(reason !== undefined && { reason })
})

/** A second, of a count taken once a second; a count that began anew is taken from there. */
const rateOf = (counts: ReadonlyArray<number>): number => {
  const [first, last] = [counts[0], counts.at(-1)]
  return first === undefined || last === undefined || counts.length < 2
    ? 0
    : Math.max(0, last - first) / (counts.length - 1)
}
