/**
 * What the live table shows, gathered from the events as they pass: one row a symbol, rates over the last second. Holds a
 * row for each subscribed symbol, for the few that ended last, and the last few log lines, nothing else.
 */
import { type Event, Event as EventModule } from "@tidewire/core"
import type { VenueStatus } from "../Runner.ts"
import type { Trading } from "./TradingBoard.ts"

export interface ConnectionRow {
  readonly venue: string
  readonly name: string
  readonly state: string
  readonly attempt: number
  readonly sinceMs: number
  readonly reason: string | undefined
}

export interface SymbolRow {
  readonly venue: string
  readonly symbol: string
  /** Market events in the last second. */
  readonly rate: number
  readonly last: { readonly price: number; readonly size: number; readonly side: string } | undefined
  readonly bid: number | undefined
  readonly ask: number | undefined
  /** `undefined` where no book is subscribed. */
  readonly book: string | undefined
  readonly gaps: number
}

export interface Model {
  readonly connections: ReadonlyArray<ConnectionRow>
  readonly symbols: ReadonlyArray<SymbolRow>
  readonly delivered: number
  readonly dropped: number
  readonly conflated: number
  /** Where an engine runs. */
  readonly trading?: Trading
  /** The last log lines, oldest first. */
  readonly messages: ReadonlyArray<string>
}

const MESSAGES = 4

/** Symbols whose subscriptions have all ended that are still shown. */
const ENDED = 20
const RATE_EVERY_MS = 1_000

interface Row {
  readonly venue: string
  readonly symbol: string
  events: number
  counted: number
  rate: number
  last: SymbolRow["last"]
  bid: number | undefined
  ask: number | undefined
  book: string | undefined
  gaps: number
  /** Channels whose subscription has been told of and has not ended. */
  readonly channels: Set<string>
}

export class Board {
  readonly #rows = new Map<string, Row>()
  /** The keys of symbols that ended, longest ago first. */
  readonly #ended = new Set<string>()
  readonly #messages: Array<string> = []
  #ratedAt: number

  constructor(now: number) {
    this.#ratedAt = now
  }

  /** Takes an event of a market; what belongs to no symbol is on the connections' rows anyway. */
  take(event: Event.Event): void {
    if (event.type === "connection") return
    const key = `${event.venue} ${event.symbol}`
    let row = this.#rows.get(key)
    if (row === undefined) {
      row = emptyRow(event.venue, event.symbol)
      this.#rows.set(key, row)
    }
    if (EventModule.isMarketEvent(event)) row.events++
    if (event.type === "trade") row.last = { price: event.price, size: event.size, side: event.side }
    else if (event.type === "quote") {
      row.bid = event.bid
      row.ask = event.ask
    } else if (event.type === "bookState") row.book = event.state
    else if (event.type === "gap") row.gaps++
    else if (event.type === "subscription") this.#follow(key, row, event)
  }

  /** Symbols come and go for as long as a run lasts: those that went longest ago lose their rows. */
  #follow(key: string, row: Row, { channel, state }: Event.SubscriptionState): void {
    if (state !== "ended") {
      row.channels.add(channel)
      this.#ended.delete(key)
      return
    }
    row.channels.delete(channel)
    if (channel.startsWith("book")) row.book = "ended"
    if (row.channels.size > 0) return
    this.#ended.add(key)
    if (this.#ended.size <= ENDED) return
    const [oldest] = this.#ended
    this.#ended.delete(oldest!)
    this.#rows.delete(oldest!)
  }

  say(message: string): void {
    this.#messages.push(message)
    if (this.#messages.length > MESSAGES) this.#messages.shift()
  }

  model(now: number, venues: ReadonlyArray<VenueStatus>): Model {
    this.#rate(now)
    const counts = venues.flatMap(({ stream }) => (stream === undefined ? [] : [stream.counts()]))
    const sum = (key: "delivered" | "dropped" | "conflated") => counts.reduce((total, each) => total + each[key], 0)
    return {
      connections: venues.flatMap((venue) => connectionRows(venue, now)),
      symbols: [...this.#rows.values()].map((row) => shown(row, venues)),
      delivered: sum("delivered"),
      dropped: sum("dropped"),
      conflated: sum("conflated"),
      messages: [...this.#messages]
    }
  }

  #rate(now: number): void {
    const elapsed = now - this.#ratedAt
    if (elapsed < RATE_EVERY_MS) return
    this.#ratedAt = now
    for (const row of this.#rows.values()) {
      row.rate = ((row.events - row.counted) * 1_000) / elapsed
      row.counted = row.events
    }
  }
}

const emptyRow = (venue: string, symbol: string): Row => ({
  venue,
  symbol,
  events: 0,
  counted: 0,
  rate: 0,
  last: undefined,
  bid: undefined,
  ask: undefined,
  book: undefined,
  gaps: 0,
  channels: new Set()
})

const shown = (row: Row, venues: ReadonlyArray<VenueStatus>): SymbolRow => {
  const { book, gaps, last, rate, symbol, venue } = row
  return { venue, symbol, rate, last, book, gaps, ...best(row, venues) }
}

const connectionRows = (venue: VenueStatus, now: number): ReadonlyArray<ConnectionRow> =>
  venue.failure === undefined
    ? venue.connections.map(({ attempt, name, reason, since, state }) => ({
        venue: venue.name,
        name,
        state,
        attempt,
        sinceMs: Math.max(0, now - since),
        reason
      }))
    : [{ venue: venue.name, name: "", state: "Failed", attempt: 0, sinceMs: 0, reason: venue.failure }]

/** The best prices of a checked book, where there is one and it is live; else those of the last quote. */
const best = (row: Row, venues: ReadonlyArray<VenueStatus>): { bid: number | undefined; ask: number | undefined } => {
  const view = venues.find((each) => each.name === row.venue)?.stream?.feed.book(row.symbol)
  if (view?.state !== "live") return { bid: row.bid, ask: row.ask }
  return { bid: view.book.bestBid()?.[0], ask: view.book.bestAsk()?.[0] }
}
