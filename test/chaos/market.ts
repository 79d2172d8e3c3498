/**
 * What a chaos run subscribes, and the markets behind it: the first symbols of each market, and all that can be asked of
 * them but intervals that never close.
 */
import { adapter as binance } from "@tidewire/adapter-binance"
import { adapter as bybit } from "@tidewire/adapter-bybit"
import type { Subscription, VenueAdapter } from "@tidewire/core"
import { defaultMarkets, type ManualClock, type MarketKind, type SimulatorOptions } from "@tidewire/simulator"

/** One venue of a run, and the host under which it knows the exchange: budgets are kept by host, as venues count. */
export interface RunVenue {
  readonly venue: string
  readonly market: MarketKind
  readonly host: string
}

export interface Family {
  readonly adapter: Pick<VenueAdapter.AdapterModule<{ readonly stream: string; readonly rest: string }, object>, "make">
  readonly venues: ReadonlyArray<RunVenue>
}

export const families = {
  binance: {
    adapter: binance,
    venues: [
      { venue: "binance", market: "spot", host: "127.0.0.1" },
      { venue: "binance-usdm", market: "usdm", host: "localhost" }
    ]
  },
  bybit: {
    adapter: bybit,
    venues: [
      { venue: "bybit", market: "bybit-spot", host: "127.0.0.1" },
      { venue: "bybit-linear", market: "bybit-linear", host: "127.0.0.1" },
      { venue: "bybit-inverse", market: "bybit-inverse", host: "127.0.0.1" }
    ]
  }
} as const satisfies Record<string, Family>

export type FamilyName = keyof typeof families

const channels: Record<MarketKind, ReadonlyArray<string>> = {
  spot: ["trades", "quotes", "book", "bars:1s", "bars:1m", "ticker"],
  usdm: ["trades", "quotes", "book", "bars:1m", "ticker", "mark", "liquidations"],
  "bybit-spot": ["trades", "quotes", "book", "bars:1m", "ticker"],
  "bybit-linear": ["trades", "quotes", "book", "bars:1m", "ticker", "mark", "liquidations"],
  "bybit-inverse": ["trades", "quotes", "book", "bars:1m", "ticker", "mark", "liquidations"]
}

/** The books of symbols in turn: checked ones, and ones that come whole with each message. */
const books: Record<MarketKind, ReadonlyArray<string>> = {
  spot: ["book"],
  usdm: ["book", "book", "book:20"],
  "bybit-spot": ["book", "book:50", "book:200"],
  "bybit-linear": ["book:50", "book", "book:200"],
  "bybit-inverse": ["book:50", "book"]
}

/** The symbols of a market: the odd ones of the simulator among them, made-up ones when those are used up. */
export const symbolsOf = (market: MarketKind, count: number): ReadonlyArray<string> => {
  const known = defaultMarkets.filter((each) => each.market === market).map(({ symbol }) => symbol)
  // the odd ones stand at the end
  const ordered = [...known.slice(0, 3), ...known.slice(7), ...known.slice(3, 7)]
  const quote = market === "bybit-inverse" ? "USD" : "USDT"
  return Array.from({ length: count }, (_, index) => ordered[index] ?? `COIN${index}${quote}`)
}

export const subscriptionsOf = (market: MarketKind, symbols: ReadonlyArray<string>) =>
  symbols.flatMap((symbol, index) =>
    channels[market].map((channel): Subscription.Subscription => {
      const named = channel === "book" ? books[market][index % books[market].length]! : channel
      return { symbol, channel: named as Subscription.Subscription["channel"] }
    })
  )

export const simulatorOptions = (
  seed: number,
  symbols: Readonly<Partial<Record<MarketKind, ReadonlyArray<string>>>>,
  clock: ManualClock
): SimulatorOptions => ({
  seed,
  clock,
  symbols,
  rates: { tradesPerSecond: 10, ordersPerSecond: 40, liquidationsPerSecond: 0.3 },
  // all that is kept is full when a market is born, or soon: what grows later is not the simulator's memory
  keepTrades: 1_000,
  historyMinutes: 5,
  historyTradesPerMinute: 300,
  keepBars: 300,
  // of each book, of which Bybit has four for a symbol
  keepBookChanges: "spot" in symbols ? 2_000 : 500,
  // pings every two seconds on both, windows of attempts of thirty
  clockScale: 10,
  socketRules: { usdm: { pingMs: 20_000, pongMs: 60_000 } }
})
