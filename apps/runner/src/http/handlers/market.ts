/** Instruments, books, the recent past, bars. */
import { type Event, Instrument, Interval, type VenueAdapter } from "@tidewire/core"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { api } from "../api/Api.ts"
import type { Book } from "../api/market.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"
import { symbolOf, venueOf } from "./venueOf.ts"

const INSTRUMENTS = 1_000
const DEPTH = 50
const EVENTS = 100
const BARS = 200

/** How long a venue may take to tell bars. */
const BARS_WITHIN = "10 seconds"

/** What is JSON as it is, and may be much. */
const json = HttpServerResponse.jsonUnsafe

export const handlers = ({ instance, recent }: Operated) =>
  HttpApiBuilder.group(api, "market", (each) =>
    each.handleAll({
      instruments: ({ query: { limit = INSTRUMENTS, query, venue } }) =>
        Effect.map(
          venue === undefined ? Effect.succeed(instance.venues) : Effect.map(venueOf(instance, venue), one),
          (venues) =>
            json(
              venues
                .flatMap(({ index, name }) => listed(index, query).map((each) => ({ ...each, venue: name })))
                .slice(0, limit)
            )
        ),
      book: ({ params, query: { depth = DEPTH } }) =>
        Effect.gen(function* () {
          const venue = yield* venueOf(instance, params.venue)
          const symbol = yield* symbolOf(venue, params.symbol)
          const view = venue.stream?.feed.book(symbol)
          if (view === undefined) {
            return yield* Effect.fail(
              Refusal.of("NotFound", `no book of ${symbol} is subscribed on ${venue.name}`, "symbol")
            )
          }
          const of = { venue: venue.name, symbol }
          if (view.state !== "live") {
            return {
              ...of,
              state: view.state,
              ...(view.reason !== undefined && { reason: view.reason }),
              bids: [],
              asks: []
            }
          }
          const { book } = view
          return {
            ...of,
            state: view.state,
            sequence: book.sequence,
            ...(book.exchangeTime !== undefined && { exchangeTime: book.exchangeTime }),
            receivedTime: book.receivedTime,
            bids: book.bids(depth),
            asks: book.asks(depth)
          } satisfies Book
        }),
      events: ({ query: { channel, limit = EVENTS, ...rest } }) =>
        Effect.sync(() =>
          json(
            recent.events.events({
              ...rest,
              limit,
              ...(channel !== undefined && { channel: channel.replace(/^book:.*/, "book") })
            })
          )
        ),
      bars: ({ params, query: { limit = BARS } }) =>
        Effect.gen(function* () {
          const venue = yield* venueOf(instance, params.venue)
          const symbol = yield* symbolOf(venue, params.symbol)
          const { interval } = params
          if (!Interval.isInterval(interval)) {
            const message = `this is no interval; expected one of ${Interval.all.join(", ")}`
            return yield* Effect.fail(Refusal.of("BadRequest", message, "interval"))
          }
          const heard = recent.events.events({ venue: venue.name, symbol, channel: `bars:${interval}` }).filter(isBar)
          if (heard.length >= limit) return json(heard.slice(-limit))
          const history = Result.isSuccess(venue.adapter) ? venue.adapter.success.history?.bars : undefined
          const past = history === undefined ? [] : yield* pastBars(history, symbol, interval, limit)
          return json(merged(past, heard).slice(-limit))
        })
    })
  )

const one = <A>(value: A): ReadonlyArray<A> => [value]

const isBar = (event: { readonly type: string }): event is Event.Bar => event.type === "bar"

const listed = (index: Instrument.InstrumentIndex | undefined, query: string | undefined) => {
  if (index === undefined) return []
  if (query === undefined) return index.instruments
  if (Instrument.isPattern(query)) return index.match(query)
  const part = query.toUpperCase()
  return index.instruments.filter(
    ({ symbol, unified }) => symbol.toUpperCase().includes(part) || unified.toUpperCase().includes(part)
  )
}

const pastBars = (
  read: NonNullable<VenueAdapter.History["bars"]>,
  symbol: string,
  interval: Interval.Interval,
  limit: number
) =>
  Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    let from = Interval.openTime(interval, now)
    for (let count = 1; count < limit; count++) from = Interval.openTime(interval, from - 1)
    return yield* read({ symbol, interval, from, to: now })
  }).pipe(
    Effect.timeout(BARS_WITHIN),
    Effect.mapError((error) => Refusal.of("Unavailable", `the venue's bars could not be had: ${error.message}`))
  )

/** One of each open time: what was heard last counts. */
const merged = (past: ReadonlyArray<Event.Bar>, heard: ReadonlyArray<Event.Bar>): ReadonlyArray<Event.Bar> => {
  const byTime = new Map([...past, ...heard].map((each) => [each.openTime, each]))
  return [...byTime.values()].toSorted((before, after) => before.openTime - after.openTime)
}
