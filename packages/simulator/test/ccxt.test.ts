/** CCXT Pro, unmodified but for its URLs, is a client of the simulator. */
import ccxt from "ccxt"
import { describe, expect, it } from "vitest"
import { type MarketKind, Simulator } from "../src/index.ts"
import { redirect } from "./redirect.ts"
import { eventually } from "./support.ts"

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
    nonce: number
    bids: ReadonlyArray<readonly [number, number]>
    asks: ReadonlyArray<readonly [number, number]>
  }>
  watchOHLCV(symbol: string, timeframe: string): Promise<ReadonlyArray<ReadonlyArray<number>>>
  fetchOHLCV(symbol: string, timeframe: string): Promise<ReadonlyArray<ReadonlyArray<number>>>
  fetchTrades(symbol: string): Promise<ReadonlyArray<{ id: string }>>
}

const cases = [
  { id: "binance", market: "spot", symbol: "BTC/USDT" },
  { id: "binanceusdm", market: "usdm", symbol: "BTC/USDT:USDT" }
] as const satisfies ReadonlyArray<{ id: string; market: MarketKind; symbol: string }>

const withExchange = async (
  id: "binance" | "binanceusdm",
  run: (exchange: Exchange, simulator: Simulator.Simulator) => Promise<void>
) => {
  const simulator = await Simulator.start({ rates: { tradesPerSecond: 20, ordersPerSecond: 100 } })
  const exchange = new ccxt.pro[id]({}) as unknown as Exchange
  try {
    exchange.urls["api"] = redirect(exchange.urls["api"], simulator)
    await exchange.loadHttpProxyAgent()
    await run(exchange, simulator)
  } finally {
    await exchange.close()
    await simulator.stop()
  }
}

describe.each(cases)("CCXT's $id", ({ id, market, symbol }) => {
  it("loads the markets of both kinds, odd names included", () =>
    withExchange(id, async (exchange) => {
      const symbols = Object.keys(await exchange.loadMarkets())
      const odd =
        market === "spot"
          ? ["币安人生/USDT", "BTC/USDT", "BTC/USDT:USDT"]
          : ["1000PEPE/USDT:USDT", "BTC/USDT:USDT-261225"]
      expect(odd.filter((one) => !symbols.includes(one))).toEqual([])
    }))

  it("watches trades, which are the true ones", () =>
    withExchange(id, async (exchange, simulator) => {
      for (let i = 0; i < 10; i++) await exchange.watchTrades(symbol)
      const seen = await exchange.watchTrades(symbol)
      const truth = new Map(simulator.control.trades(market, "BTCUSDT").map((trade) => [String(trade.id), trade]))
      expect(seen.length).toBeGreaterThan(0)
      for (const { amount, id: tradeId, price, side, timestamp } of seen) {
        const trade = truth.get(tradeId)!
        expect({ price, amount, side, timestamp }).toEqual({
          price: Number(trade.price),
          amount: Number(trade.size),
          side: trade.side,
          timestamp: trade.time
        })
      }
    }))

  it("watches the order book to where it equals the true one", () =>
    withExchange(id, async (exchange, simulator) => {
      // The object stays alive: CCXT goes on applying updates to it.
      const book = await exchange.watchOrderBook(symbol)
      simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 })
      const truth = simulator.control.book(market, "BTCUSDT", 10)
      await eventually(() => book.nonce === truth.updateId, "CCXT's book at the last update id")
      const numbers = (rows: ReadonlyArray<readonly [string, string]>) =>
        rows.map(([price, size]) => [Number(price), Number(size)])
      expect([book.bids.slice(0, 10), book.asks.slice(0, 10)]).toEqual([numbers(truth.bids), numbers(truth.asks)])
    }))

  it("watches bars and fetches history", () =>
    withExchange(id, async (exchange) => {
      const bars = await exchange.watchOHLCV(symbol, "1m")
      expect(bars.at(-1)!.length).toBe(6)
      const history = await exchange.fetchOHLCV(symbol, "1m")
      expect(history.length).toBeGreaterThan(100)
      expect((await exchange.fetchTrades(symbol)).length).toBeGreaterThan(100)
    }))
})
