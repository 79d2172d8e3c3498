/**
 * One venue for a program: `watchTrades`, `watchBars`, `watchTicker` … each give a `Loop`, which is run with a handler or
 * iterated. No knowledge of Effect is needed; with it, `Client.scoped` gives a client that a scope closes.
 *
 * Guarantees: nothing is connected before a loop runs, and each loop has a stream of its own, with the guarantees of
 * `MarketStream`; `stop` ends every loop that runs, `close` waits until they have drained and lets none begin.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Event } from "./Event.ts"
import type { Interval } from "./Interval.ts"
import { Loop, type LoopOptions, type LoopStatus } from "./Loop.ts"
import type { MarketStream } from "./MarketStream.ts"
import * as StreamRequest from "./StreamRequest.ts"
import type { AdapterModule } from "./VenueAdapter.ts"

/** One symbol or several, in the venue's own spelling, in any case. */
export type Symbols = string | ReadonlyArray<string>

export interface BookOptions extends LoopOptions {
  /** Levels a side; the whole book unless it is given. */
  readonly depth?: number
}

/** Of all loops that run; gaps and reconnects since the client was made. */
export interface ClientStatus extends Omit<LoopStatus, "state" | "iterations"> {
  /** What events carry as `venue`. */
  readonly venue: string
  readonly loops: number
}

type Of<Type extends Event["type"]> = Extract<Event, { readonly type: Type }>

type Wanted = Pick<StreamRequest.StreamRequest, "symbols" | "channels">

type Open = (wanted: Wanted) => Effect.Effect<MarketStream, StreamRequest.StreamError, Scope.Scope>

export class Client {
  /** What events carry as `venue`. */
  readonly venue: string
  readonly #open: Open
  readonly #loops = new Set<Loop<Event>>()
  /** What loops that have ended told. */
  #past: Pick<LoopStatus, "gaps" | "reconnects" | "lastEventTime"> = none
  #isClosed = false

  constructor(venue: string, open: Open) {
    this.venue = venue
    this.#open = open
  }

  watchTrades(symbols: Symbols, options?: LoopOptions): Loop<Of<"trade">> {
    return this.#watch("trade", symbols, "trades", options)
  }

  watchQuotes(symbols: Symbols, options?: LoopOptions): Loop<Of<"quote">> {
    return this.#watch("quote", symbols, "quotes", options)
  }

  /** Bars as they stand; `isFinal` once for each, at its close. (Elsewhere: OHLCV.) */
  watchBars(symbols: Symbols, interval: Interval, options?: LoopOptions): Loop<Of<"bar">> {
    return this.#watch("bar", symbols, `bars:${interval}`, options)
  }

  watchTicker(symbols: Symbols, options?: LoopOptions): Loop<Of<"ticker">> {
    return this.#watch("ticker", symbols, "ticker", options)
  }

  /** The changes of a checked book; `loop.book(symbol)` is the book itself. */
  watchBook(symbols: Symbols, options: BookOptions = {}): Loop<Of<"book">> {
    const { depth } = options
    return this.#watch("book", symbols, depth === undefined ? "book" : `book:${depth}`, options)
  }

  watchMark(symbols: Symbols, options?: LoopOptions): Loop<Of<"mark">> {
    return this.#watch("mark", symbols, "mark", options)
  }

  watchLiquidations(symbols: Symbols, options?: LoopOptions): Loop<Of<"liquidation">> {
    return this.#watch("liquidation", symbols, "liquidations", options)
  }

  /** Every event of these channels, gaps and states in their places. */
  watch(symbols: Symbols, channels: ReadonlyArray<string>, options?: LoopOptions): Loop<Event> {
    return this.#loop(symbols, channels, (_event): _event is Event => true, options)
  }

  /** Ends every loop that runs; others may begin. */
  stop(): void {
    for (const loop of this.#loops) loop.stop()
  }

  /** Ends every loop that runs, waits until they have drained, and lets none begin. */
  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.all([...this.#loops].map((loop) => loop.close()))
  }

  status(): ClientStatus {
    const loops = [...this.#loops].map((loop) => loop.status())
    const sum = (of: (loop: LoopStatus) => number): number => loops.reduce((total, loop) => total + of(loop), 0)
    return {
      venue: this.venue,
      loops: loops.length,
      streams: { total: sum(({ streams }) => streams.total), active: sum(({ streams }) => streams.active) },
      connections: {
        total: sum(({ connections }) => connections.total),
        active: sum(({ connections }) => connections.active)
      },
      ...loops.reduce(added, this.#past)
    }
  }

  #watch<Type extends Event["type"]>(
    type: Type,
    symbols: Symbols,
    channel: string,
    options: LoopOptions | undefined
  ): Loop<Of<Type>> {
    return this.#loop(symbols, [channel], (event): event is Of<Type> => event.type === type, options)
  }

  #loop<E extends Event>(
    symbols: Symbols,
    channels: ReadonlyArray<string>,
    isWanted: (event: Event) => event is E,
    options: LoopOptions = {}
  ): Loop<E> {
    const wanted = { symbols: typeof symbols === "string" ? [symbols] : symbols, channels }
    return new Loop<E>({
      ...options,
      open: Effect.suspend(() => this.#open(wanted)),
      total: new Set(wanted.symbols.map((symbol) => symbol.toUpperCase())).size * new Set(channels).size,
      isWanted,
      onStart: (loop) => {
        if (this.#isClosed) throw new Error(`the client of ${this.venue} is closed`)
        this.#loops.add(loop)
      },
      onEnd: (loop) => {
        this.#loops.delete(loop)
        this.#past = added(this.#past, loop.status())
      }
    })
  }
}

const none: Pick<LoopStatus, "gaps" | "reconnects" | "lastEventTime"> = {
  gaps: 0,
  reconnects: 0,
  lastEventTime: undefined
}

const added = (past: typeof none, loop: typeof none): typeof none => ({
  gaps: past.gaps + loop.gaps,
  reconnects: past.reconnects + loop.reconnects,
  lastEventTime: latest(past.lastEventTime, loop.lastEventTime)
})

/** The later of two times of which either may be absent. */
const latest = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one

const unchecked = <Endpoints, Options>(
  adapter: AdapterModule<Endpoints, Options>,
  request: StreamRequest.VenueRequest
): Client =>
  new Client(request.name ?? request.venue, (wanted) => StreamRequest.open(adapter, { ...request, ...wanted }))

/** A client of one venue of an adapter. Throws `UnknownVenue` for one that the adapter does not serve. */
export const make = <Endpoints, Options>(
  adapter: AdapterModule<Endpoints, Options>,
  request: StreamRequest.VenueRequest
): Client => {
  if (!adapter.venues.includes(request.venue)) {
    throw new StreamRequest.UnknownVenue(adapter.name, request.venue, adapter.venues)
  }
  return unchecked(adapter, request)
}

/** The same, closed by the scope. */
export const scoped = <Endpoints, Options>(
  adapter: AdapterModule<Endpoints, Options>,
  request: StreamRequest.VenueRequest
): Effect.Effect<Client, StreamRequest.UnknownVenue, Scope.Scope> =>
  StreamRequest.checkVenue(adapter, request.venue).pipe(
    Effect.andThen(
      Effect.acquireRelease(
        Effect.sync(() => unchecked(adapter, request)),
        (client) => Effect.promise(() => client.close())
      )
    )
  )
