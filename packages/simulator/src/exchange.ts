/**
 * One market of a running simulator, in the shape in which `@tidewire/conformance` wants an exchange: what is true, how
 * it is set in motion, what it can do wrong. Nothing of that package is imported; the shapes fit.
 *
 * The simulator must have been started with rates of 0, so that it begins quiet. Numbers are those of the wire.
 */
import * as Effect from "effect/Effect"
import type { AggregateView, TradeView } from "./control/views.ts"
import type { Fault } from "./faults/Fault.ts"
import type { MarketKind } from "./market/definition.ts"
import * as grid from "./market/grid.ts"
import type { Interval } from "./market/interval.ts"
import type { Market } from "./market/market.ts"
import type { Simulator } from "./Simulator.ts"
import { day } from "./wire/frames.ts"
import { mark } from "./wire/usdmFrames.ts"

/** Lively enough that nobody waits, and slow enough that a socket's turn is no flood. */
const BUSY = { tradesPerSecond: 40, ordersPerSecond: 60, liquidationsPerSecond: 0 }
const QUIET = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

/** The streams of a channel, by what stands behind the symbol. */
const streams: Readonly<Record<string, string>> = {
  trades: "*@*rade",
  quotes: "*@bookTicker",
  book: "*@depth*",
  bars: "*@kline*",
  ticker: "*@ticker",
  mark: "*@markPrice*",
  liquidations: "*@forceOrder"
}

export const exchange = (simulator: Simulator, market: MarketKind) => {
  const { control, definitions, truth } = simulator
  const act = (run: () => unknown) => Effect.asVoid(Effect.sync(run))
  const inject = (fault: Fault) => act(() => control.inject({ ...fault, filter: { market, ...fault.filter } }))
  const of = (symbol: string): Market => truth.market(market, symbol)!
  return {
    symbols: definitions.filter((each) => each.market === market).map(({ symbol }) => symbol),
    unknownSymbol: "NONESUCHUSDT",
    now: Effect.sync(truth.now),
    busy: act(() => control.setRates(BUSY, { market })),
    quiet: act(() => control.setRates(QUIET, { market })),
    trade: (symbol: string) => act(() => of(symbol).take("ask", 1)),
    liquidate: (symbol: string) =>
      Effect.sync(() => liquidated(of(symbol), () => control.liquidate(symbol, "sell", 1))),
    trades: (symbol: string) =>
      Effect.sync(() =>
        (market === "spot" ? control.trades(market, symbol) : control.aggregates(market, symbol)).map(tradeOf)
      ),
    bars: (symbol: string, interval: Interval) =>
      Effect.sync(() =>
        control.bars(market, symbol, interval).flatMap((row) => (row["x"] === true ? [barOf(row)] : []))
      ),
    book: (symbol: string) =>
      Effect.sync(() => {
        const { asks, bids, updateId } = control.book(market, symbol)
        return { sequence: updateId, bids: bids.map(levelOf), asks: asks.map(levelOf) }
      }),
    ticker: (symbol: string) => Effect.sync(() => tickerOf(of(symbol))),
    mark: (symbol: string) =>
      Effect.sync(() => {
        const told = mark(of(symbol))
        return { mark: Number(told.mark), index: Number(told.index) }
      }),
    dials: Effect.sync(() => simulator.stats().dials.length),
    connections: Effect.sync(() => simulator.stats().connections.length),
    faults: {
      kill: (symbol: string) => inject({ kind: "kill", filter: { symbol } }),
      refuse: (forMs: number) => inject({ kind: "refuse", durationMs: forMs }),
      unconfirmed: (forMs: number) => inject({ kind: "ackDelay", delayMs: forMs, durationMs: forMs }),
      silence: (symbol: string) => inject({ kind: "silence", filter: { symbol } }),
      drop: (symbol: string, channel: string) =>
        inject({ kind: "drop", filter: { symbol, stream: streams[channel.split(":")[0]!]! } }),
      duplicate: (symbol: string, messages: number) =>
        inject({ kind: "duplicate", count: messages, filter: { symbol } }),
      malformed: (symbol: string) => inject({ kind: "malformed", form: "json", keep: true, filter: { symbol } }),
      rest: (status: number, forMs: number) => inject({ kind: "rest", status, durationMs: forMs })
    }
  }
}

const levelOf = ([price, size]: readonly [string, string]): readonly [number, number] => [Number(price), Number(size)]

const tradeOf = ({ id, price, side, size, time }: TradeView | AggregateView) => ({
  id: String(id),
  price: Number(price),
  size: Number(size),
  side,
  time
})

const barOf = (row: Readonly<Record<string, unknown>>) => ({
  openTime: Number(row["t"]),
  open: Number(row["o"]),
  high: Number(row["h"]),
  low: Number(row["l"]),
  close: Number(row["c"]),
  volume: Number(row["v"])
})

const tickerOf = (market: Market) => {
  const { high, last, low, open, quote, volume } = day(market)
  return {
    last: Number(last),
    open: Number(open),
    high: Number(high),
    low: Number(low),
    volume: Number(volume),
    quoteVolume: Number(quote)
  }
}

/** What a forced sale came to: its average price, on the grid, and its size. */
const liquidated = (market: Market, sell: () => void) => {
  const { priceGrid, sizeGrid, tape } = market
  const before = tape.totals
  sell()
  const steps = tape.totals.volume - before.volume
  const ticks = Math.round(Number(tape.totals.quote - before.quote) / steps)
  return { side: "sell" as const, price: grid.toNumber(priceGrid, ticks), size: grid.toNumber(sizeGrid, steps) }
}
