/**
 * What a chaos run subscribes, and the markets behind it: the first symbols of each market, and all that can be asked of
 * them but intervals that never close.
 */
import type { Subscription } from "@tidewire/core"
import { defaultMarkets, type ManualClock, type BinanceMarket, type SimulatorOptions } from "@tidewire/simulator"

export const venues = { binance: "spot", "binance-usdm": "usdm" } as const satisfies Record<string, BinanceMarket>

export type VenueName = keyof typeof venues

const channels: Record<BinanceMarket, ReadonlyArray<string>> = {
  spot: ["trades", "quotes", "book", "bars:1s", "bars:1m", "ticker"],
  usdm: ["trades", "quotes", "book", "bars:1m", "ticker", "mark", "liquidations"]
}

/** The symbols of a market: the odd ones of the simulator among them, made-up ones when those are used up. */
export const symbolsOf = (market: BinanceMarket, count: number): ReadonlyArray<string> => {
  const known = defaultMarkets.filter((each) => each.market === market).map(({ symbol }) => symbol)
  // the odd ones stand at the end
  const ordered = [...known.slice(0, 3), ...known.slice(7), ...known.slice(3, 7)]
  return Array.from({ length: count }, (_, index) => ordered[index] ?? `COIN${index}USDT`)
}

/** Every third futures symbol has a book that comes whole with each message. */
export const subscriptionsOf = (market: BinanceMarket, symbols: ReadonlyArray<string>) =>
  symbols.flatMap((symbol, index) =>
    channels[market].map((channel): Subscription.Subscription => {
      const isPartial = market === "usdm" && channel === "book" && index % 3 === 2
      return { symbol, channel: (isPartial ? "book:20" : channel) as Subscription.Subscription["channel"] }
    })
  )

export const simulatorOptions = (
  seed: number,
  symbols: Readonly<Record<BinanceMarket, ReadonlyArray<string>>>,
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
  keepBookChanges: 2_000,
  // pings every two seconds on both, windows of attempts of thirty
  clockScale: 10,
  socketRules: { usdm: { pingMs: 20_000, pongMs: 60_000 } }
})
