/**
 * The first trade and the first bar of each series that a run hears: where the hole before it ends. Listens from its making until
 * it is stopped; costs two lookups a trade.
 */
import type { Event, EventBus } from "@tidewire/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type { Told } from "../output/Output.ts"

type Series<E> = Map<string, Map<string, E | Deferred.Deferred<E>>>

export class Firsts {
  readonly #trades: Series<Event.Trade> = new Map()
  readonly #bars: Series<Event.Bar> = new Map()
  readonly #stops: ReadonlyArray<() => void>

  constructor(bus: EventBus.EventBus<Told>) {
    this.#stops = [
      bus.on("trade", (trade) => heard(this.#trades, trade.venue, trade.symbol, trade), "backfill"),
      bus.on("bar", (bar) => heard(this.#bars, bar.venue, barKey(bar.symbol, bar.interval), bar), "backfill")
    ]
  }

  trade(venue: string, symbol: string): Effect.Effect<Event.Trade> {
    return first(this.#trades, venue, symbol)
  }

  bar(venue: string, symbol: string, interval: string): Effect.Effect<Event.Bar> {
    return first(this.#bars, venue, barKey(symbol, interval))
  }

  /** Those that did not come will not be told. */
  stop(): void {
    for (const stop of this.#stops) stop()
  }
}

const barKey = (symbol: string, interval: string): string => `${symbol} ${interval}`

const ofVenue = <E>(series: Series<E>, venue: string): Map<string, E | Deferred.Deferred<E>> => {
  let known = series.get(venue)
  if (known === undefined) {
    known = new Map()
    series.set(venue, known)
  }
  return known
}

const heard = <E extends { readonly type: string }>(series: Series<E>, venue: string, key: string, event: E): void => {
  const known = ofVenue(series, venue)
  const before = known.get(key)
  if (before === undefined) known.set(key, event)
  else if (!("type" in before)) {
    known.set(key, event)
    Deferred.doneUnsafe(before, Effect.succeed(event))
  }
}

const first = <E extends { readonly type: string }>(series: Series<E>, venue: string, key: string): Effect.Effect<E> =>
  Effect.suspend(() => {
    const known = ofVenue(series, venue)
    const before = known.get(key)
    if (before !== undefined && "type" in before) return Effect.succeed(before)
    const waiting = before ?? Deferred.makeUnsafe<E>()
    known.set(key, waiting)
    return Deferred.await(waiting)
  })
