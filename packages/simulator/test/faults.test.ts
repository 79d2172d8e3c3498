/** Each fault does what it says, as often as it was asked, and nothing else. */
import { describe, expect, it } from "vitest"
import type { Fault } from "../src/index.ts"
import { type Client, eventually, onStage, refusal, type Json, type Stage } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 100 }
const TRADES = "btcusdt@trade"
const DEPTH = "btcusdt@depth@100ms"

/** One combined spot connection on trades and depth, and what it got in two seconds after the fault. */
const observe = (
  fault: Fault,
  run: (stage: Stage & { readonly client: Client; readonly connections: ReadonlyArray<number> }) => Promise<void>
) =>
  onStage({ rates }, async (stage) => {
    const client = await stage.ws(`/stream?streams=${TRADES}/${DEPTH}`)
    const { connections } = stage.simulator.control.inject(fault)
    stage.clock.advance(2_000)
    await run({ ...stage, client, connections })
  })

/** Waits until everything that was handed to the socket has arrived. */
const settled = async ({ simulator }: Stage, client: Client): Promise<void> => {
  await eventually(() => client.raw.length >= simulator.stats().connections[0]!.sent, "all frames sent")
}

const ids = (client: Client) => client.data(TRADES).map((frame) => Number(frame["t"]))
const jumps = (list: ReadonlyArray<number>) => list.slice(1).map((id, i) => id - list[i]!)
const gaps = (client: Client) => {
  const diffs = client.data(DEPTH) as unknown as ReadonlyArray<{ U: number; u: number }>
  return diffs.slice(1).filter((diff, i) => diff.U !== diffs[i]!.u + 1).length
}

describe("faults of frames", () => {
  it("drops as many matching frames as counted, after letting some pass, and leaves other streams alone", () =>
    observe({ kind: "drop", filter: { stream: "btcusdt@depth*" }, count: 2, after: 3 }, async (stage) => {
      await settled(stage, stage.client)
      expect(gaps(stage.client)).toBe(1)
      expect(new Set(jumps(ids(stage.client)))).toEqual(new Set([1]))
      const [first, , , fourth] = stage.client.data(DEPTH)
      expect(Number(fourth!["E"]) - Number(first!["E"])).toBe(500)
      expect(stage.simulator.control.faults()).toEqual([])
    }))

  it("sends a frame twice", () =>
    observe({ kind: "duplicate", filter: { symbol: "BTCUSDT", stream: TRADES }, count: 3 }, async (stage) => {
      await settled(stage, stage.client)
      const repeats = jumps(ids(stage.client)).filter((jump) => jump === 0)
      expect(repeats.length).toBe(3)
      expect(gaps(stage.client)).toBe(0)
    }))

  it("lets a frame change places with the next one of its stream", () =>
    observe({ kind: "reorder", filter: { stream: TRADES }, after: 1 }, async (stage) => {
      await settled(stage, stage.client)
      const order = ids(stage.client)
      const from = order[0]!
      expect(order.slice(0, 5).map((id) => id - from)).toEqual([0, 2, 1, 3, 4])
    }))

  it.each([
    ["json", (text: string) => expect(() => JSON.parse(text) as unknown).toThrow()],
    ["truncated", (text: string) => expect(() => JSON.parse(text) as unknown).toThrow()],
    [
      "types",
      (text: string) =>
        expect(JSON.parse(text)).toMatchObject({
          data: { e: "trade", E: "not-a-number", p: { was: expect.any(String) } }
        })
    ],
    ["missing", (text: string) => expect(Object.keys((JSON.parse(text) as { data: Json }).data)).toEqual(["e", "E"])],
    ["binary", (text: string) => expect(text).toContain("\u0000")],
    ["empty", (text: string) => expect(text).toBe("")]
  ] as const)("mangles one frame in the form %s, once", (form, check) =>
    observe({ kind: "malformed", form, filter: { stream: TRADES }, after: 1 }, async (stage) => {
      await settled(stage, stage.client)
      const trades = stage.client.raw.filter((text) => !text.includes(DEPTH))
      check(trades[1]!)
      const good = trades.filter((text) =>
        /^\{"stream":"btcusdt@trade","data":\{"e":"trade","E":\d+,"s":.*\}\}$/.test(text)
      )
      expect(good.length).toBe(trades.length - 1)
      expect(jumps(ids(stage.client)).filter((jump) => jump === 2).length).toBe(
        form === "types" || form === "missing" ? 0 : 1
      )
    })
  )

  it("sends the good frame after the mangled one when told to keep it", () =>
    observe({ kind: "malformed", form: "truncated", keep: true, filter: { stream: TRADES } }, async (stage) => {
      await settled(stage, stage.client)
      expect(new Set(jumps(ids(stage.client)))).toEqual(new Set([1]))
      expect(stage.client.received.filter((one) => typeof one === "string").length).toBe(1)
    }))

  it("omits one closing bar", () =>
    onStage({ rates }, async (stage) => {
      const name = "btcusdt@kline_1s"
      const client = await stage.ws(`/stream?streams=${name}`)
      stage.simulator.control.inject({ kind: "omitClosingBar", after: 1 })
      stage.clock.advance(5_000)
      await settled(stage, client)
      const closed = client
        .data(name)
        .flatMap((frame) => ((frame["k"] as Json)["x"] === true ? [Number((frame["k"] as Json)["t"])] : []))
      expect(jumps(closed)).toEqual([2_000, 1_000, 1_000])
    }))

  it("applies faults in the order of injection", () =>
    onStage({ rates }, async (stage) => {
      const client = await stage.ws(`/stream?streams=${TRADES}`)
      const { control } = stage.simulator
      control.inject({ kind: "duplicate" })
      control.inject({ kind: "drop" })
      stage.clock.advance(1_000)
      await settled(stage, client)
      expect(control.trades("spot", "BTCUSDT").find(({ id }) => id === ids(client)[0]! - 1)).toBeDefined()
      expect(jumps(ids(client)).every((jump) => jump === 1)).toBe(true)
      expect(control.faults()).toEqual([])
    }))

  it("acts for a duration and then no more", () =>
    observe({ kind: "drop", durationMs: 1_000, filter: { stream: DEPTH } }, async (stage) => {
      await settled(stage, stage.client)
      const [first] = stage.client.data(DEPTH)
      expect(Number(first!["E"])).toBeGreaterThanOrEqual(stage.clock.now() - 1_000)
      expect(stage.client.data(DEPTH).length).toBeGreaterThan(5)
    }))

  it("stops when cleared", () =>
    observe({ kind: "drop", count: 1_000_000 }, async (stage) => {
      expect(stage.client.raw).toEqual([])
      expect(stage.simulator.control.clear()).toBe(1)
      stage.clock.advance(1_000)
      await eventually(() => stage.client.data(TRADES).length > 0)
    }))
})

describe("faults of connections", () => {
  it("kills by TCP reset the connections that match, oldest first, and only those", () =>
    onStage({ rates }, async ({ simulator, ws }) => {
      const btc = await ws("/stream?streams=btcusdt@trade")
      const eth = await ws("/stream?streams=ethusdt@trade")
      const other = await ws("/stream?streams=btcusdt@trade")
      const { connections } = simulator.control.inject({ kind: "kill", count: 1, filter: { symbol: "BTCUSDT" } })
      expect(connections).toEqual([1])
      expect((await eventually(btc.closed)).code).toBe(1006)
      expect([eth.closed(), other.closed()]).toEqual([undefined, undefined])
      expect(simulator.stats().connections.map(({ id }) => id)).toEqual([2, 3])
      expect(simulator.stats().ended).toMatchObject([{ id: 1, streams: ["btcusdt@trade"] }])
      simulator.control.inject({ kind: "kill" })
      await eventually(() => eth.closed() && other.closed())
    }))

  it("closes with a code and a reason", () =>
    observe({ kind: "close", code: 1012, reason: "restart" }, async ({ client }) => {
      expect(await eventually(client.closed)).toEqual({ code: 1012, reason: "restart" })
    }))

  it("tells serverShutdown in the envelope of the connection", () =>
    onStage({}, async ({ clock, simulator, ws }) => {
      const raw = await ws("/ws")
      const combined = await ws("/stream")
      simulator.control.inject({ kind: "shutdownNotice" })
      const notice = { e: "serverShutdown", E: clock.now() }
      expect(await eventually(() => raw.received[0])).toEqual(notice)
      expect(await eventually(() => combined.received[0])).toEqual({ stream: "!serverShutdown", data: notice })
    }))

  it("goes half-open: no data, no answers, no pings or pongs, while the socket stays open; new connections live", () =>
    observe({ kind: "silence" }, async ({ client, clock, connections, simulator, ws }) => {
      expect(connections).toEqual([1])
      client.send({ method: "LIST_SUBSCRIPTIONS", id: 1 })
      client.socket.ping("hello")
      let ponged = false
      client.socket.on("pong", () => {
        ponged = true
      })
      await eventually(() => simulator.stats().connections[0]!.received === 2)
      // longer than the venue waits for a pong
      clock.advance(100_000)
      const fresh = await ws(`/stream?streams=${TRADES}`)
      clock.advance(1_000)
      await eventually(() => fresh.data(TRADES).length > 0)
      expect([client.raw, client.pings, ponged, client.closed()]).toEqual([[], [], false, undefined])
    }))

  it("silences one stream until a new connection, the others flow", () =>
    observe({ kind: "silentStream", filter: { stream: TRADES } }, async ({ client, clock, ws }) => {
      await eventually(() => client.data(DEPTH).length > 10)
      await client.ask({ method: "UNSUBSCRIBE", params: [TRADES], id: 1 })
      await client.ask({ method: "SUBSCRIBE", params: [TRADES], id: 2 })
      const fresh = await ws(`/stream?streams=${TRADES}`)
      clock.advance(1_000)
      await eventually(() => fresh.data(TRADES).length > 0)
      expect(client.data(TRADES)).toEqual([])
    }))

  it("silences one stream until it is subscribed again", () =>
    observe({ kind: "silentStream", until: "resubscribe", filter: { stream: TRADES } }, async ({ client, clock }) => {
      await client.ask({ method: "UNSUBSCRIBE", params: [TRADES], id: 1 })
      expect(client.data(TRADES)).toEqual([])
      await client.ask({ method: "SUBSCRIBE", params: [TRADES], id: 2 })
      clock.advance(1_000)
      await eventually(() => client.data(TRADES).length > 0)
    }))

  it("S-A8 gives no data at all to a connection with more streams than allowed, and data to smaller ones", () =>
    onStage({ rates }, async ({ clock, simulator, ws }) => {
      const names = ["1m", "3m", "5m", "15m"].map((interval) => `btcusdt@kline_${interval}`)
      const crowded = await ws(`/market/stream?streams=${names.join("/")}`)
      const small = await ws(`/market/stream?streams=${names.slice(0, 3).join("/")}`)
      simulator.control.inject({ kind: "crowdedSilence" })
      clock.advance(2_000)
      await eventually(() => names.slice(0, 3).every((name) => small.data(name).length > 0))
      expect(crowded.raw).toEqual([])
    }))

  it("refuses new connections with a status, or by reset, as often as counted", () =>
    onStage({}, async ({ simulator, ws }) => {
      simulator.control.inject({ kind: "refuse", status: 503 })
      simulator.control.inject({ kind: "refuse", filter: { market: "spot" } })
      expect(await refusal(`${simulator.wsUrl}/ws`)).toContain("503")
      await ws("/public/ws")
      expect(await refusal(`${simulator.wsUrl}/ws`)).toMatch(/ECONNRESET|hang up/)
      await ws("/ws")
    }))

  it("delays the handshake", () =>
    onStage({}, async ({ clock, simulator, ws }) => {
      simulator.control.inject({ kind: "slowHandshake", delayMs: 3_000, count: 1 })
      let open = false
      const slow = ws("/ws").then(() => {
        open = true
      })
      await eventually(() => simulator.control.faults().length === 0)
      clock.advance(2_999)
      const quick = await ws("/ws")
      expect([open, quick.closed()]).toEqual([false, undefined])
      clock.advance(1)
      await slow
    }))
})

describe("faults of REST", () => {
  const depth = "/api/v3/depth?symbol=BTCUSDT&limit=5"

  it("answers an old book whose id no diff joins, as often as counted, then the true one", () =>
    onStage({ rates }, async ({ clock, get, simulator, ws }) => {
      const before = simulator.control.book("spot", "BTCUSDT")
      simulator.control.inject({
        kind: "staleSnapshot",
        behind: 7,
        count: 2,
        filter: { market: "spot", symbol: "BTCUSDT" }
      })
      const client = await ws(`/stream?streams=${DEPTH}`)
      clock.advance(2_000)
      const first = await eventually(() => client.data(DEPTH)[0])
      for (let i = 0; i < 2; i++) {
        const { body } = await get(depth)
        expect(body).toEqual({
          lastUpdateId: before.updateId - 7,
          bids: before.bids.slice(0, 5),
          asks: before.asks.slice(0, 5)
        })
        expect((body as Json)["lastUpdateId"]).toBeLessThan(Number(first["U"]) - 1)
      }
      expect(((await get(depth)).body as Json)["lastUpdateId"]).toBe(simulator.control.book("spot", "BTCUSDT").updateId)
      expect((await get("/fapi/v1/depth?symbol=BTCUSDT")).status).toBe(200)
    }))

  it("answers ahead of the diffs, which follow late, whole and in order", () =>
    onStage({ rates }, async (stage) => {
      const { clock, get, simulator } = stage
      const client = await stage.ws(`/stream?streams=${DEPTH}`)
      clock.advance(1_000)
      simulator.control.inject({ kind: "aheadSnapshot", holdMs: 400 })
      clock.advance(90)
      await settled(stage, client)
      const known = client.data(DEPTH).length
      const { lastUpdateId } = (await get(depth)).body as { lastUpdateId: number }
      expect(Number(client.data(DEPTH).at(-1)!["u"])).toBeLessThan(lastUpdateId)
      clock.advance(390)
      await settled(stage, client)
      expect(client.data(DEPTH).length).toBe(known)
      clock.advance(510)
      await eventually(() => client.data(DEPTH).length > known + 7)
      expect(gaps(client)).toBe(0)
    }))

  it.each([
    [{ kind: "rest", status: 429, retryAfterS: 7 }, 429, -1003, "7"],
    [{ kind: "rest", status: 418 }, 418, -1003, "1"],
    [{ kind: "rest", status: 403 }, 403, -1000, null],
    [{ kind: "rest", status: 500, code: -1001, msg: "Internal error" }, 500, -1001, null]
  ] as const)("fails one request: %o", (fault, status, code, retryAfter) =>
    onStage({}, async ({ get, simulator }) => {
      simulator.control.inject({ ...fault, path: "/api/v3/depth" })
      expect((await get("/api/v3/ping")).status).toBe(200)
      const answer = await get(depth)
      expect([answer.status, (answer.body as Json)["code"], answer.headers.get("retry-after")]).toEqual([
        status,
        code,
        retryAfter
      ])
      expect((await get(depth)).status).toBe(200)
    })
  )

  it("resets the requests that were not answered when a silence with a duration ends", () =>
    onStage({}, async ({ clock, get, simulator }) => {
      const { control } = simulator
      control.inject({ kind: "restTimeout", durationMs: 5_000 })
      const waiting = [get(depth), get(depth)].map((one) =>
        one.then(
          () => "answered",
          () => "reset"
        )
      )
      await eventually(() => control.faults()[0]!.acted === 2)
      clock.advance(4_999)
      expect(await Promise.race([...waiting, new Promise((done) => setImmediate(() => done("waits")))])).toBe("waits")
      clock.advance(1)
      expect(await Promise.all(waiting)).toEqual(["reset", "reset"])
      expect((await get(depth)).status).toBe(200)
    }))

  it("never answers, or answers late", () =>
    onStage({}, async ({ clock, get, simulator }) => {
      simulator.control.inject({ kind: "restTimeout", path: "/api" })
      const cancel = new AbortController()
      const never = fetch(`${simulator.url}${depth}`, { signal: cancel.signal }).then(
        () => "answered",
        () => "aborted"
      )
      await eventually(() => simulator.control.faults().length === 0)
      clock.advance(600_000)
      cancel.abort()
      expect(await never).toBe("aborted")
      simulator.control.inject({ kind: "slowRest", delayMs: 5_000, count: 1 })
      const late = get(depth)
      await eventually(() => simulator.control.faults().length === 0)
      clock.advance(5_000)
      expect((await late).status).toBe(200)
    }))
})
