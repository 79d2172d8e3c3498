/**
 * The recent past in memory: what the market said, and the gaps in their places, by series (venue, symbol, channel).
 *
 * Guarantees: at most `perSeries` events of a series, `total` of all (the oldest of all gives way), none that was received
 * longer than `retention` ago; adding is O(1). A bar takes the place of its own earlier state. Every event that was taken
 * is accounted for: received = stored + replaced + cleared + evicted, always. States of connections, subscriptions and
 * books are not kept.
 */
import * as Duration from "effect/Duration"
import { type Event, type Gap, isMarketEvent, type MarketEvent } from "./Event.ts"
import { RateWindow } from "./RateWindow.ts"
import { receiveTime } from "./receiveTime.ts"

export type StoredEvent = MarketEvent | Gap

export interface EventStoreOptions {
  /** Events of one series; default 1 000. */
  readonly perSeries?: number
  /** Events of all series; default 10 000. */
  readonly total?: number
  /** How long ago an event may have been received; default 60 minutes. */
  readonly retention?: Duration.Input
  /** Epoch ms; the clock that receive times are of unless another is given. */
  readonly now?: () => number
}

/** What is left out is not looked at. */
export interface EventQuery {
  readonly venue?: string
  readonly symbol?: string
  /** `trades`, `quotes`, `book` (of any depth), `bars:1m` …, as the events' own channel. */
  readonly channel?: string
  /** The earliest receive time, epoch ms, inclusive. */
  readonly since?: number
  /** At most so many, the latest; no limit but the store's own unless it is given. */
  readonly limit?: number
}

export interface EventStoreStatistics {
  /** Events that were taken. */
  readonly received: number
  readonly stored: number
  /** Earlier states of a bar that is stored. */
  readonly replaced: number
  readonly cleared: number
  /** By the bound that they gave way to. */
  readonly evicted: { readonly series: number; readonly total: number; readonly retention: number }
  /** Received a second, over the last minute. */
  readonly perSecond: number
  readonly symbols: ReadonlyArray<{ readonly venue: string; readonly symbol: string; readonly stored: number }>
  readonly uptimeMs: number
}

/** A stored event, between its neighbours among all and in its series. */
interface Entry {
  readonly event: StoredEvent
  readonly series: Series
  before: Entry | undefined
  after: Entry | undefined
  beforeInSeries: Entry | undefined
  afterInSeries: Entry | undefined
}

interface Series {
  readonly key: string
  size: number
  first: Entry | undefined
  last: Entry | undefined
}

export class EventStore {
  readonly #perSeries: number
  readonly #total: number
  readonly #retentionMs: number
  readonly #now: () => number
  readonly #startMs: number
  readonly #rate: RateWindow
  readonly #series = new Map<string, Series>()
  #first: Entry | undefined
  #last: Entry | undefined
  #stored = 0
  #received = 0
  #replaced = 0
  #cleared = 0
  readonly #evicted = { series: 0, total: 0, retention: 0 }

  constructor(options: EventStoreOptions = {}) {
    this.#perSeries = bound("perSeries", options.perSeries ?? 1_000)
    this.#total = bound("total", options.total ?? 10_000)
    this.#retentionMs = Duration.toMillis(Duration.fromInputUnsafe(options.retention ?? "60 minutes"))
    this.#now = options.now ?? receiveTime
    this.#startMs = this.#now()
    this.#rate = new RateWindow(this.#startMs)
  }

  /** Takes an event; false for one that is not kept. */
  add(event: Event): boolean {
    if (!isMarketEvent(event) && event.type !== "gap") return false
    const now = this.#now()
    this.#received++
    this.#rate.add(now)
    // what is too old makes room, before anything that is not has to
    this.#expire(now)
    if (event.receivedTime < now - this.#retentionMs) {
      this.#evicted.retention++
      return true
    }
    const series = this.#seriesOf(event)
    if (isSameBar(series.last?.event, event)) {
      this.#remove(series.last!)
      this.#replaced++
    } else if (series.size === this.#perSeries) {
      this.#remove(series.first!)
      this.#evicted.series++
    }
    this.#append(event, series)
    if (this.#stored > this.#total) {
      this.#remove(this.#first!)
      this.#evicted.total++
    }
    return true
  }

  /** What is stored, oldest first. */
  events(query: EventQuery = {}): ReadonlyArray<StoredEvent> {
    const found: Array<StoredEvent> = []
    const limit = query.limit === undefined ? Infinity : bound("limit", query.limit)
    for (const event of this.latestFirst(query)) if (found.push(event) === limit) break
    return found.reverse()
  }

  /** What is stored, latest first. */
  *latestFirst(query: Omit<EventQuery, "limit"> = {}): Generator<StoredEvent, void> {
    const { channel, symbol, venue } = query
    const now = this.#now()
    this.#expire(now)
    const since = Math.max(query.since ?? -Infinity, now - this.#retentionMs)
    const isOneSeries = venue !== undefined && symbol !== undefined && channel !== undefined
    let entry = isOneSeries ? this.#series.get(keyOf(venue, symbol, channel))?.last : this.#last
    while (entry !== undefined) {
      const { event } = entry
      const isAsked =
        isOneSeries ||
        ((venue ?? event.venue) === event.venue &&
          (symbol ?? event.symbol) === event.symbol &&
          (channel === undefined || channel === channelOf(event)))
      if (isAsked && event.receivedTime >= since) yield event
      entry = isOneSeries ? entry.beforeInSeries : entry.before
    }
  }

  statistics(): EventStoreStatistics {
    const now = this.#now()
    this.#expire(now)
    const symbols = Map.groupBy(this.#series.values(), ({ last }) => `${last!.event.venue} ${last!.event.symbol}`)
    return {
      received: this.#received,
      stored: this.#stored,
      replaced: this.#replaced,
      cleared: this.#cleared,
      evicted: { ...this.#evicted },
      perSecond: this.#rate.perSecond(now),
      symbols: [...symbols.values()].map((all) => {
        const { symbol, venue } = all[0]!.last!.event
        return { venue, symbol, stored: all.reduce((total, { size }) => total + size, 0) }
      }),
      uptimeMs: now - this.#startMs
    }
  }

  /** Forgets every event; what was counted stays counted. */
  clear(): void {
    this.#cleared += this.#stored
    this.#stored = 0
    this.#first = undefined
    this.#last = undefined
    this.#series.clear()
  }

  #seriesOf(event: StoredEvent): Series {
    const key = keyOf(event.venue, event.symbol, channelOf(event))
    let series = this.#series.get(key)
    if (series === undefined) {
      series = { key, size: 0, first: undefined, last: undefined }
      this.#series.set(key, series)
    }
    return series
  }

  #append(event: StoredEvent, series: Series): void {
    const entry: Entry = {
      event,
      series,
      before: this.#last,
      after: undefined,
      beforeInSeries: series.last,
      afterInSeries: undefined
    }
    if (this.#last === undefined) this.#first = entry
    else this.#last.after = entry
    this.#last = entry
    if (series.last === undefined) series.first = entry
    else series.last.afterInSeries = entry
    series.last = entry
    // a bar that was alone in its series took that with it
    if (series.size++ === 0) this.#series.set(series.key, series)
    this.#stored++
  }

  #remove(entry: Entry): void {
    const { after, afterInSeries, before, beforeInSeries, series } = entry
    if (before === undefined) this.#first = after
    else before.after = after
    if (after === undefined) this.#last = before
    else after.before = before
    if (beforeInSeries === undefined) series.first = afterInSeries
    else beforeInSeries.afterInSeries = afterInSeries
    if (afterInSeries === undefined) series.last = beforeInSeries
    else afterInSeries.beforeInSeries = beforeInSeries
    this.#stored--
    if (--series.size === 0) this.#series.delete(series.key)
  }

  /** Gives up what is too old, from the oldest on; one that stands behind a younger one is not told meanwhile. */
  #expire(now: number): void {
    const earliest = now - this.#retentionMs
    while (this.#first !== undefined && this.#first.event.receivedTime < earliest) {
      this.#remove(this.#first)
      this.#evicted.retention++
    }
  }
}

export const make = (options?: EventStoreOptions): EventStore => new EventStore(options)

/** The channel that an event is stored under; a book's is `book` whatever its depth. */
export const channelOf = (event: StoredEvent): string => {
  switch (event.type) {
    case "trade":
      return "trades"
    case "quote":
      return "quotes"
    case "bar":
      return `bars:${event.interval}`
    case "liquidation":
      return "liquidations"
    case "gap":
      return event.channel.startsWith("book:") ? "book" : event.channel
    case "book":
    case "ticker":
    case "mark":
      return event.type
  }
}

const keyOf = (venue: string, symbol: string, channel: string): string => `${venue}\n${symbol}\n${channel}`

const isSameBar = (last: StoredEvent | undefined, event: StoredEvent): boolean =>
  last?.type === "bar" && event.type === "bar" && last.openTime === event.openTime

const bound = (name: string, value: number): number => {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RangeError(`${name} is a whole number above 0, not ${value}`)
}
