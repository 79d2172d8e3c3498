/** Bybit's public REST endpoints: the envelope, newest first, pages, and what is answered to what is wrong. */
import { describe, expect, it } from "vitest"
import { marketKinds, namedMarket } from "../../src/index.ts"
import { type Json, onStage, type Stage } from "../support.ts"
import { type Data, open, Rebuilt } from "./client.ts"

interface Answer {
  readonly retCode: number
  readonly retMsg: string
  readonly result: Json
  readonly retExtInfo: unknown
  readonly time: number
}

const ask = async (stage: Stage, path: string) => {
  const { body, headers, status } = await stage.get(`/v5/market/${path}`)
  return { ...(body as Answer), headers, status }
}

const listOf = async <Row = Json>(stage: Stage, path: string): Promise<ReadonlyArray<Row>> =>
  (await ask(stage, path)).result["list"] as ReadonlyArray<Row>

const still = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

it("every answer is in the envelope, and has no header of a limit", () =>
  onStage({}, async (stage) => {
    const { headers, status, ...body } = await ask(stage, "time")
    const now = Math.floor(stage.clock.now())
    expect([status, body]).toEqual([
      200,
      {
        retCode: 0,
        retMsg: "OK",
        result: { timeSecond: String(Math.floor(now / 1000)), timeNano: `${now}000000` },
        retExtInfo: {},
        time: now
      }
    ])
    expect([...headers.keys()].filter((name) => name.startsWith("x-"))).toEqual([])
  }))

it.each([
  ["kline?category=linear&symbol=NOPE&interval=1", "symbol"],
  ["kline?category=linear&symbol=BTCUSDT&interval=2", "period"],
  ["kline?category=linear&symbol=BTCUSDT&interval=1&limit=1001", "limit"],
  ["kline?category=linear&symbol=BTCUSDT&interval=1&start=soon", "start"],
  ["kline?category=nope&symbol=BTCUSDT&interval=1", "category"],
  ["recent-trade?category=spot&symbol=BTCUSDT&limit=61", "limit"],
  ["recent-trade?category=linear&symbol=BTCUSDT&limit=0", "limit"],
  ["recent-trade?symbol=BTCUSDT", "category"],
  ["orderbook?category=inverse&symbol=BTCUSDT", "symbol"],
  ["instruments-info?category=linear&symbol=NOPE", "symbol"],
  ["instruments-info?category=linear&cursor=first%3DX%26last%3DNOPE", "cursor"],
  ["instruments-info?category=linear&cursor=%25", "cursor"],
  ["tickers?category=linear&symbol=NOPE", "symbol"]
])("%s is refused with 10001 in HTTP 200", (path, about) =>
  onStage({}, async (stage) => {
    const { result, retCode, retMsg, status } = await ask(stage, path)
    expect([status, retCode, result]).toEqual([200, 10_001, {}])
    expect(retMsg.toLowerCase()).toContain(about)
  })
)

it("what is not there is not found", () =>
  onStage({}, async (stage) => {
    expect((await stage.get("/v5/market/nothing?category=linear")).status).toBe(404)
  }))

describe("kline", () => {
  it("is newest first, the open bar at its head; pages go back by their end without a hole", () =>
    onStage({}, async (stage) => {
      const symbol = "category=linear&symbol=BTCUSDT&interval=1"
      const page = await listOf<ReadonlyArray<string>>(stage, `kline?${symbol}&limit=5`)
      const minute = Math.floor(stage.clock.now() / 60_000) * 60_000
      expect(page.map(([start]) => Number(start))).toEqual([0, 1, 2, 3, 4].map((back) => minute - back * 60_000))
      expect(page.every((row) => row.length === 7 && row.every((value) => typeof value === "string"))).toBe(true)
      const older = await listOf<ReadonlyArray<string>>(stage, `kline?${symbol}&limit=5&end=${minute - 4 * 60_000 - 1}`)
      expect(Number(older[0]![0])).toBe(minute - 5 * 60_000)
      const between = `kline?${symbol}&start=${minute - 3 * 60_000}&end=${minute - 60_000}`
      expect(await listOf(stage, between)).toEqual(page.slice(1, 4))
      expect(await listOf(stage, `kline?${symbol}&start=${minute - 4 * 60_000}&limit=2`)).toEqual(page.slice(3))
    }))

  it("counts inverse volume in dollars and turnover in coin", () =>
    onStage({}, async (stage) => {
      const rows = await listOf<ReadonlyArray<string>>(
        stage,
        "kline?category=inverse&symbol=BTCUSD&interval=1&limit=10"
      )
      for (const [, , high, low, , volume, turnover] of rows.filter((row) => Number(row[5]) > 0)) {
        expect(volume).toMatch(/^\d+$/)
        const price = Number(volume) / Number(turnover)
        expect(price).toBeGreaterThan(Number(low) * 0.9999)
        expect(price).toBeLessThan(Number(high) * 1.0001)
      }
    }))
})

it.each([
  ["spot", "BTCUSDT", 60],
  ["linear", "BTCUSDT", 500],
  ["inverse", "BTCUSD", 500]
] as const)("recent-trade of %s is newest first, with the ids of the stream", (category, symbol, usual) =>
  onStage({ historyMinutes: 120 }, async (stage) => {
    const client = await open(stage, category)
    await client.request("subscribe", [`publicTrade.${symbol}`])
    stage.simulator.control.trade(`bybit-${category}`, symbol, "buy", category === "inverse" ? 500 : 0.02)
    await client.request("ping")
    const streamed = client.of<ReadonlyArray<Json>>(`publicTrade.${symbol}`).flatMap(({ data }) => data)
    const rows = await listOf(stage, `recent-trade?category=${category}&symbol=${symbol}`)
    expect(rows.length).toBe(usual)
    expect(
      rows
        .slice(0, streamed.length)
        .toReversed()
        .map((row) => [row["execId"], row["price"], row["size"], row["seq"]])
    ).toEqual(streamed.map((row) => [row["i"], row["p"], row["v"], String(row["seq"])]))
    const truth = stage.simulator.control.trades(`bybit-${category}`, symbol, { limit: usual })
    expect(rows.toReversed().map((row) => [row["execId"], row["side"], row["time"]])).toEqual(
      truth.map((one) => [one.venueId, one.side === "buy" ? "Buy" : "Sell", String(one.time)])
    )
    const sequences = rows.map((row) => Number(row["seq"]))
    expect(sequences).toEqual(sequences.toSorted((a, b) => b - a))
  })
)

describe("instruments-info", () => {
  it("comes in pages that follow each other's cursor, each instrument once", () =>
    onStage({}, async (stage) => {
      const seen: Array<unknown> = []
      let cursor = ""
      do {
        const { result } = await ask(
          stage,
          `instruments-info?category=linear&limit=3&cursor=${encodeURIComponent(cursor)}`
        )
        seen.push(...(result["list"] as ReadonlyArray<Json>).map((row) => row["symbol"]))
        cursor = result["nextPageCursor"] as string
      } while (cursor !== "")
      const linear = stage.simulator.definitions.filter(({ market }) => market === "bybit-linear")
      expect(seen).toEqual(linear.map(({ symbol }) => symbol))
      expect(seen.length).toBeGreaterThan(6)
    }))

  it("tells the grids that the market trades on", () =>
    onStage({}, async (stage) => {
      const [perpetual] = await listOf(stage, "instruments-info?category=linear&symbol=BTCPERP")
      expect(perpetual).toMatchObject({
        contractType: "LinearPerpetual",
        status: "Trading",
        baseCoin: "BTC",
        quoteCoin: "USDC",
        settleCoin: "USDC",
        priceFilter: { tickSize: "0.10" },
        lotSizeFilter: { qtyStep: "0.001", minOrderQty: "0.001", minNotionalValue: "5" }
      })
      const [inverse] = await listOf(stage, "instruments-info?category=inverse&symbol=ETHUSD")
      expect(inverse).toMatchObject({ contractType: "InversePerpetual", settleCoin: "ETH", quoteCoin: "USD" })
      const [spot] = await listOf(stage, "instruments-info?category=spot&symbol=BTCUSDT")
      expect(spot).toMatchObject({ lotSizeFilter: { basePrecision: "0.000001", minOrderAmt: "5" } })
      expect((await ask(stage, "instruments-info?category=option&baseCoin=BTC")).result["list"]).toEqual([])
    }))

  it("forgets what is delisted, unless its status is asked for", () =>
    onStage({}, async (stage) => {
      const symbols = async (more: string) =>
        (await listOf(stage, `instruments-info?category=linear${more}`)).map((row) => row["symbol"])
      stage.simulator.control.delist("bybit-linear", "SOLUSDT")
      expect(await symbols("")).not.toContain("SOLUSDT")
      expect(await symbols("&status=Settling")).toEqual(["SOLUSDT"])
    }))
})

it("orderbook is the 1000-level topic's book at its `u`, and joins its deltas", () =>
  onStage({ rates: { tradesPerSecond: 20, ordersPerSecond: 200 } }, async (stage) => {
    const topic = "orderbook.1000.BTCUSDT"
    const client = await open(stage, "linear")
    await client.request("subscribe", [topic])
    for (let step = 0; step < 10; step++) stage.clock.advance(200)
    const { result } = await ask(stage, "orderbook?category=linear&symbol=BTCUSDT&limit=1000")
    await client.request("ping")
    const book = new Rebuilt()
    for (const message of client.of<Data>(topic)) {
      if (message.data.u <= (result["u"] as number)) book.accept(message)
    }
    const { asks, bids } = book.levels()
    expect([result["u"], result["b"], result["a"]]).toEqual([book.u, bids, asks])
    const small = await ask(stage, "orderbook?category=spot&symbol=BTCUSDT")
    expect((small.result["b"] as ReadonlyArray<unknown>).length).toBe(1)
  }))

it("the 601st request in five seconds is answered 403, and so is everything for ten minutes", () =>
  onStage({ restRules: { "bybit-spot": { requestsPerWindow: 4 } } }, async (stage) => {
    const get = async (category = "linear") => (await stage.get(`/v5/market/tickers?category=${category}`)).status
    expect([await get(), await get("spot"), await get()]).toEqual([200, 200, 200])
    stage.clock.advance(5_001)
    expect([await get(), await get(), await get(), await get("inverse")]).toEqual([200, 200, 200, 200])
    const { body, status } = await stage.get("/v5/market/time")
    expect([status, (body as Json)["retMsg"]]).toEqual([403, "access too frequent"])
    stage.clock.advance(590_000)
    expect(await get("spot")).toBe(403)
    stage.clock.advance(10_001)
    expect(await get()).toBe(200)
    const { "bybit-linear": told } = stage.simulator.stats().rest
    expect([told.peakWeight, told.limited, told.banned, told.answered]).toEqual([5, 1, 1, { 200: 6, 403: 1 }])
  }))

it("the fault `rest` gives 10006 with HTTP 200 and the headers of a limit, or any other status", () =>
  onStage({}, async (stage) => {
    const { control } = stage.simulator
    control.inject({ kind: "rest", status: 200, path: "/v5/market/kline", filter: { market: "bybit-spot" } })
    expect((await ask(stage, "kline?category=linear&symbol=BTCUSDT&interval=1")).retCode).toBe(0)
    const limited = await ask(stage, "kline?category=spot&symbol=BTCUSDT&interval=1")
    expect([limited.status, limited.retCode, limited.retMsg]).toEqual([200, 10_006, "Too many visits!"])
    expect(limited.headers.get("x-bapi-limit-status")).toBe("0")
    control.inject({ kind: "rest", status: 503 })
    expect((await ask(stage, "time")).status).toBe(503)
    expect((await ask(stage, "time")).status).toBe(200)
  }))

it("a simulator can have one market of Bybit alone, and a plausible one for any name", () =>
  onStage({ symbols: { "bybit-linear": ["BTCUSDT"] }, rates: still }, async (stage) => {
    expect(stage.simulator.definitions.map(({ market, symbol }) => `${market} ${symbol}`)).toEqual([
      "bybit-linear BTCUSDT"
    ])
    expect(await listOf(stage, "instruments-info?category=spot")).toEqual([])
    expect(marketKinds.map((kind) => namedMarket(kind, "NEWUSDC").quote)).toEqual([
      "USDT",
      "USDT",
      "USDC",
      "USDC",
      "USD"
    ])
  }))
