/** REST: shapes, ranges, the venue's errors, and the weight of requests. */
import { describe, expect, it } from "vitest"
import { onStage, type Json } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 50 }
const sides = [
  { market: "spot", base: "/api/v3" },
  { market: "usdm", base: "/fapi/v1" }
] as const

describe.each(sides)("history on $market", ({ base, market }) => {
  it("answers klines as rows of twelve, ascending, the open bar last, equal to the bars kept", () =>
    onStage({ rates }, async ({ clock, get, simulator }) => {
      simulator.control.book(market, "BTCUSDT")
      clock.advance(125_000)
      const { body } = await get(`${base}/klines?symbol=BTCUSDT&interval=1m&limit=3`)
      const expected = simulator.control
        .bars(market, "BTCUSDT", "1m", 3)
        .map((k) => [k["t"], k["o"], k["h"], k["l"], k["c"], k["v"], k["T"], k["q"], k["n"], k["V"], k["Q"], "0"])
      expect(body).toEqual(expected)
      expect(Number(expected.at(-1)![6])).toBeGreaterThan(clock.now())
    }))

  it("answers klines from a start, to an end, and within both, inclusive", () =>
    onStage({ rates }, async ({ clock, get }) => {
      const minute = Math.floor(clock.now() / 60_000) * 60_000
      const opens = async (query: string) => {
        const { body } = await get(`${base}/klines?symbol=BTCUSDT&interval=1m&${query}`)
        return (body as ReadonlyArray<ReadonlyArray<number>>).map(([open]) => (minute - open!) / 60_000)
      }
      expect(await opens(`startTime=${minute - 240_000}&limit=2`)).toEqual([4, 3])
      expect(await opens(`endTime=${minute - 60_000}&limit=2`)).toEqual([2, 1])
      expect(await opens(`startTime=${minute - 120_000}&endTime=${minute}`)).toEqual([2, 1, 0])
      expect(await opens(`startTime=${minute - 119_999}&endTime=${minute - 1}`)).toEqual([1])
    }))

  it("pages aggregates by id and by time without a hole, up to the newest", () =>
    onStage({ rates }, async ({ clock, get, simulator }) => {
      const all = simulator.control.aggregates(market, "BTCUSDT")
      const ids = async (query: string) =>
        ((await get(`${base}/aggTrades?symbol=BTCUSDT&${query}`)).body as ReadonlyArray<Json>).map((row) => row["a"])
      const from = all[10]!
      expect(await ids(`fromId=${from.id}&limit=5`)).toEqual([0, 1, 2, 3, 4].map((i) => from.id + i))
      const to = all[30]!
      const within = all.filter(({ time }) => time >= from.time && time <= to.time).map(({ id }) => id)
      expect(await ids(`startTime=${from.time}&endTime=${to.time}`)).toEqual(within)
      expect(await ids("limit=3")).toEqual(all.slice(-3).map(({ id }) => id))
      clock.advance(1_000)
      expect((await ids(`fromId=${all.at(-1)!.id}`)).length).toBeGreaterThan(1)
      expect((await get(`${base}/aggTrades?symbol=BTCUSDT&fromId=1&startTime=1`)).status).toBe(400)
    }))

  it("pages trades by id", () =>
    onStage({ rates }, async ({ get, simulator }) => {
      const all = simulator.control.trades(market, "BTCUSDT")
      const { body } = await get(`${base}/historicalTrades?symbol=BTCUSDT&fromId=${all[5]!.id}&limit=2`)
      expect(body).toMatchObject(
        all
          .slice(5, 7)
          .map(({ id, price, size, side, time }) => ({ id, price, qty: size, time, isBuyerMaker: side === "sell" }))
      )
      const latest = (await get(`${base}/trades?symbol=BTCUSDT&limit=2`)).body as ReadonlyArray<Json>
      expect(latest.map((row) => row["id"])).toEqual(all.slice(-2).map(({ id }) => id))
      const keys =
        market === "spot"
          ? "id price qty quoteQty time isBuyerMaker isBestMatch"
          : "id price qty quoteQty time isBuyerMaker"
      expect(Object.keys(latest[0]!).join(" ")).toBe(keys)
    }))
})

describe("errors", () => {
  it.each([
    ["/api/v3/depth", 400, -1102],
    ["/api/v3/depth?symbol=", 400, -1105],
    ["/api/v3/depth?symbol=NOPEUSDT", 400, -1121],
    ["/api/v3/depth?symbol=btcusdt", 400, -1100],
    ["/api/v3/depth?symbol=BTCUSDT&limit=x", 400, -1100],
    ["/api/v3/klines?symbol=BTCUSDT", 400, -1102],
    ["/api/v3/klines?symbol=BTCUSDT&interval=2m", 400, -1120],
    ["/api/v3/exchangeInfo?symbol=NOPEUSDT", 400, -1121],
    ["/fapi/v1/depth?symbol=NOPEUSDT", 400, -1121],
    ["/fapi/v1/depth?symbol=BTCUSDT&limit=7", 400, -4021],
    ["/fapi/v1/klines?symbol=BTCUSDT&interval=1s", 400, -1120],
    ["/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1501", 400, -1130],
    ["/fapi/v1/aggTrades?symbol=BTCUSDT&startTime=1", 400, -4166]
  ])("%s answers %i with code %i", (path, status, code) =>
    onStage({}, async ({ get }) => {
      const answer = await get(path)
      expect([answer.status, Object.keys(answer.body as Json)]).toEqual([status, ["code", "msg"]])
      expect((answer.body as Json)["code"]).toBe(code)
    })
  )

  it("answers 404 without JSON to a path that is not there", () =>
    onStage({}, async ({ get, post }) => {
      expect(await get("/api/v3/nothing")).toMatchObject({ status: 404, body: expect.stringContaining("404") })
      await expect(post("/api/v3/ping", {})).rejects.toThrow()
    }))
})

describe("the weight of requests", () => {
  it.each([
    ["/api/v3/ping", 1],
    ["/api/v3/exchangeInfo", 20],
    ["/api/v3/depth?symbol=BTCUSDT", 5],
    ["/api/v3/depth?symbol=BTCUSDT&limit=101", 25],
    ["/api/v3/depth?symbol=BTCUSDT&limit=1000", 50],
    ["/api/v3/depth?symbol=BTCUSDT&limit=5000", 250],
    ["/api/v3/aggTrades?symbol=BTCUSDT", 4],
    ["/api/v3/klines?symbol=NOPEUSDT&interval=1m", 2],
    ["/fapi/v1/exchangeInfo", 1],
    ["/fapi/v1/depth?symbol=BTCUSDT&limit=50", 2],
    ["/fapi/v1/depth?symbol=BTCUSDT", 10],
    ["/fapi/v1/depth?symbol=BTCUSDT&limit=1000", 20],
    ["/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=99", 1],
    ["/fapi/v1/klines?symbol=BTCUSDT&interval=1m&limit=1500", 10],
    ["/fapi/v1/aggTrades?symbol=BTCUSDT", 20]
  ])("charges %s with %i and says so", (path, weight) =>
    onStage({}, async ({ get }) => {
      const { headers } = await get(path)
      expect(headers.get("X-MBX-USED-WEIGHT-1M")).toBe(String(weight))
    })
  )

  it("divides the minute by the clock scale", () =>
    onStage({ clockScale: 60, restRules: { spot: { weightPerMinute: 5 } } }, async ({ clock, get }) => {
      const depth = "/api/v3/depth?symbol=BTCUSDT"
      expect([(await get(depth)).status, (await get(depth)).status]).toEqual([200, 429])
      clock.advance(1_000)
      expect((await get(depth)).status).toBe(200)
    }))

  it("answers 429 with Retry-After beyond the minute's weight, 418 to who goes on, and forgives with the next minute", () =>
    onStage({ restRules: { spot: { weightPerMinute: 10, ignoredBeforeBan: 2 } } }, async ({ clock, get }) => {
      const depth = "/api/v3/depth?symbol=BTCUSDT"
      const statuses = [await get(depth), await get(depth), await get(depth)]
      expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429])
      expect(statuses[2]!.headers.get("retry-after")).toBe("60")
      expect(statuses[2]!.body).toMatchObject({ code: -1003 })
      clock.advance(60_000)
      expect((await get(depth)).status).toBe(200)
      for (let i = 0; i < 3; i++) await get(depth)
      const banned = await get(depth)
      expect([banned.status, banned.headers.get("retry-after")]).toEqual([418, "120"])
      expect((await get("/fapi/v1/ping")).status).toBe(200)
      clock.advance(119_000)
      expect((await get("/api/v3/ping")).status).toBe(418)
      clock.advance(1_001)
      expect((await get("/api/v3/ping")).status).toBe(200)
    }))
})

it("tells spot's exchangeInfo of chosen symbols, futures' always of all", () =>
  onStage({}, async ({ get }) => {
    const names = async (path: string) =>
      ((await get(path)).body as { symbols: ReadonlyArray<Json> }).symbols.map((one) => one["symbol"])
    expect(await names("/api/v3/exchangeInfo?symbol=ETHUSDT")).toEqual(["ETHUSDT"])
    const two = encodeURIComponent('["BTCUSDT","币安人生USDT"]')
    expect(await names(`/api/v3/exchangeInfo?symbols=${two}`)).toEqual(["BTCUSDT", "币安人生USDT"])
    expect((await names("/fapi/v1/exchangeInfo?symbol=ETHUSDT")).length).toBeGreaterThan(5)
    expect(await names("/dapi/v1/exchangeInfo")).toEqual([])
  }))

it("lists symbols that do not trade and gives them neither book nor stream", () =>
  onStage(
    {
      symbols: [
        {
          market: "spot",
          symbol: "OLDUSDT",
          base: "OLD",
          quote: "USDT",
          price: 2,
          tickSize: "0.01",
          stepSize: "0.1",
          typicalSize: 5,
          minNotional: "5",
          status: "BREAK"
        }
      ]
    },
    async ({ get }) => {
      const { symbols } = (await get("/api/v3/exchangeInfo")).body as { symbols: ReadonlyArray<Json> }
      expect(symbols.map((one) => one["status"])).toEqual(["BREAK"])
      for (const path of ["depth", "ticker/24hr", "ticker/bookTicker", "avgPrice"]) {
        expect((await get(`/api/v3/${path}?symbol=OLDUSDT`)).body).toMatchObject({ code: -1121 })
      }
      expect((await get("/api/v3/ticker/price")).body).toEqual([])
    }
  ))
