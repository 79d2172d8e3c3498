import { assert, describe, it } from "@effect/vitest"
import { keysOf } from "../../src/top/keyboard.ts"
import { render } from "../../src/top/render.ts"
import type { Snapshot } from "../../src/top/Snapshot.ts"
import { chosen, type Stream } from "../../src/top/streamRows.ts"
import * as View from "../../src/top/View.ts"

const stream = (symbol: string, more: Partial<Stream> = {}): Stream => ({
  venue: "reef",
  symbol,
  channel: "trades",
  state: "live",
  delivered: 10,
  perSecond: 1,
  conflated: 0,
  dropped: 0,
  waiting: 0,
  ageMs: 100,
  gaps: 0,
  gapsUnrepaired: 0,
  ...more
})

const counts = { received: 12, delivered: 10, conflated: 1, dropped: 1, waiting: 0 }
const latency = { venue: "reef", count: 10, p50: 0.5, p90: 1, p99: 12, max: 20 }

const snapshot = (streams: ReadonlyArray<Stream>, more: object = {}): Snapshot =>
  ({
    status: {
      version: "1.2.3",
      source: "a.yaml",
      startedAt: 0,
      uptimeMs: 65_000,
      phase: "running",
      mode: "none",
      venues: [
        {
          name: "reef",
          adapter: "x",
          connections: { active: 1, total: 2 },
          counts,
          feed: { reconnects: 3, resyncs: 2 },
          gaps: 4,
          gapsRepaired: 3,
          instruments: 9
        }
      ],
      process: {
        pid: 7,
        rssBytes: 200e6,
        heapBytes: 50e6,
        eventLoopDelayMs: { p50: 1, p99: 2, max: 3 },
        cpuPercent: 12
      },
      clients: { sse: 1, ws: 2, lost: 3 }
    },
    health: {
      status: "degraded",
      levels: { connections: { active: 1, total: 2 }, data: { stale: ["reef BTCUSDT trades"] } }
    },
    connections: [
      {
        venue: "reef",
        name: "A",
        state: "Active",
        attempt: 0,
        since: 5_000,
        reconnects: 0,
        rotations: 1,
        latencyMs: 1.25
      },
      {
        venue: "reef",
        name: "B",
        state: "Failed",
        attempt: 10,
        since: 60_000,
        reconnects: 3,
        rotations: 0,
        reason: "no route"
      }
    ],
    streams,
    latency: [
      { ...latency, hop: "socket-handler" },
      { ...latency, hop: "venue-socket", p50: 20 }
    ],
    alerts: [
      {
        id: "1",
        rule: "circuit",
        severity: "critical",
        subject: "reef/B",
        message: "its circuit is open",
        since: 60_000
      }
    ],
    fills: [],
    ...more
  }) as unknown as Snapshot

const line = (text: string, start: string): string | undefined =>
  text.split("\n").find((each) => each.startsWith(start))

describe("the table of an instance", () => {
  it("shows all of it where there is no end to the room", () => {
    const text = render(snapshot([stream("BTCUSDT", { dropped: 2, book: "stale", channel: "book" })]), View.initial)
    assert.deepStrictEqual(text.split("\n"), [
      "tidewire 1.2.3  a.yaml  running for 1m  pid 7",
      "health degraded: 1 of 2 connections active, stale streams 1",
      "cpu 12 %  memory 191 MB, heap 48  event loop p99 2.0 ms, max 3.0  clients 1 sse, 2 ws, lost 3",
      "",
      "ALERT     FOR  ABOUT   MESSAGE",
      "critical   5s  reef/B  its circuit is open",
      "",
      "VENUE  CONNECTIONS  DELIVERED  CONFLATED  DROPPED  WAITING  GAPS  REPAIRED  RECONNECTS  RESYNCS  FAILURE",
      "reef        1 of 2         10          1        1        0     4         3           3        2",
      "",
      "CONNECTION  STATE   FOR  TRY    PING  RECONNECTS  ROTATIONS  REASON",
      "reef/A      Active   1m       1.3 ms           0          1",
      "reef/B      Failed   5s   10                   3          0  no route",
      "",
      "P50 / P99, MS  socket-handler  venue-socket",
      "reef                0.50 / 12       20 / 12",
      "",
      "streams 1",
      "STREAM        CHANNEL  STATE  BOOK   EVENTS/S    AGE  DELIVERED  CONFLATED  DROPPED  WAITING  GAPS  UNREPAIRED",
      "reef/BTCUSDT  book     live   stale       1.0  100ms         10                   2"
    ])
  })

  it("fits a terminal whatever its size: the streams take what is left, and the keys are always told", () => {
    const many = snapshot(Array.from({ length: 200 }, (_, index) => stream(`S${index}USDT`)))
    for (const height of [12, 24, 40, 200, 400]) {
      for (const width of [40, 120]) {
        const lines = render(many, View.initial, { width, height }).split("\n")
        assert.isBelow(lines.length, height)
        assert.isTrue(lines.every((each) => each.length <= width))
        assert.match(lines.at(-1) ?? "", /^q quit/)
        assert.isAbove(lines.filter((each) => each.startsWith("reef/S")).length, 2)
      }
    }
  })

  it("says that what is shown is old, and why", () => {
    const text = render(snapshot([]), View.initial, undefined, "nothing answers at http://x (for 5s; asking on)")
    assert.include(text, "STALE: nothing answers at http://x (for 5s; asking on)")
  })

  it("shows the engine, what is open and what was filled, and says loudly that it is halted", () => {
    const pnl = { netPnl: { USDT: "-1.5" }, rows: [] }
    const engine = {
      halted: "runaway",
      daily: { pnl: "-1.5", currency: "USDT" },
      venues: [{ venue: "reef", closed: "the account is not in oneWay position mode", positions: [] }],
      strategies: [{ name: "maker", state: "running", pnl }],
      orders: [
        { venue: "reef", symbol: "BTCUSDT", side: "buy", size: "1", filled: "0", status: "open", strategy: "maker" }
      ]
    }
    const text = render(snapshot([], { engine }), View.initial)
    assert.include(text, "today -1.5 USDT  open orders 1  positions 0")
    assert.include(text, "NOT TRADED ON: reef: the account is not in oneWay position mode")
    assert.include(text, "TRADING IS HALTED: runaway")
    assert.match(line(text, "maker") ?? "", /^maker +running +1 +0 +-1\.5 USDT$/)
    assert.match(line(text, "reef/BTCUSDT  buy") ?? "", /buy +1 +market +0 +open$/)
  })
})

describe("the streams", () => {
  const [quiet, busy, broken] = [
    stream("AUSDT", { perSecond: 0, ageMs: 60_000, state: "quiet" }),
    stream("BUSDT", { perSecond: 50, dropped: 9, waiting: 4 }),
    stream("CUSDT", { book: "stale", channel: "book", gaps: 3, gapsUnrepaired: 1, ageMs: 200 })
  ]
  const names = (view: Partial<View.View>) =>
    chosen([busy, quiet, broken], { ...View.initial, ...view })
      .map(({ symbol }) => symbol[0])
      .join("")

  it("come in the order that was asked for, the worst first, equal ones by name", () => {
    const orders = View.sorts.map((sort) => `${sort} ${names({ sort })}`)
    assert.deepStrictEqual(orders, [
      "name ABC",
      "rate BCA",
      "age ACB",
      "state ACB",
      "dropped BAC",
      "waiting BAC",
      "gaps CAB"
    ])
    assert.strictEqual(names({ sort: "rate", isReversed: true }), "ACB")
  })

  it("are those whose name has what was typed, in any case", () => {
    assert.deepStrictEqual(
      [names({ filter: "REEF/b" }), names({ filter: "book" }), names({ filter: "none" })],
      ["B", "C", ""]
    )
  })
})

describe("keys", () => {
  const after = (text: string, rows = 30) =>
    keysOf(text).reduce<View.View | undefined>((view, key) => view && View.next(view, key, rows), View.initial)

  it("sort, reverse, pause, and quit", () => {
    assert.deepStrictEqual(after("ssrp"), { ...View.initial, sort: "age", isReversed: true, isPaused: true })
    assert.deepStrictEqual(after("s".repeat(View.sorts.length)), View.initial)
    assert.deepStrictEqual([after("q"), after("/q\u0003")], [undefined, undefined])
  })

  it("scroll, and not beyond the streams", () => {
    const offsets = ["jjk", "\u001B[B\u001B[B\u001B[A", "\u001B[6~", "\u001B[6~\u001B[5~", "k", "\u001B[6~".repeat(9)]
    assert.deepStrictEqual(
      offsets.map((each) => after(each)?.offset),
      [1, 1, 10, 0, 0, 29]
    )
  })

  it("type a filter: letters that are keys elsewhere are letters, arrows are nothing", () => {
    assert.deepStrictEqual(after("/qs\u001B[A\u007Fx\r"), { ...View.initial, filter: "qx" })
    assert.deepStrictEqual(after("/ab"), { ...View.initial, filter: "ab", isTyping: true })
    assert.deepStrictEqual([after("/ab\u001B"), after("/ab\r\u001B")], [View.initial, View.initial])
    assert.strictEqual(after(`/${"x".repeat(100)}`)?.filter.length, 60)
  })
})
