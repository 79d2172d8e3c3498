import { assert, describe, it } from "@effect/vitest"
import type { VenueAdapter } from "@tidewire/core"
import type { Engine } from "@tidewire/engine"
import type { Picture } from "../../src/alerts/Picture.ts"
import * as Rule from "../../src/alerts/Rule.ts"
import type { RuleEntry } from "../../src/configuration/AlertsEntry.ts"
import type { StreamStatus } from "../../src/operation/Watch.ts"
import { none as counts } from "../../src/workers/counts.ts"
import { rules } from "./rules.ts"

const stream = (changes: Partial<StreamStatus>): StreamStatus => ({
  venue: "reef",
  symbol: "BTCUSDT",
  channel: "trades",
  state: "live",
  delivered: 1,
  perSecond: 1,
  conflated: 0,
  dropped: 0,
  waiting: 0,
  gaps: 0,
  gapsUnrepaired: 0,
  ...changes
})

const connection = (changes: Partial<VenueAdapter.ConnectionStatus>): VenueAdapter.ConnectionStatus => ({
  name: "a",
  state: "Active",
  attempt: 0,
  reason: undefined,
  since: 0,
  reconnects: 0,
  rotations: 0,
  ...changes
})

const venue = (changes: Partial<Picture["venues"][number]>): Picture["venues"][number] => ({
  name: "reef",
  failure: undefined,
  connections: [],
  counts,
  ...changes
})

const picture = (changes: Partial<Picture>): Picture => ({
  time: 0,
  venues: [],
  streams: [],
  engine: undefined,
  store: undefined,
  latency: [],
  rssBytes: 100e6,
  ...changes
})

const engine = (changes: Partial<Engine.EngineStatus>): Engine.EngineStatus =>
  ({
    halted: undefined,
    venues: [],
    strategies: [],
    notices: {},
    daily: { pnl: "0", currency: "USDT" },
    ...changes
  }) as unknown as Engine.EngineStatus

type Written = Parameters<typeof rules>[0][number]

/** A rule finds nothing in the first picture, and this in the second. */
const cases: ReadonlyArray<readonly [written: Written, well: Partial<Picture>, ill: Partial<Picture>, found: string]> =
  [
    [
      { on: "stale" },
      { streams: [stream({ state: "quiet", ageMs: 1e6 })] },
      { streams: [stream({ state: "silent", reason: "a sibling speaks" })] },
      "reef:BTCUSDT:trades should speak and does not: a sibling speaks"
    ],
    [
      { on: "stale", over: "5 seconds" },
      { streams: [stream({ ageMs: 5_000 })] },
      { streams: [stream({ ageMs: 5_001 })] },
      "reef:BTCUSDT:trades its last event is 5.0 s old"
    ],
    [
      { on: "book" },
      { streams: [stream({ channel: "book", book: "live" })] },
      { streams: [stream({ channel: "book", book: "stale" })] },
      "reef:BTCUSDT:book the book is stale"
    ],
    [
      { on: "connection" },
      { venues: [venue({ connections: [connection({ state: "Failed" }), connection({})] })] },
      { venues: [venue({ connections: [connection({ state: "Reconnecting", attempt: 2, reason: "lost" })] })] },
      "reef/a Reconnecting, attempt 2: lost"
    ],
    [
      { on: "circuit" },
      { venues: [venue({ connections: [connection({ state: "Reconnecting" })] })] },
      { venues: [venue({ connections: [connection({ state: "Failed", attempt: 10, reason: "refused" })] })] },
      "reef/a Failed, attempt 10: refused"
    ],
    [
      { on: "venue" },
      { venues: [venue({})] },
      { venues: [venue({ failure: "no list" })] },
      "reef could not be opened: no list"
    ],
    [
      { on: "gap" },
      { streams: [stream({ gaps: 5 })] },
      { streams: [stream({ gaps: 6, gapsUnrepaired: 1 })] },
      "reef:BTCUSDT:trades 1 gaps could not be repaired in the last 5m"
    ],
    [
      { on: "drops", over: 10 },
      { streams: [stream({ dropped: 10 })] },
      { streams: [stream({ dropped: 11 })] },
      "reef:BTCUSDT:trades 11 events were dropped in the last 5m: the consumer does not keep up"
    ],
    [
      { on: "malformed" },
      { venues: [venue({})] },
      { venues: [venue({ counts: { ...counts, malformed: 3 } })] },
      "reef 3 frames could not be read in the last 5m"
    ],
    [
      { on: "fallbacks", within: "1 minute" },
      { venues: [venue({ counts: { ...counts, fallbacks: 1_000 } })] },
      { venues: [venue({ counts: { ...counts, fallbacks: 1_001 } })] },
      "reef 1001 frames were read the slow way in the last 1m: has the venue changed its format?"
    ],
    [
      { on: "drift" },
      { venues: [venue({ counts: { ...counts, audits: 9 } })] },
      { venues: [venue({ counts: { ...counts, audits: 9, drifts: 1 } })] },
      "reef 1 books differed from the venue's in the last 5m"
    ],
    [
      { on: "reconnects", over: 2 },
      { venues: [venue({ connections: [connection({ reconnects: 2 })] })] },
      { venues: [venue({ connections: [connection({ reconnects: 3 })] })] },
      "reef/a 3 sessions were lost in the last 5m"
    ],
    [
      { on: "latency", over: "50ms" },
      { latency: [{ venue: "reef", hop: "venue-socket", count: 9, p50: 1, p90: 2, p99: 50, max: 99 }] },
      { latency: [{ venue: "reef", hop: "venue-socket", count: 9, p50: 1, p90: 2, p99: 50.2, max: 99 }] },
      "reef/venue-socket the 99th percentile is 50.2 ms"
    ],
    [{ on: "memory", overMegabytes: 500 }, { rssBytes: 500e6 }, { rssBytes: 501e6 }, "process it has 501 MB of memory"],
    [
      { on: "store" },
      { store: { kind: "duckdb", state: "open", taken: 1, stored: 1, waiting: 0, dropped: 0 } },
      {
        store: {
          kind: "duckdb",
          state: "behind",
          reason: "the disk is full",
          taken: 1,
          stored: 0,
          waiting: 1,
          dropped: 0
        }
      },
      "duckdb the store is behind: the disk is full"
    ],
    [
      { on: "store" },
      { store: { kind: "duckdb", state: "open", taken: 1, stored: 1, waiting: 0, dropped: 0 } },
      { store: { kind: "duckdb", state: "open", taken: 9, stored: 1, waiting: 0, dropped: 8 } },
      "duckdb 8 events were dropped before they were stored"
    ],
    [
      { on: "halted" },
      { engine: engine({}) },
      { engine: engine({ halted: "an operator" }) },
      "engine trading is halted: an operator"
    ],
    [
      { on: "trading" },
      { engine: engine({ halted: "an operator", venues: [{ venue: "reef", closed: "halted" }] as never }) },
      { engine: engine({ venues: [{ venue: "reef", closed: "not reconciled" }] as never }) },
      "reef not traded on: not reconciled"
    ],
    [
      { on: "strategy" },
      { engine: engine({ strategies: [{ name: "maker", state: "stopped" }] as never }) },
      { engine: engine({ strategies: [{ name: "maker", state: "failed", failure: "it threw" }] as never }) },
      "maker the strategy failed: it threw"
    ],
    [
      { on: "loss", over: "100.5" },
      { engine: engine({ daily: { pnl: "-100.49", currency: "USDT" } }) },
      { engine: engine({ daily: { pnl: "-100.50", currency: "USDT" } }) },
      "engine today's result is -100.50 USDT"
    ],
    [
      { on: "notice" },
      { engine: engine({ notices: { Reconciled: 3, OutcomeUnknown: 1 } }) },
      { engine: engine({ notices: { JournalFailed: 2 } }) },
      "JournalFailed 2 of them in the last 5m; the log has each"
    ]
  ]

const texts = (entry: RuleEntry, ...pictures: ReadonlyArray<Partial<Picture>>) => {
  const rule = Rule.make(entry)
  return pictures.map((each) => rule.find(picture(each)).map(({ message, subject }) => `${subject} ${message}`))
}

describe("S-D10 a rule", () => {
  it.each(cases)("%o finds what is wrong and nothing else", (written, well, ill, found) => {
    const [entry] = rules([written])
    assert.deepStrictEqual(texts(entry!, well, ill), [[], [found]])
  })

  it("has a case for every kind", () => {
    const kinds = ["stale", "book", "connection", "circuit", "venue", "gap", "drops", "malformed", "fallbacks", "drift"]
    const others = ["reconnects", "latency", "memory", "store", "halted", "trading", "strategy", "loss", "notice"]
    assert.deepStrictEqual([...new Set(cases.map(([{ on }]) => on))].toSorted(), [...kinds, ...others].toSorted())
  })

  it("looks where it is told to", () => {
    const [entry] = rules([{ on: "circuit", match: "reef/*" }])
    const failed = [connection({ state: "Failed" })]
    const venues = [venue({ connections: failed }), venue({ name: "other", connections: failed })]
    assert.deepStrictEqual(texts(entry!, { venues }), [["reef/a Failed"]])
  })

  it("forgets what was counted when its time is over, and counts what begins anew", () => {
    const [entry] = rules([{ on: "drops", within: "1 minute" }])
    const at = (time: number, dropped: number) => ({ time, streams: [stream({ dropped })] })
    const found = texts(entry!, at(0, 5), at(30_000, 5), at(62_000, 5), at(63_000, 7), at(64_000, 1))
    assert.deepStrictEqual(
      found.map(([text = "-"]) => text.replace("reef:BTCUSDT:trades ", "").split(" ")[0]),
      ["5", "5", "-", "2", "3"]
    )
  })
})
