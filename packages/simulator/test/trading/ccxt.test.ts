/** CCXT Pro, unmodified but for its URLs and keys, trades on the simulator. */
import * as ccxt from "ccxt"
import { describe, expect, it } from "vitest"
import { defaultAccount, type MarketKind, Simulator } from "../../src/index.ts"
import { redirect } from "../redirect.ts"
import { eventually } from "../support.ts"

interface Order {
  readonly id: string
  readonly clientOrderId?: string
  readonly status?: string
  readonly filled?: number
  readonly side?: string
}

/** What of an exchange is used here; CCXT's own types are looser. */
interface Exchange {
  urls: Record<string, unknown>
  options: Record<string, unknown>
  apiKey: string
  secret: string
  loadHttpProxyAgent(): Promise<unknown>
  loadMarkets(): Promise<unknown>
  close(): Promise<void>
  createOrder(
    symbol: string,
    type: string,
    side: string,
    amount: number,
    price?: number,
    parameters?: object
  ): Promise<Order>
  cancelOrder(id: string, symbol: string): Promise<Order>
  fetchOrder(id: string, symbol: string, parameters?: object): Promise<Order>
  fetchOpenOrders(symbol: string): Promise<ReadonlyArray<Order>>
  fetchMyTrades(symbol: string): Promise<ReadonlyArray<{ readonly id: string; readonly order: string }>>
  fetchBalance(): Promise<{ readonly total: Readonly<Record<string, number>> }>
  fetchPositions(
    symbols: ReadonlyArray<string>
  ): Promise<ReadonlyArray<{ readonly contracts: number; readonly side: string }>>
  watchOrders(symbol: string): Promise<ReadonlyArray<Order>>
}

const cases = [
  { id: "binance", market: "spot", native: "BTCUSDT", symbol: "BTC/USDT", size: 0.01, hasPositions: false },
  { id: "binanceusdm", market: "usdm", native: "BTCUSDT", symbol: "BTC/USDT:USDT", size: 0.01, hasPositions: true },
  { id: "bybit", market: "bybit-spot", native: "BTCUSDT", symbol: "BTC/USDT", size: 0.01, hasPositions: false },
  { id: "bybit", market: "bybit-linear", native: "BTCUSDT", symbol: "BTC/USDT:USDT", size: 0.01, hasPositions: true }
] as const satisfies ReadonlyArray<{ market: MarketKind } & Record<string, unknown>>

const withExchange = async (
  id: "binance" | "binanceusdm" | "bybit",
  run: (exchange: Exchange, simulator: Simulator.Simulator) => Promise<void>
) => {
  const simulator = await Simulator.start({
    rates: { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }
  })
  const { key, secret = "" } = defaultAccount
  const exchange = new ccxt.pro[id]({ apiKey: key, secret }) as unknown as Exchange
  try {
    exchange.urls["api"] = redirect(exchange.urls["api"], simulator)
    await exchange.loadHttpProxyAgent()
    await exchange.loadMarkets()
    await run(exchange, simulator)
  } finally {
    await exchange.close()
    await simulator.stop()
  }
}

describe.each(cases)("CCXT's $id on $market", ({ hasPositions, id, market, native, size, symbol }) => {
  it("places, finds, cancels, and has its balances", () =>
    withExchange(id, async (exchange, simulator) => {
      const { bids } = simulator.control.book(market, native, 1)
      const low = Math.floor(Number(bids[0]![0])) - 50
      const order = await exchange.createOrder(symbol, "limit", "buy", size, low, { clientOrderId: "ccxt-1" })
      const [open] = await exchange.fetchOpenOrders(symbol)
      expect([open!.id, open!.clientOrderId]).toEqual([order.id, "ccxt-1"])
      await exchange.cancelOrder(order.id, symbol)
      expect(await exchange.fetchOpenOrders(symbol)).toEqual([])
      const [truth] = simulator.truth.account(defaultAccount.key).orders
      expect([truth!.orderId, truth!.status]).toEqual([order.id, "cancelled"])
      const { total } = await exchange.fetchBalance()
      expect(total["USDT"]).toBe(100_000)
    }))

  it("watches its orders, and finds what was filled", () =>
    withExchange(id, async (exchange, simulator) => {
      const seen: Array<Order> = []
      let isOver = false
      const watching = (async () => {
        while (!isOver) seen.push(...(await exchange.watchOrders(symbol)))
      })().catch(() => {})
      const isListening = () =>
        simulator
          .stats()
          .connections.some(({ route, streams }) => (route === "private" || route === "api") && streams.length > 0)
      await eventually(isListening, "the private stream")
      const order = await exchange.createOrder(symbol, "market", "sell", size)
      await eventually(() => seen.some((each) => each.id === order.id && each.status === "closed"), "the order's end")
      isOver = true
      expect(seen.at(-1)!.filled).toBe(size)
      const trades = await exchange.fetchMyTrades(symbol)
      const { orders } = simulator.truth.account(defaultAccount.key)
      expect(trades.map((trade) => [trade.order, trade.id])).toEqual(
        orders.flatMap((each) => each.fills.map(({ tradeId }) => [each.orderId, tradeId]))
      )
      if (hasPositions) {
        const [position] = await exchange.fetchPositions([symbol])
        expect([position!.contracts, position!.side]).toEqual([size, "short"])
      }
      void watching
    }))
})
