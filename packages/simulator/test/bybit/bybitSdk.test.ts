/** The npm package `bybit-api`, unmodified but for its URLs, is a client of the simulator. */
import { RestClientV5, WebsocketClient } from "bybit-api"
import { describe, expect, it } from "vitest"
import { Simulator } from "../../src/index.ts"
import { eventually, type Json } from "../support.ts"
import { type Category, type Data, type Message, Rebuilt } from "./client.ts"

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null

const silent = { trace: () => {}, info: () => {}, error: () => {} }

const cases = [
  { category: "spot", symbol: "BTCUSDT" },
  { category: "linear", symbol: "ETHUSDT" },
  { category: "inverse", symbol: "BTCUSD" }
] as const

const withSimulator = async (run: (simulator: Simulator.Simulator) => Promise<void>): Promise<void> => {
  const simulator = await Simulator.start({ rates: { tradesPerSecond: 30, ordersPerSecond: 100 } })
  try {
    await run(simulator)
  } finally {
    await simulator.stop()
  }
}

const listening = (simulator: Simulator.Simulator, category: Category, topics: ReadonlyArray<string>) => {
  const messages: Array<Json> = []
  const client = new WebsocketClient({ wsUrl: `${simulator.wsUrl}/v5/public/${category}`, pingInterval: 200 }, silent)
  client.on("update", (message: unknown) => {
    if (isJson(message)) messages.push(message)
  })
  client.subscribeV5([...topics], category)?.forEach((each: unknown) => void Promise.resolve(each).catch(() => {}))
  const of = <D>(topic: string) => messages.filter((one): one is Json & Message<D> => one["topic"] === topic)
  return { client, of }
}

describe.each(cases)("the bybit-api SDK on $category", ({ category, symbol }) => {
  const market = `bybit-${category}` as const

  it("streams trades and a book with nothing missing, and pings", () =>
    withSimulator(async (simulator) => {
      const topics = [`publicTrade.${symbol}`, `orderbook.50.${symbol}`]
      const { client, of } = listening(simulator, category, topics)
      await eventually(() => of(topics[0]!).length > 10 && of(topics[1]!).length > 20, "both topics")
      await eventually(() => simulator.stats().connections[0]!.received > 4, "pings")
      const told = of<ReadonlyArray<Json>>(topics[0]!).flatMap(({ data }) => data)
      const truth = simulator.control
        .trades(market, symbol)
        .map((trade) => [trade.venueId, trade.price, trade.size, trade.time, trade.side === "buy" ? "Buy" : "Sell"])
      const from = truth.findIndex(([id]) => id === told[0]!["i"])
      expect(told.map((one) => [one["i"], one["p"], one["v"], one["T"], one["S"]])).toEqual(
        truth.slice(from, from + told.length)
      )
      const book = new Rebuilt()
      for (const message of of<Data>(topics[1]!)) book.accept(message)
      expect([book.bids.size, book.asks.size]).toEqual([50, 50])
      client.closeAll(true)
      await eventually(() => simulator.stats().connections.length === 0)
    }))

  it("reconnects and subscribes again after a kill", () =>
    withSimulator(async (simulator) => {
      const topic = `orderbook.50.${symbol}`
      const { client, of } = listening(simulator, category, [topic])
      await eventually(() => of(topic).length > 3)
      simulator.control.inject({ kind: "kill" })
      const snapshots = () => of(topic).filter(({ type }) => type === "snapshot").length
      await eventually(() => snapshots() === 2, "another snapshot")
      client.closeAll(true)
    }))

  it("asks for market data", () =>
    withSimulator(async (simulator) => {
      const client = new RestClientV5({ baseUrl: simulator.url })
      const time = await client.getServerTime()
      expect(Number(time.result.timeSecond)).toBe(Math.floor(time.time / 1000))
      const { result: info } = await client.getInstrumentsInfo({ category, symbol })
      expect(info.list.map((one) => [one.symbol, one.status])).toEqual([[symbol, "Trading"]])
      const { result: bars } = await client.getKline({ category, symbol, interval: "1", limit: 5 })
      expect(bars.list.map(([start]) => Number(start))).toEqual(
        bars.list.map((_, place) => Number(bars.list[0]![0]) - place * 60_000)
      )
      const { result: trades } = await client.getPublicTradingHistory({ category, symbol, limit: 10 })
      const truth = simulator.control.trades(market, symbol).map(({ venueId }) => venueId)
      const last = truth.indexOf(trades.list[0]!.execId)
      expect(trades.list.map(({ execId }) => execId)).toEqual(truth.slice(last - 9, last + 1).toReversed())
      const { result: book } = await client.getOrderbook({ category, symbol, limit: 20 })
      expect([book.b.length, book.a.length]).toEqual([20, 20])
      const { result: tickers } = await client.getTickers({ category: category as "linear", symbol })
      expect(tickers.list.map((one) => [one.symbol, Number(one.lastPrice) > 0])).toEqual([[symbol, true]])
    }))
})
