import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as OpenApi from "effect/http-api/OpenApi"
import * as path from "node:path"
import { api } from "../../src/http/api/Api.ts"
import type { HopLatency } from "../../src/operation/Parts.ts"
import { fixtures } from "../tidewire.ts"
import { binance, refusal, serve, type Served } from "./served.ts"

const usdm = (simulator: Served["simulator"]) => binance(simulator, { venue: "binance-usdm" })

const engine = {
  mode: "paper",
  strategies: [
    {
      module: path.join(fixtures, "strategies/restingBid.ts"),
      options: { venue: "binance-usdm", symbol: "BTCUSDT", price: "50000", size: "0.01" }
    }
  ]
}

describe("the API", () => {
  let served: Served
  beforeAll(async () => {
    served = await serve({ venues: (simulator) => [binance(simulator), usdm(simulator)], rest: { engine } })
  }, 60_000)
  afterAll(() => served[Symbol.asyncDispose]())

  it("S-C8 tells health at four levels, and that it is ready and alive", async () => {
    const health = await served.until<Record<string, unknown>>("/health", ({ status }) => status === "ok")
    const levels = health["levels"] as Record<string, Record<string, unknown>>
    assert.deepStrictEqual(
      [health["phase"], levels["application"]?.["status"], levels["collectors"], levels["connections"]],
      [
        "running",
        "ok",
        [
          { name: "binance", status: "ok" },
          { name: "binance-usdm", status: "ok" }
        ],
        { active: 6, total: 6, status: "ok" }
      ]
    )
    assert.deepStrictEqual([levels["data"]?.["status"], levels["data"]?.["stale"]], ["ok", []])
    assert.isBelow(levels["data"]?.["ageMs"] as number, 5_000)
    const [ready, live] = [await served.get("/health/ready"), await served.get("/health/live")]
    assert.deepStrictEqual([ready.status, live.status], [200, 200])
  })

  it("S-A7 S-C9 tells the status of process, venues, connections and streams", async () => {
    const status = (await served.get("/api/status")).body as Record<string, unknown>
    const venues = status["venues"] as ReadonlyArray<Record<string, unknown>>
    assert.deepStrictEqual(
      [status["phase"], status["mode"], venues.map(({ adapter, connections, name }) => [name, adapter, connections])],
      [
        "running",
        "paper",
        [
          ["binance", "@tidewire/adapter-binance", { active: 2, total: 2 }],
          ["binance-usdm", "@tidewire/adapter-binance", { active: 4, total: 4 }]
        ]
      ]
    )
    const connections = (await served.get("/api/connections")).body as ReadonlyArray<Record<string, unknown>>
    assert.deepStrictEqual(connections.map(({ name, state, venue }) => [venue, name, state]).slice(0, 2), [
      ["binance", "BTCUSDT", "Active"],
      ["binance", "ETHUSDT", "Active"]
    ])
    const history = (await served.get("/api/connections/history?limit=1000")).body as ReadonlyArray<{ state: string }>
    assert.strictEqual(history.filter(({ state }) => state === "Active").length, 6)
    const streams = await served.until<ReadonlyArray<Record<string, unknown>>>("/api/streams", (all) =>
      all.every(({ delivered, state }) => state === "live" && (delivered as number) > 0)
    )
    assert.strictEqual(streams.length, 20)
  })

  it("tells instruments, books, the recent past and bars, and says what there is not", async () => {
    const instruments = await served.get("/api/instruments?venue=binance&query=eth*usdt")
    assert.deepStrictEqual(
      (instruments.body as ReadonlyArray<{ symbol: string }>).map(({ symbol }) => symbol),
      ["ETHUSDT"]
    )
    const book = (await served.get("/api/books/binance/btc%2Fusdt?depth=3")).body as Record<string, unknown>
    const { asks, bids } = book as { asks: ReadonlyArray<[number, number]>; bids: ReadonlyArray<[number, number]> }
    assert.deepStrictEqual(
      [book["venue"], book["symbol"], book["state"], bids.length, asks.length, bids[0]![0] < asks[0]![0]],
      ["binance", "BTCUSDT", "live", 3, 3, true]
    )
    const trades = (await served.get("/api/events?venue=binance&symbol=BTCUSDT&channel=trades&limit=2")).body
    assert.deepStrictEqual(
      (trades as ReadonlyArray<Record<string, unknown>>).map(({ symbol, type, venue }) => [type, venue, symbol]),
      [
        ["trade", "binance", "BTCUSDT"],
        ["trade", "binance", "BTCUSDT"]
      ]
    )
    const bars = (await served.get("/api/bars/binance/BTCUSDT/1m?limit=30")).body as ReadonlyArray<{ openTime: number }>
    assert.strictEqual(bars.length, 30)
    assert.isTrue(bars.every(({ openTime }, index) => index === 0 || openTime - bars[index - 1]!.openTime === 60_000))
    const wrong = [
      "/api/books/binance/NOPE",
      "/api/books/nowhere/BTCUSDT",
      "/api/books/binance/SOLUSDT",
      "/api/bars/binance/BTCUSDT/7m",
      "/api/instruments?venue=binanse",
      "/api/events?limit=0",
      "/api/gaps?limit=many",
      "/api/nothing"
    ]
    assert.deepStrictEqual(await Promise.all(wrong.map(async (each) => refusal(await served.get(each)))), [
      [404, "UnknownSymbol"],
      [404, "UnknownVenue"],
      [404, "NotFound"],
      [400, "BadRequest"],
      [404, "UnknownVenue"],
      [400, "BadRequest"],
      [400, "BadRequest"],
      [404, "NotFound"]
    ])
  })

  it("S-C5 S-C6 S-C7 tells of collectors, and what was received is stored and found", async () => {
    const all = (await served.get("/collectors/status")).body as Record<string, unknown>
    assert.deepStrictEqual([all["running"], all["total"]], [2, 2])
    const one = (await served.get("/collectors/status/binance")).body as Record<string, unknown>
    assert.deepStrictEqual(
      [one["name"], one["status"], one["state"], one["symbols"], one["errors"], one["reconnects"]],
      ["binance", "ok", "Active", ["BTCUSDT", "ETHUSDT"], 0, 0]
    )
    const stats = (await served.get("/collectors/storage/stats")).body as Record<string, number>
    assert.isAbove(stats["stored"]!, 0)
    const trades = (await served.get("/collectors/trades?symbol=btcusdt&limit=5")).body as ReadonlyArray<{
      symbol: string
    }>
    assert.deepStrictEqual([trades.length, new Set(trades.map(({ symbol }) => symbol))], [5, new Set(["BTCUSDT"])])
    const tasks = (await served.get("/debug/tasks")).body as { tasks: ReadonlyArray<{ name: string; state: string }> }
    assert.deepInclude(tasks.tasks, { name: "restingBid", kind: "engine", state: "running" } as never)
    const memory = (await served.get("/debug/storage")).body as { bounds: unknown }
    assert.deepStrictEqual(memory.bounds, { perSeries: 1_000, total: 10_000, retentionMs: 3_600_000 })
    assert.deepStrictEqual(refusal(await served.get("/collectors/status/nobody")), [404, "UnknownCollector"])
  })

  it("tells what trades, halts it and lets it go on", async () => {
    const orders = await served.until<ReadonlyArray<Record<string, unknown>>>(
      "/api/orders",
      ([first]) => first?.["status"] === "open"
    )
    assert.deepStrictEqual(
      orders.map(({ price, side, size }) => [side, price, size]),
      [["buy", "50000", "0.01"]]
    )
    const balances = (await served.get("/api/balances")).body as ReadonlyArray<Record<string, unknown>>
    assert.isTrue(balances.some(({ asset, venue }) => asset === "USDT" && venue === "binance-usdm"))
    assert.deepStrictEqual(
      [(await served.get("/api/positions")).body, (await served.get("/api/fills?limit=5")).body],
      [[], []]
    )
    const pnl = (await served.get("/api/pnl")).body as { currency: string; points: ReadonlyArray<{ pnl: string }> }
    assert.deepStrictEqual([pnl.currency, pnl.points.at(-1)?.pnl], ["USDT", "0"])
    const killed = (await served.send("POST", "/api/engine/kill", { reason: "a test" })).body as Record<string, unknown>
    assert.deepStrictEqual([killed["isDone"], killed["open"]], [true, []])
    const halted = (await served.get("/api/status")).body as Record<string, unknown>
    assert.include(String(halted["halted"]), "a test")
    assert.deepStrictEqual((await served.get("/api/orders")).body, [])
    const resumed = (await served.send("POST", "/api/engine/resume", { reason: "again" })).body as { isDone: boolean }
    assert.isTrue(resumed.isDone)
    assert.isUndefined(((await served.get("/api/status")).body as Record<string, unknown>)["halted"])
  })

  it("S-D4 rotates, reconnects and resets connections, by name, of a venue, of all", async () => {
    const act = (what: string, body: unknown) => served.send("POST", `/api/connections/${what}`, body)
    assert.deepStrictEqual((await act("rotate", { venue: "binance", connection: "BTCUSDT" })).body, {
      connections: ["binance/BTCUSDT"]
    })
    assert.deepStrictEqual((await act("reset", {})).body, { connections: [] })
    assert.deepStrictEqual((await act("reconnect", { venue: "binance", connection: "ETHUSDT" })).body, {
      connections: ["binance/ETHUSDT"]
    })
    type Rows = ReadonlyArray<{ name: string; venue: string; state: string; reconnects: number; rotations: number }>
    const rows = await served.until<Rows>(
      "/api/connections",
      (all) => all.some(({ rotations }) => rotations === 1) && all.every(({ state }) => state === "Active")
    )
    assert.deepStrictEqual(
      rows
        .filter(({ venue }) => venue === "binance")
        .map(({ name, reconnects, rotations }) => [name, reconnects, rotations]),
      [
        ["BTCUSDT", 0, 1],
        ["ETHUSDT", 1, 0]
      ]
    )
    const refused = [
      await act("rotate", { connection: "BTCUSDT" }),
      await act("rotate", { venue: "nowhere" }),
      await act("reset", { venue: "binance", connection: "NOPE" }),
      await act("reset", { venue: 5 })
    ].map(refusal)
    assert.deepStrictEqual(refused, [
      [400, "BadRequest"],
      [404, "UnknownVenue"],
      [404, "UnknownConnection"],
      [400, "BadRequest"]
    ])
  })

  it("tells that there are no alerts and no store where none are configured", async () => {
    assert.deepStrictEqual((await served.get("/api/alerts")).body, { active: [], history: [] })
    assert.deepStrictEqual(refusal(await served.get("/api/store")), [404, "NotFound"])
  })

  it("S-C10 has metrics whether or not they are configured: as Prometheus reads them, and delays by hop", async () => {
    const { body, headers, status } = await served.get("/metrics")
    assert.deepStrictEqual([status, headers.get("content-type")], [200, "text/plain; version=0.0.4; charset=utf-8"])
    assert.match(String(body), /^# TYPE tidewire_frames_total counter\ntidewire_frames_total\{venue="binance"\} \d+$/m)
    const rows = (await served.get("/api/latency")).body as ReadonlyArray<HopLatency>
    assert.includeMembers(
      rows.map(({ hop, venue }) => `${venue} ${hop}`),
      ["binance socket-decoded", "binance decoded-handler", "binance socket-handler"]
    )
    assert.isTrue(rows.every(({ max, p50, p90, p99 }) => p50 <= p90 && p90 <= p99 && p99 <= max))
  })

  it("shows the pages without a script and from nowhere else", async () => {
    for (const page of ["/", "/docs", "/ui/"]) {
      const { body, headers, status } = await served.get(page)
      assert.deepStrictEqual([page, status, headers.get("content-type")?.split(";")[0]], [page, 200, "text/html"])
      assert.include(headers.get("content-security-policy")!, "default-src 'none'")
      assert.notMatch(String(body), /(?:src|href)="(?:https?:)?\/\//)
    }
    const document = (await served.get("/openapi.json")).body as OpenApi.OpenAPISpec
    assert.deepStrictEqual(Object.keys(document.paths), Object.keys(OpenApi.fromApi(api).paths))
  })
})
