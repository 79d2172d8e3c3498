/**
 * What the events of the market and of its streams have told last: prices, bars, quotes, and how the streams are.
 * Bounded by what is subscribed.
 */
import type { Event } from "@tidewire/core"
import { BarHistory } from "./BarHistory.ts"
import type { Portfolio } from "./Portfolio.ts"

/** How the streams of a venue are, as they have told last. */
export interface StreamsView {
  /** By connection. */
  readonly connections: Readonly<Record<string, Event.ConnectionStateName>>
  /** How many subscriptions are in each state. */
  readonly subscriptions: Readonly<Partial<Record<Event.SubscriptionStateName, number>>>
}

interface Streams {
  readonly connections: Map<string, Event.ConnectionStateName>
  /** By channel and symbol. */
  readonly subscriptions: Map<string, Event.SubscriptionStateName>
}

export class MarketPicture {
  readonly bars = new BarHistory()
  readonly #portfolio: Portfolio
  readonly #quotes = new Map<string, Map<string, Event.Quote>>()
  readonly #streams = new Map<string, Streams>()

  constructor(portfolio: Portfolio) {
    this.#portfolio = portfolio
  }

  take(event: Event.Event): void {
    switch (event.type) {
      case "quote":
        return this.#quote(event)
      case "mark":
        if (event.mark !== undefined) this.#portfolio.price(event.venue, event.symbol, event.mark, "mark")
        return
      case "trade":
        return this.#portfolio.price(event.venue, event.symbol, event.price, "trade")
      case "bar":
        return this.bars.take(event)
      case "connection":
        this.#streamsOf(event.venue).connections.set(event.connection, event.state)
        return
      case "subscription":
        return this.#subscription(event)
      default:
    }
  }

  readonly quote = (venue: string, symbol: string): Event.Quote | undefined => this.#quotes.get(venue)?.get(symbol)

  streams(venue: string): StreamsView {
    const { connections, subscriptions } = this.#streamsOf(venue)
    const counts: Partial<Record<Event.SubscriptionStateName, number>> = {}
    for (const state of subscriptions.values()) counts[state] = (counts[state] ?? 0) + 1
    return { connections: Object.fromEntries(connections), subscriptions: counts }
  }

  #quote(quote: Event.Quote): void {
    const { ask, bid, symbol, venue } = quote
    let ofVenue = this.#quotes.get(venue)
    if (ofVenue === undefined) this.#quotes.set(venue, (ofVenue = new Map()))
    ofVenue.set(symbol, quote)
    if (bid > 0 && ask > 0) this.#portfolio.price(venue, symbol, (bid + ask) / 2, "quote")
  }

  #subscription({ channel, state, symbol, venue }: Event.SubscriptionState): void {
    const { subscriptions } = this.#streamsOf(venue)
    const key = `${channel}\n${symbol}`
    if (state === "ended") subscriptions.delete(key)
    else subscriptions.set(key, state)
  }

  #streamsOf(venue: string): Streams {
    const streams = this.#streams.get(venue) ?? { connections: new Map(), subscriptions: new Map() }
    this.#streams.set(venue, streams)
    return streams
  }
}
