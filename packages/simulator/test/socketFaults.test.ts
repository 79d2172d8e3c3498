/** Faults of delay, of answers, of handshakes and of the server's clock, as they show on the wire. */
import { request as httpRequest } from "node:http"
import { describe, expect, it } from "vitest"
import type { Fault } from "../src/index.ts"
import { type Client, eventually, onStage, type Json, type Stage } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 100 }
const TRADES = "btcusdt@trade"
const DEPTH = "btcusdt@depth@100ms"

/** Lets everything that was written arrive: a pong of an unfaulted connection comes after it. */
const arrived = async ({ ws }: Stage, client: Client): Promise<void> => {
  for (let i = 0; i < 2; i++) {
    const other = await ws("/ws")
    await other.ask({ method: "LIST_SUBSCRIPTIONS", id: 1 })
    other.socket.terminate()
  }
  expect(client.closed()).toBeUndefined()
}

const ids = (client: Client) => client.data(TRADES).map((frame) => Number(frame["t"]))
const isChain = (list: ReadonlyArray<number>) => list.every((id, i) => i === 0 || id === list[i - 1]! + 1)

const both = `/stream?streams=${TRADES}/${DEPTH}`

describe("what comes late", () => {
  it("slowReader: nothing is read or written, then everything comes in one burst and nothing is missing", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      const client = await stage.ws(both)
      const fault: Fault = { kind: "slowReader", durationMs: 3_000 }
      expect(simulator.control.inject(fault).connections).toEqual([1])
      clock.advance(2_900)
      client.send({ method: "LIST_SUBSCRIPTIONS", id: 9 })
      await arrived(stage, client)
      const [stalled] = simulator.stats().connections
      expect([client.raw.length, stalled!.received, stalled!.bufferedBytes > 5_000]).toEqual([0, 0, true])
      clock.advance(100)
      await eventually(() => client.received.some((one) => (one as Json)["id"] === 9), "the late answer")
      expect(isChain(ids(client))).toBe(true)
      expect(Number(client.data(DEPTH).at(-1)!["E"]) - Number(client.data(DEPTH)[0]!["E"])).toBeGreaterThan(2_500)
      expect(simulator.control.faults()).toEqual([])
    }))

  it("slowReader ends when it is cleared, and meets connections to come when told to", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      simulator.control.inject({ kind: "slowReader", newConnections: true })
      const client = await stage.ws(both)
      clock.advance(1_000)
      expect(client.raw).toEqual([])
      simulator.control.clear()
      await eventually(() => client.data(TRADES).length > 0)
      clock.advance(1_000)
      await eventually(() => client.data(DEPTH).length >= 20)
    }))

  it("slowReader beyond the bound of what the server keeps resets the connection", () =>
    onStage({ rates, socketRules: { spot: { bufferedBytes: 20_000 } } }, async ({ clock, simulator, ws }) => {
      const client = await ws(both)
      simulator.control.inject({ kind: "slowReader" })
      for (let i = 0; i < 40; i++) clock.advance(500)
      expect((await eventually(client.closed)).code).toBe(1006)
      expect(simulator.stats().connections).toEqual([])
    }))

  it("delay: one stream is late and in order, the others are in time", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      const client = await stage.ws(both)
      const fault: Fault = { kind: "delay", delayMs: 700, durationMs: 1_000, filter: { stream: TRADES } }
      simulator.control.inject(fault)
      clock.advance(690)
      await arrived(stage, client)
      expect([client.data(TRADES).length, client.data(DEPTH).length]).toEqual([0, 7])
      clock.advance(2_000)
      await eventually(() => client.raw.length >= simulator.stats().connections[0]!.sent)
      const all = simulator.control.trades("spot", "BTCUSDT")
      expect(isChain(ids(client))).toBe(true)
      expect(ids(client).at(-1)).toBe(all.at(-1)!.id)
      expect(client.data(DEPTH).length).toBe(27)
    }))

  it("lag: frames, answers and pings of the connection are late, in order", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      const client = await stage.ws(both)
      simulator.control.inject({ kind: "lag", delayMs: 1_000, filter: { connection: 1 } })
      clock.advance(950)
      client.send({ method: "LIST_SUBSCRIPTIONS", id: 3 })
      await eventually(() => simulator.stats().connections[0]!.received === 1)
      expect(client.raw).toEqual([])
      clock.advance(1_000)
      await eventually(() => client.received.some((one) => (one as Json)["id"] === 3))
      const answerAt = client.received.findIndex((one) => (one as Json)["id"] === 3)
      const before = client.received.slice(0, answerAt).filter((one) => (one as Json)["stream"] === DEPTH)
      expect(before.length).toBe(10)
      clock.advance(19_000)
      expect(client.pings).toEqual([])
      clock.advance(1_000)
      await eventually(() => client.pings.length === 1)
      expect(isChain(ids(client))).toBe(true)
    }))

  it("lag and silence: what was still on its way when the silence began does not arrive either", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      const client = await stage.ws(both)
      simulator.control.inject({ kind: "lag", delayMs: 1_000, durationMs: 500 })
      clock.advance(900)
      simulator.control.inject({ kind: "silence", durationMs: 5_000 })
      clock.advance(4_000)
      await arrived(stage, client)
      expect([client.raw.length, simulator.stats().connections[0]!.sent]).toEqual([0, 0])
      clock.advance(2_000)
      await eventually(() => client.data(DEPTH).length > 5)
    }))

  it("lag beyond the bound of what the server keeps resets the connection", () =>
    onStage({ rates, socketRules: { spot: { bufferedBytes: 20_000 } } }, async ({ clock, simulator, ws }) => {
      const client = await ws(both)
      simulator.control.inject({ kind: "lag", delayMs: 3_600_000 })
      clock.advance(20_000)
      expect((await eventually(client.closed)).code).toBe(1006)
    }))
})

describe("answers to requests", () => {
  const subscribe = { method: "SUBSCRIBE", params: [TRADES], id: 1 }

  it("ackDelay: the answer comes late, the data in time", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      const client = await stage.ws("/stream")
      simulator.control.inject({ kind: "ackDelay", delayMs: 5_000, filter: { symbol: "BTCUSDT" } })
      client.send(subscribe)
      await eventually(() => simulator.stats().connections[0]!.streams.length === 1)
      clock.advance(4_999)
      await eventually(() => client.data(TRADES).length > 10)
      await arrived(stage, client)
      const acknowledged = () => client.received.some((one) => (one as Json)["id"] === 1)
      expect(acknowledged()).toBe(false)
      clock.advance(1)
      await eventually(acknowledged)
      await client.ask({ method: "SUBSCRIBE", params: ["ethusdt@trade"], id: 2 })
    }))

  it("dropAck: the answer never comes, the data does", () =>
    onStage({ rates }, async (stage) => {
      const { clock, simulator } = stage
      const client = await stage.ws("/stream")
      simulator.control.inject({ kind: "dropAck" })
      client.send(subscribe)
      await eventually(() => simulator.stats().connections[0]!.streams.length === 1)
      clock.advance(2_000)
      await eventually(() => client.data(TRADES).length > 10)
      expect(await client.ask({ method: "UNSUBSCRIBE", params: [TRADES], id: 2 })).toEqual({ result: null, id: 2 })
      expect(client.received.some((one) => (one as Json)["id"] === 1)).toBe(false)
    }))

  it.each([
    ["documented", { code: 2, id: 1 }],
    ["observed", { error: { code: 2 }, id: 1 }]
  ] as const)("rejectSubscribe: an error in the %s shape and no subscription, once", (errorShape, answer) =>
    onStage({ rates, errorShape }, async ({ simulator, ws }) => {
      const client = await ws("/stream")
      simulator.control.inject({ kind: "rejectSubscribe", filter: { stream: "btcusdt@*" } })
      await client.ask({ method: "SUBSCRIBE", params: ["ethusdt@trade"], id: 8 })
      expect(await client.ask({ ...subscribe, params: [DEPTH, TRADES] })).toMatchObject(answer)
      expect(simulator.stats().connections[0]!.streams).toEqual(["ethusdt@trade"])
      expect(await client.ask({ ...subscribe, id: 2 })).toEqual({ result: null, id: 2 })
    })
  )

  it("rejectSubscribe: with the code and text it was given", () =>
    onStage({}, async ({ simulator, ws }) => {
      const client = await ws("/ws")
      simulator.control.inject({ kind: "rejectSubscribe", code: -1121, msg: "Invalid symbol." })
      expect(await client.ask(subscribe)).toEqual({ code: -1121, msg: "Invalid symbol.", id: 1 })
    }))
})

/** The status and headers with which an upgrade is refused. */
const refusedWith = (url: string): Promise<{ status: number | undefined; retryAfter: string | undefined }> =>
  new Promise((done, fail) => {
    const headers = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="
    }
    const asked = httpRequest(`${url}/ws`, { headers }, (response) => {
      response.resume()
      done({ status: response.statusCode, retryAfter: response.headers["retry-after"] })
    })
    asked.on("error", fail)
    asked.on("upgrade", () => fail(new Error("upgraded")))
    asked.end()
  })

describe("handshakes and ends", () => {
  it.each([
    [{ kind: "refuse", status: 429, retryAfterS: 3 }, 429, "3"],
    [{ kind: "refuse", status: 418, retryAfterS: 120 }, 418, "120"],
    [{ kind: "refuse", status: 403 }, 403, undefined],
    [{ kind: "refuse", retryAfterS: 1 }, 429, "1"]
  ] as const)("%o", (fault, status, retryAfter) =>
    onStage({}, async ({ simulator, ws }) => {
      simulator.control.inject(fault)
      expect(await refusedWith(simulator.url)).toEqual({ status, retryAfter })
      await ws("/ws")
    })
  )

  it("acceptThenClose: opens, delivers, and closes after its time, as often as counted", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      simulator.control.inject({ kind: "acceptThenClose", afterMs: 1_500, code: 1013, reason: "later", count: 2 })
      const trapped = [await ws(both), await ws(both)]
      const free = await ws(both)
      clock.advance(1_490)
      await eventually(() => trapped.every((client) => client.data(DEPTH).length >= 14))
      expect(trapped.map((client) => client.closed())).toEqual([undefined, undefined])
      clock.advance(10)
      for (const client of trapped) expect(await eventually(client.closed)).toEqual({ code: 1013, reason: "later" })
      clock.advance(5_000)
      await eventually(() => free.data(DEPTH).length > 60)
    }))

  it("acceptThenClose: at once when it is given no time", () =>
    onStage({}, async ({ simulator, ws }) => {
      simulator.control.inject({ kind: "acceptThenClose" })
      const client = await ws("/ws")
      expect((await eventually(client.closed)).code).toBe(1001)
      expect(simulator.stats().connections).toEqual([])
    }))

  it("shutdownNotice: told in the shape asked for, closed when it was said, other connections not", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      const [raw, combined, api, other] = [await ws("/ws"), await ws("/stream"), await ws("/ws"), await ws("/ws")]
      const E = clock.now()
      const told = { e: "serverShutdown", E }
      const { control } = simulator
      control.inject({ kind: "shutdownNotice", shape: "combined", filter: { connection: 1 } })
      control.inject({ kind: "shutdownNotice", closeAfterMs: 4_000, filter: { connection: 2 } })
      control.inject({ kind: "shutdownNotice", shape: "api", filter: { connection: 3 } })
      const answers = [raw, combined, api].map((client) => eventually(() => client.received[0]))
      const wrapped = { stream: "!serverShutdown", data: told }
      expect(await Promise.all(answers)).toEqual([wrapped, wrapped, { event: told }])
      clock.advance(3_999)
      expect(simulator.stats().connections.length).toBe(4)
      clock.advance(1)
      expect((await eventually(combined.closed)).code).toBe(1001)
      expect([raw, api, other].map((client) => client.closed())).toEqual([undefined, undefined, undefined])
    }))

  it("listenKeyExpired: told on private connections with their key, which then stay open and silent", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      const client = await ws("/private/ws/nosuchkey")
      const other = await ws("/public/ws")
      simulator.control.inject({ kind: "listenKeyExpired" })
      const event = { e: "listenKeyExpired", E: clock.now(), listenKey: "nosuchkey" }
      expect(await eventually(() => client.received[0])).toEqual(event)
      clock.advance(60_000)
      expect([client.received.length, client.closed(), other.received]).toEqual([1, undefined, []])
    }))

  it("kills all but the first `after`, `count` at most", () =>
    onStage({}, async ({ simulator, ws }) => {
      const clients = [await ws("/ws"), await ws("/ws"), await ws("/ws")]
      expect(simulator.control.inject({ kind: "kill", after: 1, count: 1 }).connections).toEqual([2])
      await eventually(clients[1]!.closed)
    }))
})

describe("a clock that is off, levels that never were", () => {
  it.each([
    ["spot", "/stream", "ms", "/api/v3/time"],
    ["spot", "/stream?timeUnit=microsecond", "us", "/api/v3/time"],
    ["usdm", "/public/stream", "ms", "/fapi/v1/time"]
  ] as const)("skewedClock on %s %s: E and T of frames and REST's times, and no other", (market, path, unit, time) =>
    onStage({ rates, keepSentFrames: 1_000 }, async ({ clock, get, simulator, ws }) => {
      const client = await ws(path)
      await client.ask({ method: "SUBSCRIBE", params: [DEPTH, TRADES], id: 1 })
      clock.advance(1_000)
      const trueTrades = () => simulator.control.trades(market, "BTCUSDT")
      const offsetMs = -90_000
      simulator.control.inject({ kind: "skewedClock", offsetMs, filter: { market } })
      const since = trueTrades().at(-1)!.id
      clock.advance(1_000)
      const scale = unit === "us" ? 1_000 : 1
      const frames = await eventually(() => {
        const late = client.data(TRADES).filter((frame) => Number(frame["t"]) > since)
        return late.length > 0 && late
      })
      const truth = trueTrades().find(({ id }) => id === frames[0]!["t"])!
      expect([frames[0]!["T"], frames[0]!["E"]]).toEqual(Array(2).fill((truth.time + offsetMs) * scale))
      expect((await get(time)).body).toEqual({ serverTime: Math.floor(clock.now()) + offsetMs })
      if (market === "usdm") {
        const depth = (await get("/fapi/v1/depth?symbol=BTCUSDT")).body as Json
        expect(depth["E"]).toBe(Math.floor(clock.now()) + offsetMs)
      }
      simulator.control.clear()
      expect((await get(time)).body).toEqual({ serverTime: Math.floor(clock.now()) })
    })
  )

  it("skewedClock leaves the boundaries of bars and the time of funding alone", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      const names = ["btcusdt@kline_1m", "btcusdt@markPrice@1s", "!markPrice@arr@1s", "btcusdt@forceOrder"]
      const client = await ws(`/market/stream?streams=${names.join("/")}`)
      simulator.control.inject({ kind: "skewedClock", offsetMs: 5_000 })
      simulator.control.liquidate("BTCUSDT", "sell", 1)
      clock.advance(3_000)
      const rows = () =>
        client.received.flatMap((one) =>
          (one as Json)["stream"] === names[2] ? [(one as Json)["data"] as Json[]] : []
        )
      await eventually(() => names.every((name) => name === names[2] || client.data(name).length > 0) && rows()[0])
      const E = (stream: string) => Number(client.data(stream)[0]!["E"]) - START_SECOND
      const k = client.data(names[0]!)[0]!["k"] as Json
      expect(Number(k["t"]) % 60_000).toBe(0)
      expect(E(names[1]!)).toBe(6_000)
      expect(Number(client.data(names[1]!)[0]!["T"]) % 3_600_000).toBe(0)
      expect(Number(rows()[0]![0]!["E"]) - START_SECOND).toBe(6_000)
      const order = client.data(names[3]!)[0]!["o"] as Json
      expect(Number(order["T"])).toBe(clock.now() - 3_000 + 5_000)
    }))

  it("zeroLevel: a diff deletes a level of a price nobody ever quoted", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      const client = await ws(both)
      simulator.control.inject({ kind: "zeroLevel", filter: { symbol: "BTCUSDT" }, after: 1 })
      clock.advance(1_000)
      await eventually(() => client.data(DEPTH).length >= 9)
      const zero = ["0.00000001", "0.00000000"]
      const found = client.data(DEPTH).map((diff) => JSON.stringify(diff["b"]).includes(JSON.stringify(zero)))
      expect(found.flatMap((hit, i) => (hit ? [i] : []))).toEqual([1])
      expect(isChain(ids(client))).toBe(true)
    }))
})

/** The second in which the clock of the stage begins. */
const START_SECOND = Date.UTC(2026, 10, 21, 12, 0, 0)
