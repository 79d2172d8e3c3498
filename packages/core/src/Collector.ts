/**
 * The latest of everything that was given to it, on an `EventStore`: the latest bar, ticker, quote, and the bars of a
 * series. For a consumer that asks what is now rather than what came.
 *
 * Guarantees: the bounds and the accounts of the store; nothing older than its retention is given as the latest.
 */
import type { Bar, Event, Quote, Ticker } from "./Event.ts"
import * as EventStore from "./EventStore.ts"
import type { Interval } from "./Interval.ts"

export class Collector {
  readonly store: EventStore.EventStore

  constructor(store: EventStore.EventStore = EventStore.make()) {
    this.store = store
  }

  /** Takes an event, as a handler does. */
  readonly accept = (event: Event): void => {
    this.store.add(event)
  }

  latestBar(venue: string, symbol: string, interval: Interval): Bar | undefined {
    return this.bars(venue, symbol, interval, 1)[0]
  }

  latestTicker(venue: string, symbol: string): Ticker | undefined {
    for (const event of this.store.latestFirst({ venue, symbol, channel: "ticker" })) {
      if (event.type === "ticker") return event
    }
    return undefined
  }

  latestQuote(venue: string, symbol: string): Quote | undefined {
    for (const event of this.store.latestFirst({ venue, symbol, channel: "quotes" })) {
      if (event.type === "quote") return event
    }
    return undefined
  }

  /** The latest bars, each once and as it stood last, oldest first; the last of them may not be final. */
  bars(venue: string, symbol: string, interval: Interval, limit = Infinity): ReadonlyArray<Bar> {
    const bars = new Map<number, Bar>()
    for (const event of this.store.latestFirst({ venue, symbol, channel: `bars:${interval}` })) {
      if (bars.size >= limit) break
      if (event.type === "bar" && !bars.has(event.openTime)) bars.set(event.openTime, event)
    }
    return [...bars.values()].reverse()
  }

  /** Forgets everything; the counts of the store go on. */
  clear(): void {
    this.store.clear()
  }
}

export const make = (options?: EventStore.EventStoreOptions): Collector => new Collector(EventStore.make(options))
