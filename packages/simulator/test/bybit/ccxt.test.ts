/** CCXT Pro's bybit, unmodified but for its URLs, is a client of the simulator. */
import ccxt from "ccxt"
import { describe, expect, it } from "vitest"
import { type BybitMarket, Simulator } from "../../src/index.ts"
import { redirect } from "../redirect.ts"
import { eventually } from "../support.ts"

/** What of an exchange is used here; CCXT's own types are looser. */
interface Exchange {
  urls: Record<string, unknown>
  loadHttpProxyAgent(): Promise<unknown>
  loadMarkets(): Promise<Record<string, unknown>>
  close(): Promise<void>
  watchTrades(
    symbol: string
  ): Promise<ReadonlyArray<{ id: string; price: number; amount: number; timestamp: number; side: string }>>
  watchOrderBook(symbol: string): Promise<{
    bids: ReadonlyArray<readonly [number, number]>
    asks: ReadonlyArray<readonly [number, number]>
  }>
  watchOHLCV(symbol: string, timeframe: string): Promise<ReadonlyArray<ReadonlyArray<number>>>
  watchTicker(symbol: string): Promise<{ last: number; bid: number | undefined; ask: number | undefined }>
  fetchOHLCV(symbol: string, timeframe: string): Promise<ReadonlyArray<ReadonlyArray<number>>>
  fetchTrades(symbol: string): Promise<ReadonlyArray<{ id: string; timestamp: number }>>
  fetchOrderBook(symbol: string, limit: number): Promise<{ bids: ReadonlyArray<unknown> }>
  fetchTime(): Promise<number>
}

const withExchange = async (run: (exchange: Exchange, simulator: Simulator.Simulator) => Promise<void>) => {
  const simulator = await Simulator.start({ rates: { tradesPerSecond: 20, ordersPerSecond: 100 } })
  const exchange = new ccxt.pro.bybit({}) as unknown as Exchange
  try {
    exchange.urls["api"] = redirect(exchange.urls["api"], simulator)
    await exchange.loadHttpProxyAgent()
    await run(exchange, simulator)
  } finally {
    await exchange.close()
    await simulator.stop()
  }
}

const still = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

const cases = [
  { market: "bybit-spot", id: "BTCUSDT", symbol: "BTC/USDT" },
  { market: "bybit-linear", id: "BTCUSDT", symbol: "BTC/USDT:USDT" },
  { market: "bybit-inverse", id: "BTCUSD", symbol: "BTC/USD:BTC" }
] as const satisfies ReadonlyArray<{ market: BybitMarket; id: string; symbol: string }>

it("CCXT's bybit loads the markets of every category, odd names included", () =>
  withExchange(async (exchange) => {
    const symbols = Object.keys(await exchange.loadMarkets())
    const odd = ["1000PEPE/USDT:USDT", "BTC/USDC:USDC", "BTC/USDT:USDT-261225", "ETH/USD:ETH", "SOL/USDT"]
    expect(odd.filter((one) => !symbols.includes(one))).toEqual([])
  }))

describe.each(cases)("CCXT's bybit on $market", ({ id: name, market, symbol }) => {
  it("watches trades, which are the true ones", () =>
    withExchange(async (exchange, simulator) => {
      for (let i = 0; i < 10; i++) await exchange.watchTrades(symbol)
      const seen = await exchange.watchTrades(symbol)
      const truth = new Map(simulator.control.trades(market, name).map((trade) => [trade.venueId, trade]))
      expect(seen.length).toBeGreaterThan(0)
      for (const { amount, id, price, side, timestamp } of seen) {
        const trade = truth.get(id)!
        expect({ price, amount, side, timestamp }).toEqual({
          price: Number(trade.price),
          amount: Number(trade.size),
          side: trade.side,
          timestamp: trade.time
        })
      }
    }))

  it("watches the order book to where it equals the true one", () =>
    withExchange(async (exchange, simulator) => {
      // The object stays alive: CCXT goes on applying updates to it.
      const book = await exchange.watchOrderBook(symbol)
      simulator.control.setRates(still)
      const truth = simulator.control.book(market, name, 50)
      const numbers = (rows: ReadonlyArray<readonly [string, string]>) =>
        rows.map(([price, size]) => [Number(price), Number(size)])
      const whole = JSON.stringify([numbers(truth.bids), numbers(truth.asks)])
      const seen = () => JSON.stringify([book.bids.slice(0, 50), book.asks.slice(0, 50)])
      await eventually(() => seen() === whole, "CCXT's book to be the true one")
    }))

  it("watches bars and tickers, and fetches history", () =>
    withExchange(async (exchange, simulator) => {
      const bars = await exchange.watchOHLCV(symbol, "1m")
      expect(bars.at(-1)!.length).toBe(6)
      const seen = await exchange.watchTicker(symbol)
      const trades = simulator.control.trades(market, name, { limit: 200 })
      expect(trades.map(({ price }) => Number(price))).toContain(seen.last)
      const history = await exchange.fetchOHLCV(symbol, "1m")
      expect(history.length).toBeGreaterThan(100)
      expect(history.map(([time]) => time)).toEqual(history.map((_, place) => history[0]![0]! + place * 60_000))
      const past = await exchange.fetchTrades(symbol)
      expect(past.length).toBeGreaterThanOrEqual(60)
      expect((await exchange.fetchOrderBook(symbol, 100)).bids.length).toBe(100)
      expect(Math.abs((await exchange.fetchTime()) - simulator.truth.now())).toBeLessThan(5_000)
    }))
})
