/**
 * One market of a running simulator, in the shape in which `@tidewire/conformance` wants an exchange: what is true, how
 * it is set in motion, what it can do wrong. Nothing of that package is imported; the shapes fit.
 *
 * The simulator must have been started with rates of 0, so that it begins quiet. Numbers are those of the wire.
 */
import * as Effect from "effect/Effect"
import { type AccountDefinition, defaultAccount } from "../account/AccountDefinition.ts"
import type { Fault } from "../faults/Fault.ts"
import { isBybit, type MarketKind } from "../market/definition.ts"
import * as grid from "../market/grid.ts"
import type { Interval } from "../market/interval.ts"
import { mark } from "../market/mark.ts"
import type { Market } from "../market/market.ts"
import * as written from "../market/written.ts"
import type { Simulator } from "../Simulator.ts"
import { account } from "./account.ts"
import { binanceView } from "./binanceView.ts"
import { bybitView } from "./bybitView.ts"

/** Lively enough that nobody waits, and slow enough that a socket's turn is no flood. */
const BUSY = { tradesPerSecond: 40, ordersPerSecond: 60, liquidationsPerSecond: 0 }
const QUIET = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

/** Where what belongs to no market of Bybit stands: the sockets and some reads of accounts. */
const BYBIT_ACCOUNTS: MarketKind = "bybit-linear"

/** The slowest stream of a book gathers for so long. */
const GATHERED_MS = 300

export const exchange = (simulator: Simulator, market: MarketKind, user: AccountDefinition = defaultAccount) => {
  const { control, definitions, truth } = simulator
  const places = [...new Set([market, isBybit(market) ? BYBIT_ACCOUNTS : market])]
  const view = market === "spot" || market === "usdm" ? binanceView : bybitView
  const act = (run: () => unknown) => Effect.asVoid(Effect.sync(run))
  const at = (place: MarketKind, fault: Fault): Fault => ({ ...fault, filter: { market: place, ...fault.filter } })
  const inject = (fault: Fault) => act(() => control.inject(at(market, fault)))
  const injectWithAccounts = (fault: Fault) => act(() => places.forEach((each) => control.inject(at(each, fault))))
  const of = (symbol: string): Market => truth.market(market, symbol)!
  const tell =
    <A>(read: (found: Market) => A) =>
    (symbol: string) =>
      Effect.sync(() => read(of(symbol)))
  return {
    symbols: definitions.filter((each) => each.market === market).map(({ symbol }) => symbol),
    unknownSymbol: "NONESUCHUSDT",
    now: Effect.sync(truth.now),
    busy: act(() => control.setRates(BUSY, { market })),
    quiet: Effect.andThen(
      act(() => control.setRates(QUIET, { market })),
      Effect.sleep(GATHERED_MS)
    ),
    trade: tell((found) => void found.take("ask", 1)),
    liquidate: tell((found) => {
      const before = found.tape.trades.last()?.id ?? 0
      control.liquidate(found.definition.symbol, "sell", 1, market)
      const { priceGrid, sizeGrid, tape } = found
      const fills = tape.trades.slice(0, tape.trades.length).filter(({ id }) => id > before)
      const steps = fills.reduce((sum, { size }) => sum + size, 0)
      const price = grid.toNumber(priceGrid, view.forcedPrice(fills))
      return { side: "sell" as const, price, size: grid.toNumber(sizeGrid, steps) }
    }),
    trades: tell(view.trades),
    bars: (symbol: string, interval: Interval) =>
      Effect.sync(() => {
        const found = of(symbol)
        const series = found.bars.series.get(interval)
        return (series?.slice(0, series.length) ?? []).filter(({ final }) => final).map((bar) => barOf(found, bar))
      }),
    book: (symbol: string, channel: string) => Effect.sync(() => view.book(of(symbol), channel)),
    ticker: tell((found) => {
      const { high, last, low, open, quote, volume } = found.day()
      const [lastPrice, openPrice, highPrice, lowPrice] = [last, open, high, low].map((ticks) =>
        Number(written.price(found, ticks))
      )
      return {
        last: lastPrice!,
        open: openPrice!,
        high: highPrice!,
        low: lowPrice!,
        volume: Number(written.size(found, volume)),
        // what is counted in the quote asset is its own worth there
        quoteVolume: Number(market === "bybit-inverse" ? written.size(found, volume) : written.worth(found, quote))
      }
    }),
    mark: tell((found) => {
      const told = mark(found)
      return { mark: view.fine(found, told.mark), index: view.fine(found, told.index) }
    }),
    dials: Effect.sync(() => simulator.stats().dials.length),
    connections: Effect.sync(() => simulator.stats().connections.length),
    trading: account(simulator, market, user),
    faults: {
      kill: (symbol: string) => inject({ kind: "kill", filter: { symbol } }),
      refuse: (forMs: number) => injectWithAccounts({ kind: "refuse", durationMs: forMs }),
      unconfirmed: (forMs: number) => inject({ kind: "ackDelay", delayMs: forMs, durationMs: forMs }),
      silence: (symbol: string) => inject({ kind: "silence", filter: { symbol } }),
      drop: (symbol: string, channel: string) =>
        inject({ kind: "drop", filter: { symbol, stream: view.streams[channel.split(":")[0]!]! } }),
      duplicate: (symbol: string, messages: number) =>
        inject({ kind: "duplicate", count: messages, filter: { symbol } }),
      malformed: (symbol: string) => inject({ kind: "malformed", form: "json", keep: true, filter: { symbol } }),
      rest: (status: number, forMs: number) => injectWithAccounts({ kind: "rest", status, durationMs: forMs })
    }
  }
}

const barOf = (market: Market, bar: Parameters<typeof written.bar>[1]) => {
  const { close, high, low, open, volume } = written.bar(market, bar)
  return {
    openTime: bar.openTime,
    open: Number(open),
    high: Number(high),
    low: Number(low),
    close: Number(close),
    volume: Number(volume)
  }
}
