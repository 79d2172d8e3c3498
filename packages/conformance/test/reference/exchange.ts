/**
 * The made-up exchange: markets that move when they are told to, their sockets, and the view of both that the suite
 * asks for. It lives in the same process and by Effect's clock, so that its days can pass in moments.
 */
import type { Socket } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Exchange, TrueMark, TrueTicker } from "../../src/index.ts"
import { DEPTH, Market } from "./Market.ts"
import { Sockets } from "./Sockets.ts"
import { Wire } from "./Wire.ts"

export const symbols = ["AAAUSD", "BBBUSD"]

const TICK_MS = 10

/** Ticks between two trades of a busy market; the others move its book. */
const TRADE_EVERY = 4

export interface Reference {
  readonly exchange: Exchange
  readonly driver: Socket.SocketDriver["Service"]
  readonly markets: ReadonlyMap<string, Market>
  /** Whether REST answers with a failure now, and with which status. */
  readonly failing: () => number | undefined
  /** Whether connections are refused now. */
  readonly refuses: () => boolean
  readonly wire: Wire
}

export const tickerOf = ({ last, trades }: Market): TrueTicker => {
  const prices = [100, ...trades.map(({ price }) => price)]
  return {
    last,
    open: 100,
    high: Math.max(...prices),
    low: Math.min(...prices),
    volume: trades.reduce((sum, { size }) => sum + size, 0),
    quoteVolume: trades.reduce((sum, { price, size }) => sum + price * size, 0)
  }
}

export const markOf = ({ last }: Market): TrueMark => ({ mark: last + 0.25, index: last })

export const make: Effect.Effect<Reference, never, Scope.Scope> = Effect.gen(function* () {
  const clock = yield* Clock.Clock
  const now = () => clock.currentTimeMillisUnsafe()
  const sockets = new Sockets(symbols, now)
  const markets = new Map(symbols.map((symbol) => [symbol, open(symbol, sockets, now)]))
  const wire = new Wire(markets, now)
  let isBusy = false
  let ticks = 0
  let rest = { status: 0, until: 0 }
  const tick = Effect.sync(() => {
    ticks++
    sockets.tick()
    wire.tick()
    for (const market of markets.values()) {
      market.roll(now())
      if (!isBusy) continue
      if (ticks % TRADE_EVERY === 0) market.trade(now())
      else market.make()
    }
  })
  yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(TICK_MS), tick)))
  const of = (symbol: string): Market => markets.get(symbol)!
  const failing = () => (now() < rest.until ? rest.status : undefined)
  const act = (run: () => unknown) => Effect.asVoid(Effect.sync(run))
  const exchange: Exchange = {
    symbols,
    unknownSymbol: "NONESUCH",
    now: Effect.sync(now),
    busy: act(() => (isBusy = true)),
    quiet: act(() => (isBusy = false)),
    trade: (symbol) => act(() => of(symbol).trade(now())),
    liquidate: (symbol) =>
      Effect.sync(() => {
        const { price, size } = of(symbol).trade(now())
        const forced = { side: "sell", price, size } as const
        sockets.publish(`${symbol}.liquidations`, { ...forced, time: now() })
        return forced
      }),
    trades: (symbol) => Effect.sync(() => of(symbol).trades.slice()),
    bars: (symbol) => Effect.sync(() => of(symbol).bars.slice()),
    book: (symbol) => Effect.sync(() => of(symbol).book),
    ticker: (symbol) => Effect.sync(() => tickerOf(of(symbol))),
    mark: (symbol) => Effect.sync(() => markOf(of(symbol))),
    dials: Effect.sync(() => sockets.dials),
    connections: Effect.sync(() => sockets.open + wire.streams.size),
    trading: wire.exchange,
    faults: {
      kill: (symbol) => act(() => sockets.kill(symbol)),
      refuse: (forMs) => act(() => (sockets.refusedUntil = now() + forMs)),
      unconfirmed: (forMs) => act(() => (sockets.unconfirmedUntil = now() + forMs)),
      silence: (symbol) => act(() => sockets.silence(symbol)),
      drop: (symbol, channel) => act(() => sockets.dropped.add(`${symbol}.${channel}`)),
      duplicate: (symbol, messages) => act(() => sockets.doubled.set(symbol, messages)),
      malformed: (symbol) => act(() => sockets.mangled.add(symbol)),
      rest: (status, forMs) => act(() => (rest = { status, until: now() + forMs }))
    }
  }
  const refuses = () => now() < sockets.refusedUntil
  return { exchange, driver: sockets.driver, markets, failing, refuses, wire }
})

/** A market whose doings are published on its topics. */
const open = (symbol: string, sockets: Sockets, now: () => number): Market => {
  const publish = (channel: string, data: unknown) => sockets.publish(`${symbol}.${channel}`, data)
  const market: Market = new Market(symbol.charCodeAt(0), now(), {
    traded: (trade) => {
      publish("trades", trade)
      publish("ticker", { ...tickerOf(market), time: now() })
      publish("mark", { ...markOf(market), time: now() })
    },
    changed: (delta) => {
      const { asks, bids, sequence } = market.book
      publish("book", { ...delta, time: now() })
      publish(`book:${DEPTH}`, { sequence, bids: bids.slice(0, DEPTH), asks: asks.slice(0, DEPTH), time: now() })
      publish("quotes", { sequence, bid: bids[0], ask: asks[0], time: now() })
    },
    barMoved: (bar, isFinal) => publish("bars:1s", { ...bar, isFinal, time: now() })
  })
  return market
}
