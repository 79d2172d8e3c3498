/** The control endpoint, the description, and the lifetime of the whole. */
import { expect, it as plain } from "vitest"
import { it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { describe as text, Simulator } from "../src/index.ts"
import { connect, eventually, onStage, refusal, type Json } from "./support.ts"

const rates = { tradesPerSecond: 20, ordersPerSecond: 50 }

plain("does by HTTP what the library does: faults, book, trades, bars, rates, orders, state", () =>
  onStage({ rates }, async ({ clock, get, post, simulator, ws }) => {
    const client = await ws("/stream?streams=btcusdt@trade")
    expect(await post("/control/faults", { kind: "drop", count: 3, filter: { market: "spot" } })).toEqual({
      status: 200,
      body: { id: 1, connections: [1] }
    })
    expect((await get("/control/faults")).body).toMatchObject([{ id: 1, left: 3, acted: 0 }])
    const deleted = await fetch(`${simulator.url}/control/faults?id=1`, { method: "DELETE" })
    expect(await deleted.json()).toEqual({ cleared: 1 })
    clock.advance(1_000)
    await eventually(() => client.received.length > 5)
    const { control } = simulator
    expect((await get("/control/book?market=spot&symbol=BTCUSDT&limit=3")).body).toEqual(
      control.book("spot", "BTCUSDT", 3)
    )
    expect((await get("/control/trades?market=spot&symbol=BTCUSDT&limit=4")).body).toEqual(
      control.trades("spot", "BTCUSDT", { limit: 4 })
    )
    expect((await get("/control/bars?market=spot&symbol=BTCUSDT&interval=1m&limit=2")).body).toEqual(
      control.bars("spot", "BTCUSDT", "1m", 2)
    )
    const order = await post("/control/trade", { market: "spot", symbol: "BTCUSDT", side: "sell", size: 0.01 })
    expect(order.body).toMatchObject([{ side: "sell" }])
    await post("/control/rates", { tradesPerSecond: 0, ordersPerSecond: 0 })
    const before = control.book("spot", "BTCUSDT").updateId
    clock.advance(5_000)
    expect(control.book("spot", "BTCUSDT").updateId).toBe(before)
    expect((await get("/control/state")).body).toMatchObject({
      connections: [{ id: 1, streams: ["btcusdt@trade"] }],
      faults: []
    })
    const help = (await get("/control")).body as string
    expect(["POST   /control/faults", "silentStream", "aheadSnapshot"].every((part) => help.includes(part))).toBe(true)
  })
)

plain.each([
  ["/control/faults", "not json", "JSON"],
  ["/control/faults", "[]", "JSON object"],
  ["/control/faults", {}, "kind: expected one of refuse"],
  ["/control/faults", { kind: "explode" }, "kind: expected one of refuse"],
  ["/control/faults", { kind: "toString" }, "kind: expected one of refuse"],
  ["/control/faults", { kind: "drop", count: 0 }, "count: expected an integer from 1"],
  ["/control/faults", { kind: "drop", colour: 1 }, "colour: unknown; expected one of"],
  ["/control/faults", { kind: "rest" }, "status: expected an integer from 200 to 599"],
  ["/control/faults", { kind: "malformed", form: "odd" }, "form: expected one of json, truncated"],
  ["/control/faults", { kind: "drop", filter: { market: "moon" } }, "filter.market: expected one of spot, usdm"],
  ["/control/rates", { tradesPerSecond: -1 }, "tradesPerSecond: expected a number"],
  ["/control/trade", { market: "spot", symbol: "NOPE", side: "buy", size: 1 }, "NOPE is not traded on spot"]
])("answers 400 and says what was expected: %s %o", (path, body, expected) =>
  onStage({}, async ({ post }) => {
    const answer = await post(path, body)
    expect(answer.status).toBe(400)
    expect((answer.body as Json)["error"]).toContain(expected)
  })
)

plain("knows what every connection was sent, faults included, within its bound", () =>
  onStage({ rates, keepSentFrames: 400 }, async ({ clock, get, simulator, ws }) => {
    const client = await ws("/stream?streams=btcusdt@trade")
    const other = await ws("/ws/btcusdt@bookTicker")
    simulator.control.inject({ kind: "malformed", form: "truncated", filter: { connection: 1 } })
    clock.advance(1_000)
    const sent = simulator.control.sent(1).map((frame) => frame.text)
    await eventually(() => client.raw.length >= sent.length && other.raw.length > 0)
    expect(client.raw.slice(0, sent.length)).toEqual(sent)
    expect((await get("/control/sent?connection=1")).body).toEqual(simulator.control.sent(1))
    clock.advance(20_000)
    expect(simulator.control.sent().length).toBe(400)
  })
)

plain("describes itself with its addresses, symbols and something to try", () =>
  onStage({ symbols: { spot: ["BTCUSDT"], usdm: ["ETHUSDT"] } }, async ({ simulator }) => {
    const description = text(simulator)
    const parts = [simulator.url, simulator.wsUrl, "BTCUSDT", "ETHUSDT", "curl"]
    expect(parts.filter((part) => !description.includes(part))).toEqual([])
  })
)

plain("stops with every socket closed and its port free, also when asked twice", async () => {
  const simulator = await Simulator.start({ symbols: { spot: ["BTCUSDT"] } })
  const client = await connect(`${simulator.wsUrl}/stream?streams=btcusdt@depth@100ms`)
  await eventually(() => client.received.length > 2)
  await Promise.all([simulator.stop(), simulator.stop()])
  await eventually(client.closed)
  expect(await refusal(`${simulator.wsUrl}/ws`)).toContain("ECONNREFUSED")
  const again = await Simulator.start({ port: simulator.port })
  expect(again.port).toBe(simulator.port)
  await expect(Simulator.start({ port: simulator.port })).rejects.toThrow("EADDRINUSE")
  await again.stop()
})

plain("costs nothing for a thousand symbols that nobody looks at", () =>
  onStage(
    { symbols: { spot: Array.from({ length: 1_000 }, (_, i) => `C${i}USDT`) } },
    async ({ clock, get, simulator }) => {
      const { symbols } = (await get("/api/v3/exchangeInfo")).body as { symbols: ReadonlyArray<unknown> }
      clock.advance(60_000)
      expect([symbols.length, simulator.control.state().markets]).toEqual([1_000, []])
    }
  )
)

it.live("lives as long as its scope", () =>
  Effect.gen(function* () {
    const url = yield* Effect.scoped(
      Effect.gen(function* () {
        const simulator = yield* Simulator.scoped({})
        const { status } = yield* Effect.promise(() => fetch(`${simulator.url}/api/v3/ping`))
        expect(status).toBe(200)
        return simulator.url
      })
    )
    const after = yield* Effect.promise(() =>
      fetch(url).then(
        () => "answered",
        () => "gone"
      )
    )
    expect(after).toBe("gone")
  })
)

it.live("is a service by its layer", () =>
  Effect.gen(function* () {
    const simulator = yield* Simulator.Service
    expect(simulator.port).toBeGreaterThan(0)
  }).pipe(Effect.provide(Simulator.layer({})))
)
