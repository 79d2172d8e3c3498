/**
 * An engine on paper whose market is a script: one perpetual on each of the venues, books as they are shown, bars as they are
 * told. A strategy under test is the same plain object that runs live.
 *
 * Time is the test's: an order takes 5 ms to the venue, and 5 back.
 */
import { type Event, Instrument, Interval, OrderBook, type PrivateEvent, type VenueAdapter } from "@tidewire/core"
import {
  Engine,
  type EngineSetup,
  Fees,
  Latency,
  Limits,
  MemoryJournal,
  QueuePosition,
  type Strategy
} from "@tidewire/engine"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"

export const instrument = (venue: string): Instrument.Instrument => ({
  venue,
  symbol: "BTCUSDT",
  unified: "BTC/USDT:USDT",
  base: "BTC",
  quote: "USDT",
  settle: "USDT",
  kind: "perpetual",
  tickSize: "0.1",
  lotSize: "0.001",
  contractSize: "1",
  sizeUnit: "base",
  status: "trading"
})

/** Best bid and ask, and what is offered at each. */
export interface Shown {
  readonly bid: number
  readonly ask: number
  readonly size?: number
}

const openMs = Date.UTC(2026, 0, 1)

export const scripted = (strategy: Strategy.Strategy, venues: ReadonlyArray<string>, past: Array<number> = []) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(openMs)
    const books = new Map<string, OrderBook.BookView>()
    const logged: Array<EngineSetup.LogLine> = []
    const told: Array<PrivateEvent.Order | PrivateEvent.Fill> = []
    let bars = 0
    const bar = (venue: string, close: number): Event.Bar => {
      const openTime = openMs + (bars++ - past.length) * 60_000
      const prices = { open: close, high: close, low: close, close }
      const times = { openTime, closeTime: openTime + 59_999, receivedTime: openTime + 60_000 }
      const what = { type: "bar", venue, symbol: "BTCUSDT", interval: "1m", isFinal: true, origin: "stream" } as const
      return { ...what, ...times, ...prices, volume: 1 }
    }
    const venue = (name: string): EngineSetup.EngineVenue => ({
      adapter: {
        venue: name,
        capabilities: { channels: ["trades", "book", "bars"], intervals: Interval.all, depths: [] },
        history: { bars: () => Effect.sync(() => past.map((close) => bar(name, close))) }
      } as unknown as VenueAdapter.VenueAdapter,
      instruments: () => new Instrument.InstrumentIndex([instrument(name)]),
      book: () => books.get(name),
      execution: {
        _tag: "Paper",
        balances: { USDT: "10000" },
        latency: Latency.constant(5, 5),
        fees: Fees.rates("0.0002", "0.0005"),
        queue: QueuePosition.models.front,
        leverage: 5
      }
    })
    const engine = yield* Engine.make({
      venues: venues.map(venue),
      strategies: [{ name: "tested", strategy }],
      journal: MemoryJournal.make(),
      limits: { ...Limits.defaults, maxPosition: "none" },
      seed: 1,
      tell: () => {},
      log: (line) => void logged.push(line)
    })
    engine.bus.onAny((event) => {
      if (event.type === "order" || event.type === "fill") told.push(event)
    })
    const now = Clock.currentTimeMillis
    const stamps = (name: string, receivedTime: number) => ({ venue: name, symbol: "BTCUSDT", receivedTime })
    /** The engine's time follows the clock a quarter of a second behind, so that much passes before all is carried out. */
    const pass = (ms: number) => TestClock.adjust(ms)
    yield* Effect.forkChild(engine.start, { startImmediately: true })
    yield* pass(1_000)
    return {
      engine,
      logged,
      /** `buy 1 at 100 open`, `fill buy 1 at 100 taker` …: what became of its orders, in order. */
      told: () => told.map(short),
      forget: () => void (told.length = 0),
      held: (name: string) => engine.portfolio.holding(name, "BTCUSDT").size,
      pass,
      /** The whole book of a venue, live. */
      show: (name: string, { ask, bid, size = 10 }: Shown) =>
        Effect.gen(function* () {
          const levels = { bids: [[bid, size] as const], asks: [[ask, size] as const] }
          const book = new OrderBook.OrderBook()
          const at = yield* now
          book.replace({ ...levels, sequence: at, receivedTime: at })
          books.set(name, { state: "live", book })
          engine.take({ type: "book", kind: "snapshot", ...stamps(name, at), ...levels, sequence: at })
        }),
      /** The book of a venue is no longer kept true. */
      lose: (name: string) =>
        Effect.gen(function* () {
          books.set(name, { state: "stale", reason: "a gap" })
          engine.take({ type: "bookState", ...stamps(name, yield* now), state: "stale", reason: "a gap" })
        }),
      print: (name: string, price: number, side: "buy" | "sell", size = 100) =>
        Effect.gen(function* () {
          const at = yield* now
          const id = String(at)
          engine.take({ type: "trade", ...stamps(name, at), exchangeTime: at, id, price, size, side, origin: "stream" })
        }),
      /** The minute passes, and its bar is final. */
      close: (name: string, price: number) =>
        Effect.gen(function* () {
          const closed = bar(name, price)
          yield* pass(closed.receivedTime - (yield* now))
          engine.take(closed)
        }),
      stop: Effect.gen(function* () {
        const stopping = yield* Effect.forkChild(engine.stop("10 seconds"), { startImmediately: true })
        yield* pass(2_000)
        return yield* Fiber.join(stopping)
      })
    }
  })

const short = (event: PrivateEvent.Order | PrivateEvent.Fill): string => {
  const { side, size, venue } = event
  return event.type === "fill"
    ? `${venue} fill ${side} ${size} at ${event.price} ${event.liquidity}`
    : `${venue} ${side} ${size} at ${event.price ?? "any price"} ${event.status} ${event.filled}`
}
