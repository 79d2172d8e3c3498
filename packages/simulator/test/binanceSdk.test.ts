/** The npm package `binance`, unmodified but for its URLs, is a client of the simulator. */
import { MainClient, USDMClient, WebsocketClient } from "binance"
import { describe, expect, it } from "vitest"
import { type MarketKind, Simulator } from "../src/index.ts"
import { eventually, type Json } from "./support.ts"

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null

const silent = { trace: () => {}, info: () => {}, error: () => {} }

const listening = async (wsUrl: string, key: "main" | "usdmPublic" | "usdmMarket", streams: ReadonlyArray<string>) => {
  const messages: Array<Json> = []
  const client = new WebsocketClient({ wsUrl, beautify: false }, silent)
  client.on("message", (message) => {
    const whole: unknown = message
    const data = isJson(whole) && isJson(whole["data"]) ? whole["data"] : whole
    if (isJson(data)) messages.push(data)
  })
  await client.subscribe([...streams], key)
  return { client, messages }
}

const withSimulator = async (run: (simulator: Simulator.Simulator) => Promise<void>): Promise<void> => {
  const simulator = await Simulator.start({ rates: { tradesPerSecond: 30, ordersPerSecond: 100 } })
  try {
    await run(simulator)
  } finally {
    await simulator.stop()
  }
}

describe("the binance SDK", () => {
  it.each([
    ["spot", "main", "/stream", ["btcusdt@trade", "btcusdt@depth@100ms"], "trade", "t"],
    ["usdm", "usdmMarket", "/market/stream", ["btcusdt@aggTrade", "btcusdt@kline_1m"], "aggTrade", "a"]
  ] as const)("streams %s through %s with nothing missing", (market: MarketKind, key, path, streams, event, id) =>
    withSimulator(async (simulator) => {
      const { client, messages } = await listening(simulator.wsUrl + path, key, streams)
      const events = () => messages.filter((message) => message["e"] === event)
      const kinds = () => new Set(messages.map((message) => message["e"]))
      await eventually(() => events().length > 20 && kinds().size === 2, "both streams")
      const ids = events().map((message) => Number(message[id]))
      expect(ids).toEqual(ids.map((_, i) => ids[0]! + i))
      const { control } = simulator
      const true_ = event === "trade" ? control.trades(market, "BTCUSDT") : control.aggregates(market, "BTCUSDT")
      const known = new Map(true_.map((one) => [one.id, [one.price, one.size, one.time]]))
      expect(events().map((message) => [message["p"], message["q"], message["T"]])).toEqual(
        ids.map((one) => known.get(one))
      )
      client.closeAll(true)
      await eventually(() => simulator.stats().connections.length === 0)
    })
  )

  it("reconnects and subscribes again after a kill", () =>
    withSimulator(async (simulator) => {
      const { client, messages } = await listening(`${simulator.wsUrl}/public/stream`, "usdmPublic", [
        "btcusdt@bookTicker"
      ])
      await eventually(() => messages.some((message) => message["e"] === "bookTicker"))
      simulator.control.inject({ kind: "kill" })
      await eventually(
        () => simulator.stats().connections.some(({ id, sent }) => id > 1 && sent > 0),
        "a new connection"
      )
      client.closeAll(true)
    }))

  it("reads spot's REST", () =>
    withSimulator(async (simulator) => {
      const rest = new MainClient({ baseUrl: simulator.url })
      const info = await rest.getExchangeInfo({ symbol: "BTCUSDT" })
      const book = await rest.getOrderBook({ symbol: "BTCUSDT", limit: 5 })
      const bars = await rest.getKlines({ symbol: "BTCUSDT", interval: "1m", limit: 3 })
      const trades = await rest.getAggregateTrades({ symbol: "BTCUSDT", limit: 4 })
      expect([info.symbols[0]?.symbol, book.bids.length, bars.length, trades.length]).toEqual(["BTCUSDT", 5, 3, 4])
      await expect(rest.getOrderBook({ symbol: "NOPEUSDT" })).rejects.toMatchObject({ code: -1121 })
    }))

  it("reads futures' REST", () =>
    withSimulator(async (simulator) => {
      const rest = new USDMClient({ baseUrl: simulator.url })
      const info = await rest.getExchangeInfo()
      const book = await rest.getOrderBook({ symbol: "BTCUSDT", limit: 5 })
      const bars = await rest.getKlines({ symbol: "BTCUSDT", interval: "1m", limit: 3 })
      expect([info.symbols.length > 5, book.asks.length, bars.length]).toEqual([true, 5, 3])
      await expect(rest.getOrderBook({ symbol: "BTCUSDT", limit: 7 as 5 })).rejects.toMatchObject({ code: -4021 })
    }))
})
