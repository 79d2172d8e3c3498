/** Symbols that begin and end trading while clients are connected. */
import { describe, expect, it } from "vitest"
import { eventually, onStage, type Json, type Stage } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 100, liquidationsPerSecond: 2 }
const symbols = { spot: ["BTCUSDT"], usdm: ["BTCUSDT"] }

const sides = [
  { market: "spot", base: "/api/v3", path: "/stream", ended: "BREAK" },
  { market: "usdm", base: "/fapi/v1", path: "/market/stream", ended: "SETTLING" }
] as const

const statuses = async ({ get }: Stage, base: string) =>
  Object.fromEntries(
    ((await get(`${base}/exchangeInfo`)).body as { symbols: ReadonlyArray<Json> }).symbols.map((one) => [
      one["symbol"],
      one["status"]
    ])
  )

describe.each(sides)("listing on $market", ({ base, ended, market, path }) => {
  const stream = "newusdt@aggTrade"
  const arrays = "!miniTicker@arr"

  it("a new symbol appears in exchangeInfo, REST and on the streams that were waiting for it, without a past", () =>
    onStage({ rates, symbols }, async (stage) => {
      const { clock, get, simulator, ws } = stage
      const client = await ws(`${path}?streams=${stream}/${arrays}`)
      clock.advance(2_000)
      expect(simulator.stats().connections[0]!.sentByStream[stream]).toBeUndefined()
      expect((await get(`${base}/klines?symbol=NEWUSDT&interval=1m`)).body).toMatchObject({ code: -1121 })
      simulator.control.list(market, "NEWUSDT")
      expect(await statuses(stage, base)).toEqual({ BTCUSDT: "TRADING", NEWUSDT: "TRADING" })
      clock.advance(3_000)
      await eventually(() => client.data(stream).length > 5)
      const row = () => client.raw.some((text) => text.includes(arrays) && text.includes('"s":"NEWUSDT"'))
      await eventually(row, "a row of the new symbol")
      const bars = (await get(`${base}/klines?symbol=NEWUSDT&interval=1m`)).body as ReadonlyArray<unknown>
      const trades = (await get(`${base}/aggTrades?symbol=NEWUSDT&limit=1000`)).body as ReadonlyArray<Json>
      expect([bars.length, trades[0]!["a"]]).toEqual([1, client.data(stream)[0]!["a"]])
    }))

  it("a delisted symbol falls silent everywhere but stays listed as what it is, its history too", () =>
    onStage({ rates, symbols }, async (stage) => {
      const { clock, get, simulator, ws } = stage
      await ws(`${path}?streams=btcusdt@aggTrade/${arrays}`)
      clock.advance(1_000)
      simulator.control.delist(market, "BTCUSDT")
      const sent = () => simulator.stats().connections[0]!.sentByStream
      const before = sent()
      clock.advance(5_000)
      expect(sent()["btcusdt@aggTrade"]).toBe(before["btcusdt@aggTrade"])
      expect(sent()[arrays]).toBe(1)
      expect(await statuses(stage, base)).toEqual({ BTCUSDT: ended })
      expect((await get(`${base}/klines?symbol=BTCUSDT&interval=1m&limit=1`)).status).toBe(200)
      expect(() => simulator.control.trade(market, "BTCUSDT", "buy", 1)).toThrow("BTCUSDT is not traded")
    }))

  it("a symbol that is gone is unknown to REST, and goes on with its ids when it comes back", () =>
    onStage({ rates, symbols }, async (stage) => {
      const { clock, get, simulator, ws } = stage
      const client = await ws(`${path}?streams=btcusdt@aggTrade`)
      clock.advance(1_000)
      simulator.control.delist(market, "BTCUSDT", { gone: true })
      clock.advance(15_000)
      expect(await statuses(stage, base)).toEqual({})
      expect((await get(`${base}/depth?symbol=BTCUSDT&limit=5`)).body).toMatchObject({ code: -1121 })
      const last = simulator.control.aggregates(market, "BTCUSDT").at(-1)!
      simulator.control.list(market, "BTCUSDT")
      clock.advance(1_000)
      await eventually(() => client.data("btcusdt@aggTrade").some((frame) => Number(frame["a"]) > last.id))
      const ids = client.data("btcusdt@aggTrade").map((frame) => Number(frame["a"]))
      expect(ids.every((id, i) => i === 0 || id === ids[i - 1]! + 1)).toBe(true)
      const times = client.data("btcusdt@aggTrade").map((frame) => Number(frame["T"]))
      expect(times.filter((time) => time > last.time && time <= clock.now() - 1_000)).toEqual([])
      expect((await get(`${base}/klines?symbol=BTCUSDT&interval=1m&limit=3`)).status).toBe(200)
    }))
})

it("feeds the all-market streams of futures with a symbol listed later, and stops with it", () =>
  onStage({ rates, symbols }, async ({ clock, simulator, ws }) => {
    const market = await ws("/market/stream?streams=!forceOrder@arr/!markPrice@arr@1s")
    const best = await ws("/public/stream?streams=!bookTicker")
    simulator.control.list("usdm", "NEWUSDT")
    clock.advance(1_000)
    simulator.control.liquidate("NEWUSDT", "sell", 100)
    clock.advance(6_000)
    const told = (client: typeof best, stream: string) =>
      client.raw.filter((text) => text.includes(stream) && text.includes("NEWUSDT")).length
    await eventually(() => told(market, "forceOrder") > 0 && told(market, "markPrice") > 4 && told(best, "book") > 0)
    simulator.control.delist("usdm", "NEWUSDT")
    simulator.control.delist("usdm", "BTCUSDT")
    const before = simulator.stats().connections.map(({ sent }) => sent)
    clock.advance(12_000)
    expect(simulator.stats().connections.map(({ sent }) => sent)).toEqual(before)
  }))

it("lists and delists by HTTP, and says what is wrong", () =>
  onStage({ symbols }, async (stage) => {
    const { post } = stage
    expect((await post("/control/list", { market: "spot", symbol: "NEWUSDT" })).status).toBe(200)
    expect((await post("/control/delist", { market: "spot", symbol: "BTCUSDT" })).status).toBe(200)
    expect(await statuses(stage, "/api/v3")).toEqual({ BTCUSDT: "BREAK", NEWUSDT: "TRADING" })
    expect((await post("/control/delist", { market: "spot", symbol: "NEWUSDT", gone: true })).status).toBe(200)
    expect(await statuses(stage, "/api/v3")).toEqual({ BTCUSDT: "BREAK" })
    const wrong = [
      await post("/control/list", { market: "moon", symbol: "NEWUSDT" }),
      await post("/control/list", { market: "spot", symbol: "newusdt" }),
      await post("/control/delist", { market: "spot", symbol: "NOPEUSDT" }),
      await post("/control/delist", { market: "spot", symbol: "BTCUSDT", gone: 1 })
    ]
    expect(wrong.map(({ status }) => status)).toEqual([400, 400, 400, 400])
  }))
