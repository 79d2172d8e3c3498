/** The faults on Bybit's sockets: the shared ones find topics and symbols, and those that only this venue has. */
import { describe, expect, it } from "vitest"
import type { Fault } from "../../src/index.ts"
import { eventually, type Json, onStage, type Stage } from "../support.ts"
import { type BybitClient, type Data, open, Rebuilt } from "./client.ts"

const busy = { rates: { tradesPerSecond: 20, ordersPerSecond: 400 } }

const BOOK = "orderbook.50.BTCUSDT"

/** Steps of the book's period; what was sent has arrived afterwards. */
const run = async (stage: Stage, client: BybitClient, steps = 20) => {
  for (let step = 0; step < steps; step++) stage.clock.advance(20 - (stage.clock.now() % 20))
  await client.request("ping")
}

const numbers = (client: BybitClient, topic = BOOK) => client.of<Data>(topic).map(({ data, type }) => [type, data.u])

describe("a delta", () => {
  it("that is dropped makes `u` jump", () =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", [BOOK])
      stage.simulator.control.inject({ kind: "drop", filter: { stream: BOOK }, after: 3 })
      await run(stage, client)
      const us = numbers(client).map(([, u]) => Number(u) - Number(numbers(client)[0]![1]))
      expect(us.slice(0, 6)).toEqual([0, 1, 2, 3, 5, 6])
      const book = new Rebuilt()
      expect(() => client.of<Data>(BOOK).forEach((message) => book.accept(message))).toThrow()
    }))

  it.each([
    ["twice", { kind: "duplicate" }, [0, 1, 1, 2]],
    ["after the next", { kind: "reorder" }, [0, 2, 1, 3]]
  ] as const)("comes %s", (_, fault, expected) =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", [BOOK])
      stage.simulator.control.inject({ ...fault, filter: { symbol: "BTCUSDT", market: "bybit-linear" } })
      await run(stage, client, 6)
      const us = client.of<Data>(BOOK).map(({ data }) => data.u)
      expect(us.slice(0, 4).map((u) => u - us[0]!)).toEqual(expected)
    })
  )

  it("also deletes a level that never was, and the book stays right", () =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", [BOOK])
      stage.simulator.control.inject({ kind: "zeroLevel" })
      await run(stage, client, 3)
      expect(client.of<Data>(BOOK).some(({ data }) => data.b.some(([price]) => price === "0.01"))).toBe(true)
      const book = new Rebuilt()
      client.of<Data>(BOOK).forEach((message) => book.accept(message))
      expect([book.bids.size, book.asks.size]).toEqual([50, 50])
    }))

  it.each(["json", "truncated", "types", "missing", "binary", "empty"] as const)("is mangled in the form %s", (form) =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", [BOOK])
      stage.simulator.control.inject({ kind: "malformed", form, filter: { stream: BOOK } })
      await run(stage, client, 4)
      const u = client.of<Data>(BOOK)[0]!.data.u
      const good = client.of<Data>(BOOK).filter(({ data }) => typeof data?.u === "number")
      expect(good.map(({ data }) => data.u - u)).not.toContain(1)
      if (form === "types") {
        expect(client.of(BOOK)[1]).toMatchObject({ type: "delta", ts: "not-a-number", data: { u: "not-a-number" } })
      }
      if (form === "missing") expect(client.received).toContainEqual({ topic: BOOK, type: "delta" })
    })
  )
})

describe("deltaFirst", () => {
  it("sends a delta before the snapshot that it belongs to", () =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      stage.simulator.control.inject({ kind: "deltaFirst", filter: { stream: BOOK } })
      await client.request("subscribe", [BOOK])
      await run(stage, client, 5)
      const [delta, snapshot, next] = numbers(client)
      expect([delta![0], snapshot, next]).toEqual(["delta", ["snapshot", delta![1]], ["delta", Number(delta![1]) + 1]])
    }))

  it("with `never` sends no snapshot until the topic is subscribed anew", () =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      stage.simulator.control.inject({ kind: "deltaFirst", never: true })
      await client.request("subscribe", [BOOK])
      await run(stage, client)
      expect(new Set(numbers(client).map(([type]) => type))).toEqual(new Set(["delta"]))
      await client.request("unsubscribe", [BOOK])
      const before = client.of(BOOK).length
      await client.request("subscribe", [BOOK])
      await run(stage, client)
      expect(numbers(client)[before]![0]).toBe("snapshot")
    }))
})

it("snapshotFirst sends the snapshot before the acknowledgement, once", () =>
  onStage(busy, async (stage) => {
    stage.simulator.control.inject({ kind: "snapshotFirst" })
    const client = await open(stage, "linear")
    await client.request("subscribe", [BOOK])
    await client.request("subscribe", ["orderbook.50.ETHUSDT"])
    await client.request("ping")
    const said = client.received.map((one) => (one as Json)["topic"] ?? (one as Json)["op"])
    expect(said).toEqual([BOOK, "subscribe", "subscribe", "orderbook.50.ETHUSDT", "ping"])
  }))

describe("restart", () => {
  it("tells every subscriber of every matching depth a whole book with `u` 1, and goes on from there", () =>
    onStage(busy, async (stage) => {
      const one = await open(stage, "linear")
      const two = await open(stage, "linear")
      const topics = ["orderbook.1.BTCUSDT", BOOK, "orderbook.50.ETHUSDT"]
      for (const client of [one, two]) await client.request("subscribe", topics)
      await run(stage, one)
      const answer = await stage.post("/control/faults", { kind: "restart", filter: { symbol: "BTCUSDT" } })
      expect(answer.status).toBe(200)
      await run(stage, one)
      await run(stage, two)
      for (const client of [one, two]) {
        const told = numbers(client)
        const at = told.findIndex(([, u]) => u === 1)
        expect(told.slice(at, at + 3)).toEqual([
          ["snapshot", 1],
          ["delta", 2],
          ["delta", 3]
        ])
        expect(numbers(client, "orderbook.1.BTCUSDT").some(([, u]) => u === 1)).toBe(true)
        expect(numbers(client, "orderbook.50.ETHUSDT").some(([, u]) => u === 1)).toBe(false)
        const book = new Rebuilt()
        client.of<Data>(BOOK).forEach((message) => book.accept(message))
        const { asks, bids } = stage.simulator.control.book("bybit-linear", "BTCUSDT", 50)
        expect(book.levels()).toEqual({ bids, asks })
      }
    }))
})

describe("a subscription", () => {
  it("is refused with the venue's text, or with any other", () =>
    onStage({}, async (stage) => {
      const client = await open(stage, "linear")
      const { control } = stage.simulator
      control.inject({ kind: "rejectSubscribe", filter: { symbol: "BTCUSDT" } })
      expect(await client.request("subscribe", ["tickers.ETHUSDT"])).toMatchObject({ success: true })
      expect(await client.request("subscribe", [BOOK])).toMatchObject({
        success: false,
        ret_msg: `error:handler not found,topic:${BOOK}`
      })
      control.inject({ kind: "rejectSubscribe", msg: "Invalid symbol :[x]" })
      expect(await client.request("subscribe", [BOOK])).toMatchObject({
        success: false,
        ret_msg: "Invalid symbol :[x]"
      })
      expect(await client.request("subscribe", [BOOK])).toMatchObject({ success: true })
    }))

  it("is acknowledged late, after its first frames, or never", () =>
    onStage(busy, async (stage) => {
      const client = await open(stage, "linear")
      const { control } = stage.simulator
      control.inject({ kind: "ackDelay", delayMs: 500, count: 1 })
      client.send({ op: "subscribe", args: [BOOK], req_id: "late" })
      await eventually(() => client.of(BOOK).length === 1, "the snapshot")
      stage.clock.advance(600)
      await eventually(() => client.received.some((one) => (one as Json)["req_id"] === "late"))
      control.inject({ kind: "dropAck" })
      client.send({ op: "unsubscribe", args: [BOOK], req_id: "never" })
      await client.request("ping")
      expect(client.received.some((one) => (one as Json)["req_id"] === "never")).toBe(false)
      expect(stage.simulator.stats().connections[0]!.streams).toEqual([])
    }))
})

it("one silent topic is silent alone, until it is subscribed anew", () =>
  onStage(busy, async (stage) => {
    const client = await open(stage, "linear")
    await client.request("subscribe", [BOOK, "publicTrade.BTCUSDT"])
    stage.simulator.control.inject({ kind: "silentStream", until: "resubscribe", filter: { stream: BOOK } })
    const before = client.of(BOOK).length
    await run(stage, client, 100)
    expect([client.of(BOOK).length, client.of("publicTrade.BTCUSDT").length > 0]).toEqual([before, true])
    await client.request("unsubscribe", [BOOK])
    await client.request("subscribe", [BOOK])
    await run(stage, client)
    expect(client.of(BOOK).length).toBeGreaterThan(before + 5)
  }))

it.each([
  [{ kind: "kill" }, 1006],
  [{ kind: "close", code: 1001 }, 1001]
] as const satisfies ReadonlyArray<readonly [Fault, number]>)(
  "%o ends the connections of one category",
  (fault, code) =>
    onStage({}, async (stage) => {
      const linear = await open(stage, "linear")
      const spot = await open(stage, "spot")
      for (const client of [linear, spot]) await client.request("subscribe", ["publicTrade.BTCUSDT"])
      stage.simulator.control.inject({ ...fault, filter: { market: "bybit-linear", symbol: "BTCUSDT" } })
      expect((await eventually(linear.closed)).code).toBe(code)
      await spot.request("ping")
      expect(spot.closed()).toBeUndefined()
    })
)

it("a clock that is off moves what is read from it, and not the boundaries of bars", () =>
  onStage({ rates: { tradesPerSecond: 20 } }, async (stage) => {
    const client = await open(stage, "linear")
    await client.request("subscribe", ["kline.1.BTCUSDT", "publicTrade.BTCUSDT", BOOK])
    stage.simulator.control.inject({ kind: "skewedClock", offsetMs: -7_000 })
    stage.clock.advance(3_000)
    await client.request("ping")
    const now = stage.clock.now()
    const [bar] = client.of<ReadonlyArray<Json>>("kline.1.BTCUSDT")
    const [trade] = client.of<ReadonlyArray<Json>>("publicTrade.BTCUSDT")
    const book = client.of<Data>(BOOK).at(-1)!
    for (const time of [bar!.ts, trade!.ts, trade!.data[0]!["T"], book.ts, book.cts]) {
      expect(Math.abs(Number(time) + 7_000 - now)).toBeLessThan(3_001)
    }
    expect(Number(bar!.data[0]!["start"]) % 60_000).toBe(0)
  }))

it("the closing bar is left out", () =>
  onStage({ rates: { tradesPerSecond: 5 } }, async (stage) => {
    const client = await open(stage, "linear")
    await client.request("subscribe", ["kline.1.BTCUSDT"])
    stage.simulator.control.inject({ kind: "omitClosingBar", filter: { stream: "kline.1.*" } })
    for (let second = 0; second < 130; second++) stage.clock.advance(1_000)
    await client.request("ping")
    const closed = client.of<ReadonlyArray<Json>>("kline.1.BTCUSDT").filter(({ data }) => data[0]!["confirm"] === true)
    expect(closed.length).toBe(1)
  }))

it("a REST book is stale by so many numbers, or ahead of the deltas, which follow in order", () =>
  onStage(busy, async (stage) => {
    const topic = "orderbook.1000.BTCUSDT"
    const client = await open(stage, "linear")
    await client.request("subscribe", [topic])
    const ask = async () =>
      ((await stage.get("/v5/market/orderbook?category=linear&symbol=BTCUSDT")).body as { result: Data }).result.u
    const { control } = stage.simulator
    stage.clock.advance(1_000)
    const before = await ask()
    control.inject({ kind: "staleSnapshot", behind: 40 })
    stage.clock.advance(1_000)
    expect(await ask()).toBe(before - 40)
    control.inject({ kind: "aheadSnapshot", holdMs: 2_000 })
    const held = await ask()
    stage.clock.advance(1_000)
    await client.request("ping")
    expect(client.of<Data>(topic).at(-1)!.data.u).toBeLessThanOrEqual(held)
    stage.clock.advance(2_000)
    await client.request("ping")
    const us = client.of<Data>(topic).map(({ data }) => data.u)
    expect(us).toEqual(us.map((_, place) => us[0]! + place))
  }))

it("a symbol that is delisted falls silent, is refused, and speaks again when it is listed", () =>
  onStage(busy, async (stage) => {
    const client = await open(stage, "linear")
    await client.request("subscribe", [BOOK])
    const { control } = stage.simulator
    control.delist("bybit-linear", "BTCUSDT")
    await run(stage, client)
    const silent = client.of(BOOK).length
    await run(stage, client)
    expect(client.of(BOOK).length).toBe(silent)
    expect(await client.request("subscribe", ["tickers.BTCUSDT"])).toMatchObject({ success: false })
    control.list("bybit-linear", "BTCUSDT")
    await run(stage, client)
    const us = numbers(client).map(([, u]) => Number(u))
    expect(us.length).toBeGreaterThan(silent)
    expect(us).toEqual(us.map((_, place) => us[0]! + place))
  }))

it("a scenario's text finds topics, categories and symbols", () =>
  onStage(
    {
      ...busy,
      scenario: `at 100ms drop ${BOOK} on bybit-linear\nat 200ms restart BTCUSDT\nat 250ms liquidate BTCUSDT sell 0.1 on bybit-linear`
    },
    async (stage) => {
      const client = await open(stage, "linear")
      await client.request("subscribe", [BOOK, "allLiquidation.BTCUSDT"])
      await run(stage, client, 60)
      expect(client.of("allLiquidation.BTCUSDT").length).toBe(1)
      const us = numbers(client).map(([, u]) => Number(u))
      const restarted = us.indexOf(1)
      expect(restarted).toBeGreaterThan(3)
      const jumps = us.slice(1, restarted).filter((u, place) => u !== us[place]! + 1)
      expect(jumps.length).toBe(1)
    }
  ))
