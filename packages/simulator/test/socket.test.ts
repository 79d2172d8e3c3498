/** The strictness of the socket: silent acknowledgements, error shapes, routes, limits, pings, lifetimes. */
import { describe, expect, it } from "vitest"
import { eventually, onStage, refusal, type Json } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 50 }
const markets = [
  { market: "spot", path: "/ws", limit: 5 },
  { market: "usdm", path: "/market/ws", limit: 10 }
] as const

describe.each(markets)("control frames on $market", ({ path }) => {
  it("acknowledges every SUBSCRIBE and stays silent on what does not exist", () =>
    onStage({ rates }, async ({ clock, ws, simulator }) => {
      const client = await ws(path)
      const asked = [
        "nosuchusdt@aggTrade",
        "BTCUSDT@aggTrade",
        "btcusdt@aggtrade",
        "btcusdt@kline_7m",
        "!ticker@arrr",
        ""
      ]
      expect(await client.ask({ method: "SUBSCRIBE", params: asked, id: 1 })).toEqual({ result: null, id: 1 })
      clock.advance(5_000)
      expect(await client.ask({ method: "LIST_SUBSCRIPTIONS", id: 2 })).toEqual({ result: asked, id: 2 })
      expect(client.received.length).toBe(2)
      expect(simulator.stats().sent).toBe(0)
    }))

  it("acknowledges an UNSUBSCRIBE of what was never subscribed, and ends what was", () =>
    onStage({ rates }, async ({ clock, ws }) => {
      const client = await ws(path)
      await client.ask({ method: "SUBSCRIBE", params: ["btcusdt@aggTrade", "btcusdt@aggTrade"], id: 1 })
      clock.advance(1_000)
      await eventually(() => client.received.length > 3)
      const answer = await client.ask({
        method: "UNSUBSCRIBE",
        params: ["btcusdt@aggTrade", "ethusdt@aggTrade"],
        id: 2
      })
      expect(answer).toEqual({ result: null, id: 2 })
      const count = client.received.length
      clock.advance(5_000)
      expect(await client.ask({ method: "LIST_SUBSCRIPTIONS", id: 3 })).toEqual({ result: [], id: 3 })
      expect(client.received.length).toBe(count + 1)
      const ids = client.received.flatMap((one) => ((one as Json)["e"] === "aggTrade" ? [(one as Json)["a"]] : []))
      expect(new Set(ids).size).toBe(ids.length)
    }))

  it("switches the envelope by SET_PROPERTY", () =>
    onStage({ rates }, async ({ clock, ws }) => {
      const client = await ws(`${path}/btcusdt@miniTicker`)
      expect(await client.ask({ method: "GET_PROPERTY", params: ["combined"], id: 1 })).toEqual({
        result: false,
        id: 1
      })
      clock.advance(4_000)
      await eventually(() => client.received.some((one) => (one as Json)["e"] === "24hrMiniTicker"))
      await client.ask({ method: "SET_PROPERTY", params: ["combined", true], id: 2 })
      clock.advance(4_000)
      await eventually(() => client.data("btcusdt@miniTicker").length > 0)
      expect(await client.ask({ method: "GET_PROPERTY", params: ["combined"], id: 3 })).toEqual({ result: true, id: 3 })
    }))

  const mistakes: ReadonlyArray<readonly [string, number]> = [
    ["not json", 3],
    ['{"method":"SUBSCRIBE",', 3],
    ['{"params":[],"id":1}', 2],
    ['{"method":"subscribe","params":[],"id":1}', 2],
    ['{"method":"SUBSCRIBE","params":[],"id":1.5}', 2],
    ['{"method":"SUBSCRIBE","params":[1],"id":1}', 2],
    ['{"method":"SET_PROPERTY","params":[1,true],"id":1}', 2],
    ['{"method":"SET_PROPERTY","params":["combined",true,1],"id":1}', 2],
    ['{"method":"SET_PROPERTY","params":["combined","true"],"id":1}', 1],
    ['{"method":"GET_PROPERTY","params":["colour"],"id":1}', 0],
    ["[]", 2]
  ]

  it.each(mistakes)("answers %s with code %i, in the documented shape", (text, code) =>
    onStage({ rates }, async ({ ws }) => {
      const client = await ws(path)
      client.send(text)
      const answer = await eventually(() => client.received[0] as Json | undefined)
      expect(answer).toMatchObject({ code })
      expect(typeof answer["msg"]).toBe("string")
    })
  )

  it("answers errors in the observed shape when told to", () =>
    onStage({ rates, errorShape: "observed" }, async ({ ws }) => {
      const client = await ws(path)
      client.send('{"method":"GET_PROPERTY","params":["colour"],"id":9}')
      expect(await eventually(() => client.received[0])).toEqual({ error: { code: 0, msg: "Unknown property" }, id: 9 })
    }))
})

it("accepts texts and null as ids on spot, unsigned integers only on futures", () =>
  onStage({}, async ({ simulator, ws }) => {
    const spot = await ws("/ws")
    spot.send({ method: "LIST_SUBSCRIPTIONS", id: "a-1" })
    spot.send({ method: "LIST_SUBSCRIPTIONS", id: null })
    spot.send({ method: "LIST_SUBSCRIPTIONS", id: -4 })
    await eventually(() => spot.received.length === 3)
    expect(simulator.stats().connections.map(({ said, sent }) => ({ said, sent }))).toEqual([{ said: 3, sent: 0 }])
    expect(spot.received).toEqual(["a-1", null, -4].map((id) => ({ result: [], id })))
    const usdm = await ws("/public/ws")
    usdm.send({ method: "LIST_SUBSCRIPTIONS", id: "a-1" })
    expect(await eventually(() => usdm.received[0])).toMatchObject({ code: 2 })
  }))

describe("routes", () => {
  const streams = "btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@aggTrade/btcusdt@kline_1m/btcusdt@markPrice@1s"
  it.each([
    ["/public/stream", ["btcusdt@bookTicker", "btcusdt@depth@100ms"]],
    ["/market/stream", ["btcusdt@aggTrade", "btcusdt@kline_1m", "btcusdt@markPrice@1s"]],
    ["/private/stream", []],
    ["/usdm/stream", ["btcusdt@bookTicker", "btcusdt@depth@100ms"]],
    ["/stream", ["btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@kline_1m"]],
    ["/spot/stream", ["btcusdt@aggTrade", "btcusdt@bookTicker", "btcusdt@depth@100ms", "btcusdt@kline_1m"]],
    ["/usdm/market/stream", ["btcusdt@aggTrade", "btcusdt@kline_1m", "btcusdt@markPrice@1s"]],
    ["/fstream.binance.com/market/stream", ["btcusdt@aggTrade", "btcusdt@kline_1m", "btcusdt@markPrice@1s"]]
  ])("%s delivers its own streams and nothing else", (path, delivered) =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      const client = await ws(`${path}?streams=${streams}`)
      clock.advance(5_000)
      await eventually(() => Object.keys(simulator.stats().connections[0]!.sentByStream).length === delivered.length)
      const sent = simulator.stats().connections[0]!.sentByStream
      expect(Object.keys(sent).toSorted()).toEqual(delivered)
      const total = Object.values(sent).reduce((a, b) => a + b, 0)
      await eventually(() => client.received.length === total)
    })
  )

  it("does not serve a speed that has no spelling, nor streams retired on spot", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      await ws("/public/stream?streams=btcusdt@depth@250ms/btcusdt@depth5@250ms")
      await ws("/stream?streams=!ticker@arr/!bookTicker/btcusdt@depth@500ms/btcusdt@markPrice")
      clock.advance(6_000)
      expect(simulator.stats().connections.map(({ sent }) => sent)).toEqual([0, 0])
    }))

  it("answers 404 to paths it does not have", () =>
    onStage({}, async ({ simulator }) => {
      for (const path of ["/", "/nothing", "/spot/public/ws", "/public"]) {
        expect(await refusal(simulator.wsUrl + path)).toContain("404")
      }
    }))

  it("takes encoded stream names and symbols outside ASCII", () =>
    onStage({ rates }, async ({ clock, ws }) => {
      const name = "币安人生usdt@trade"
      const client = await ws(`/stream?streams=${encodeURIComponent(name)}`)
      const raw = await ws(`/ws/${encodeURIComponent(name)}`)
      clock.advance(2_000)
      const frame = await eventually(() => client.data(name)[0])
      expect(frame["s"]).toBe("币安人生USDT")
      await eventually(() => raw.received.length > 0)
    }))

  it("writes microseconds on spot when asked", () =>
    onStage({ rates }, async ({ clock, ws }) => {
      const client = await ws("/stream?streams=btcusdt@trade&timeUnit=microsecond")
      clock.advance(2_000)
      const frame = await eventually(() => client.data("btcusdt@trade")[0])
      expect(String(frame["T"]).length).toBe(16)
    }))
})

describe.each(markets)("limits on $market", ({ limit, market, path }) => {
  it(`closes with 1008 after more than ${limit} messages in a second, pings included`, () =>
    onStage({}, async ({ clock, ws }) => {
      const client = await ws(path)
      const list = (id: number) => ({ method: "LIST_SUBSCRIPTIONS", id })
      for (let id = 1; id < limit; id++) client.send(list(id))
      client.socket.ping("x")
      await eventually(() => client.received.length === limit - 1)
      clock.advance(1_000)
      client.send(list(100))
      await eventually(() => client.received.length === limit)
      expect(client.closed()).toBeUndefined()
      for (let id = 1; id <= limit; id++) client.send(list(id))
      expect(await eventually(client.closed)).toEqual({ code: 1008, reason: "Too many requests" })
      expect(client.received.length).toBe(2 * limit - 1)
    }))

  it("answers code 4 to the 1025th stream and closes", () =>
    onStage({ symbols: { [market]: ["BTCUSDT"] } }, async ({ ws }) => {
      const client = await ws(path)
      const names = Array.from({ length: 1024 }, (_, i) => `x${i}usdt@aggTrade`)
      expect(await client.ask({ method: "SUBSCRIBE", params: names, id: 1 })).toEqual({ result: null, id: 1 })
      client.send({ method: "SUBSCRIBE", params: ["onemore@aggTrade"], id: 2 })
      expect(await eventually(client.closed)).toEqual({ code: 1008, reason: "Invalid request" })
      expect(client.received[1]).toEqual({ code: 4, msg: "Too many subscriptions", id: 2 })
    }))

  it("pings with its time and closes whoever does not answer, earlier with a clock scale", () =>
    onStage({ clockScale: 10 }, async ({ clock, ws }) => {
      const [pingMs, pongMs] = market === "spot" ? [2_000, 6_000] : [18_000, 60_000]
      const deaf = await ws(path, { autoPong: false })
      const good = await ws(path)
      clock.advance(pingMs - 1)
      clock.advance(1)
      await eventually(() => deaf.pings.length === 1 && good.pings.length === 1)
      expect(deaf.pings).toEqual([String(Math.floor(clock.now()))])
      deaf.socket.pong("something else")
      for (let past = 0; past < pongMs * 1.1; past += pingMs) {
        const before = good.pings.length
        clock.advance(pingMs)
        await eventually(() => good.pings.length > before)
      }
      expect(await eventually(deaf.closed)).toEqual({ code: 1008, reason: "Pong timeout" })
      expect(good.closed()).toBeUndefined()
    }))

  it("lets a day pass in a minute: pings that are answered keep the connection until its end", () =>
    onStage({ clockScale: 1_440 }, async ({ clock, ws }) => {
      const client = await ws(path)
      for (let passed = 0; passed < 59_000; passed += 500) {
        const before = client.pings.length
        clock.advance(500)
        await eventually(() => client.pings.length > before)
      }
      await client.ask({ method: "LIST_SUBSCRIPTIONS", id: 1 })
      clock.advance(1_000)
      expect((await eventually(client.closed)).code).toBe(1001)
    }))

  it("ends a connection after its day, scaled", () =>
    onStage({ clockScale: 8640, socketRules: { [market]: { pingMs: 1e9, pongMs: 1e9 } } }, async ({ clock, ws }) => {
      const client = await ws(path)
      clock.advance(9_990)
      expect(client.closed()).toBeUndefined()
      clock.advance(20)
      expect((await eventually(client.closed)).code).toBe(1001)
    }))

  it("resets a client that does not read, so that its backlog is bounded", () =>
    onStage(
      { rates, socketRules: { [market]: { bufferedBytes: 100_000, pingMs: 1e9, pongMs: 1e9, lifetimeMs: 1e9 } } },
      async ({ clock, simulator, ws }) => {
        const client = await ws(`${path}/!miniTicker@arr/btcusdt@aggTrade/ethusdt@aggTrade`)
        client.socket.pause()
        await eventually(() => {
          clock.advance(20_000)
          return simulator.stats().connections.length === 0
        })
        client.socket.resume()
        expect((await eventually(client.closed)).code).toBe(1006)
      }
    ))

  it("refuses with 429 the connection attempt after the 300th in five minutes", () =>
    onStage({ socketRules: { [market]: { attemptsPerWindow: 3 } } }, async ({ clock, simulator, ws }) => {
      for (let i = 0; i < 3; i++) await ws(path)
      expect(await refusal(simulator.wsUrl + path)).toContain("429")
      clock.advance(300_001)
      await ws(path)
    }))
})
