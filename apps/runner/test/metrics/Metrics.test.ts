import { assert, describe, it } from "@effect/vitest"
import { type Event, EventBus, type MarketStream, type Subscription, type VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { MetricsEntry } from "../../src/configuration/MetricsEntry.ts"
import { catalogue, type Definition } from "../../src/metrics/catalogue.ts"
import { Latency } from "../../src/metrics/Latency.ts"
import * as Metrics from "../../src/metrics/Metrics.ts"
import type { Instance } from "../../src/operation/Instance.ts"
import type { Parts } from "../../src/operation/Parts.ts"
import { Watch } from "../../src/operation/Watch.ts"
import type { Told } from "../../src/output/Output.ts"
import type { PreparedVenue } from "../../src/venues/PreparedVenue.ts"

const stamps = { venue: "reef", receivedTime: -2_000 }

const counts: VenueAdapter.FeedCounts = {
  frames: 100,
  events: 90,
  malformed: 1,
  unknown: 2,
  duplicates: 3,
  gaps: 4,
  resyncs: 5,
  reconnects: 6,
  rotations: 7,
  audits: 8,
  drifts: 9,
  inexact: 10,
  fallbacks: 11
}

/** A venue with trades and a book of each symbol, and one connection that is Active. */
const instanceOf = (symbols: ReadonlyArray<string>, bus: EventBus.EventBus<Told>): Instance => {
  const subscriptions = symbols.flatMap((symbol): ReadonlyArray<Subscription.Subscription> => [
    { symbol, channel: "trades" },
    { symbol, channel: "book" }
  ])
  const stream = {
    feed: { counts: () => counts },
    counts: () => ({ received: 50, delivered: 40, conflated: 4, dropped: 3, waiting: 3 }),
    subscriptions: () => subscriptions,
    streams: () =>
      subscriptions.map((each) => ({
        ...each,
        delivered: 20,
        conflated: 2,
        dropped: 1,
        waiting: 1,
        last: { ...stamps } as Event.MarketEvent
      }))
  } as unknown as MarketStream.MarketStream
  const venue = { name: "reef", stream } as unknown as PreparedVenue
  const status = { state: "Active", attempt: 1, reason: undefined, since: -5_000, reconnects: 6, rotations: 7 } as const
  const connections = [{ ...status, name: 'a "b"', latencyMs: 25 }]
  return {
    version: "1.2.3",
    source: "test",
    startedAt: -10_000,
    phase: () => "running",
    venues: [venue],
    runner: {
      venues: () => [{ name: "reef", stream, connections, failure: undefined }]
    } as unknown as Instance["runner"],
    trading: undefined,
    bus,
    watch: new Watch([venue], bus, () => 0),
    latency: undefined
  }
}

const opened = (symbols: ReadonlyArray<string>, entry: MetricsEntry = { perSymbol: "auto" }, parts: Parts = {}) =>
  Effect.gen(function* () {
    const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
    const latency = new Latency(() => 1)
    const metrics = yield* Metrics.open(instanceOf(symbols, bus), latency, entry, () => parts)
    const lines = Effect.map(metrics.text, (text) => text.split("\n"))
    return { bus, latency, metrics, lines }
  })

const of = (lines: ReadonlyArray<string>, name: string) =>
  lines.filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))

describe("metrics", () => {
  it.effect("S-C10 are text as Prometheus reads it: what each means, its type, its series", () =>
    Effect.gen(function* () {
      const { bus, latency, lines } = yield* opened(["BTCUSDT"])
      latency.measuring(() => undefined)({
        type: "quote",
        ...stamps,
        symbol: "A",
        bid: 1,
        bidSize: 1,
        ask: 2,
        askSize: 1
      })
      const gap = { type: "gap", ...stamps, symbol: "BTCUSDT", channel: "trades", reason: "sequence" } as const
      bus.publish({ ...gap, lost: 4, repaired: false })
      bus.publish({ ...gap, lost: 2, repaired: true })
      bus.publish({ type: "bookState", ...stamps, symbol: "BTCUSDT", state: "live" })
      const text = yield* lines
      assert.includeMembers(
        [...text],
        [
          "# HELP tidewire_frames_total Messages read from sockets, acknowledgements among them; answers to polls.",
          "# TYPE tidewire_frames_total counter",
          'tidewire_frames_total{venue="reef"} 100',
          'tidewire_fallback_frames_total{venue="reef"} 11',
          'tidewire_gaps_total{venue="reef",reason="sequence",repaired="true"} 1',
          'tidewire_gaps_total{venue="reef",reason="sequence",repaired="false"} 1',
          'tidewire_gaps_total{venue="reef",reason="overflow",repaired="false"} 0',
          'tidewire_lost_events_total{venue="reef",reason="sequence"} 4',
          'tidewire_queue_dropped_total{venue="reef"} 3',
          'tidewire_stream_dropped_total{venue="reef",channel="trades",symbol="BTCUSDT"} 1',
          'tidewire_stream_age_seconds{venue="reef",channel="trades",symbol="BTCUSDT"} 2',
          'tidewire_stream_gaps_unrepaired_total{venue="reef",channel="trades",symbol="BTCUSDT"} 1',
          'tidewire_connections{venue="reef",state="Active"} 1',
          'tidewire_connections{venue="reef",state="Failed"} 0',
          'tidewire_connection_ping_seconds{venue="reef",connection="a \\"b\\""} 0.025',
          'tidewire_books{venue="reef",state="live"} 1',
          'tidewire_book_live{venue="reef",symbol="BTCUSDT"} 1',
          "# TYPE tidewire_latency_seconds histogram",
          'tidewire_latency_seconds_bucket{venue="reef",hop="socket-handler",le="+Inf"} 1',
          'tidewire_latency_seconds_count{venue="reef",hop="socket-handler"} 1',
          "tidewire_uptime_seconds 10",
          "tidewire_running 1"
        ]
      )
      for (const line of text) {
        assert.match(line, /^$|^# (HELP|TYPE) tidewire_\w+ .|^tidewire_\w+(\{\w+="[^\n]*"\})? (-?[\d.e+-]+|\+Inf|NaN)$/)
      }
      // a name is declared once, and everything under it follows
      const declared = text.flatMap((line) => /^# TYPE (\w+)/.exec(line)?.[1] ?? [])
      assert.strictEqual(new Set(declared).size, declared.length)
    }).pipe(Effect.scoped)
  )

  it.effect("have a series for each symbol and connection while those are few, and sum them when they are many", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 101 }, (_, index) => `COIN${index}`)
      const shown = Effect.fnUntraced(function* (symbols: ReadonlyArray<string>, perSymbol: MetricsEntry["perSymbol"]) {
        const { lines } = yield* opened(symbols, { perSymbol })
        const text = yield* lines
        return [
          of(text, "tidewire_stream_delivered_total").length,
          of(text, "tidewire_connection_up").length,
          of(text, "tidewire_book_live").length
        ]
      })
      assert.deepStrictEqual(
        [yield* shown(many, "auto"), yield* shown(many, true), yield* shown(["A"], "auto"), yield* shown(["A"], false)],
        [
          [2, 1, 1],
          [202, 1, 101],
          [2, 1, 1],
          [2, 0, 1]
        ]
      )
      const { lines } = yield* opened(many)
      const text = yield* lines
      assert.deepStrictEqual(of(text, "tidewire_stream_delivered_total"), [
        'tidewire_stream_delivered_total{venue="reef",channel="trades"} 2020',
        'tidewire_stream_delivered_total{venue="reef",channel="book"} 2020'
      ])
      assert.deepStrictEqual(of(text, "tidewire_stream_age_seconds"), [
        'tidewire_stream_age_seconds{venue="reef",channel="trades"} 2',
        'tidewire_stream_age_seconds{venue="reef",channel="book"} 2'
      ])
    }).pipe(Effect.scoped)
  )

  it.effect("tell of the process, and of the parts that there are", () =>
    Effect.gen(function* () {
      const store = {
        kind: "duckdb",
        state: "behind",
        taken: 9,
        stored: 5,
        waiting: 3,
        dropped: 1,
        spilled: 2,
        bytes: 77
      } as const
      const { lines } = yield* opened(
        ["A"],
        { perSymbol: "auto" },
        {
          alerts: { active: () => [{ severity: "critical" } as never], history: () => [] },
          store: { status: () => store }
        }
      )
      const text = yield* lines
      assert.includeMembers(
        [...text],
        [
          'tidewire_alerts_active{severity="critical"} 1',
          'tidewire_alerts_active{severity="info"} 0',
          'tidewire_store_up{kind="duckdb"} 0',
          'tidewire_store_waiting{kind="duckdb"} 3',
          'tidewire_store_spilled{kind="duckdb"} 2',
          'tidewire_store_bytes{kind="duckdb"} 77'
        ]
      )
      const values = ["tidewire_resident_memory_bytes", "tidewire_heap_used_bytes", "tidewire_cpu_seconds_total"]
      for (const name of values) assert.isAbove(Number(of(text, name)[0]?.split(" ").at(-1)), 0, name)
    }).pipe(Effect.scoped)
  )
})

describe("the catalogue", () => {
  it("names metrics as Prometheus wants them", () => {
    for (const [name, { help, kind }] of Object.entries<Definition>(catalogue)) {
      assert.match(name, /^tidewire_[a-z][a-z_]*[a-z]$/)
      assert.strictEqual(name.endsWith("_total"), kind === "counter", name)
      assert.match(help, /^\S.*\.$/, name)
    }
  })
})
