/**
 * The metrics of a session against the simulated venue's own counts, through faults: nothing is estimated, everything is
 * compared exactly.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Simulator } from "@tidewire/simulator"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { collector, type Sample } from "../apps/runner/test/metrics/collector.ts"
import { type Command, tidewire } from "./tidewire.ts"

const symbols = ["BTCUSDT", "ETHUSDT"]
const channels = ["trades", "quotes", "book"]

let simulator: Simulator.Simulator
let folder: string
let command: Command | undefined

beforeEach(async () => {
  simulator = await Simulator.start({ seed: 17, rates: { tradesPerSecond: 40 }, keepTrades: 100_000 })
  folder = mkdtempSync(join(tmpdir(), "tidewire-"))
})

afterEach(async () => {
  await command?.stop("SIGKILL")
  await simulator.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** A session of both venues whose metrics go to `url` each second. */
const session = (url: string): Command => {
  const endpoints = { stream: simulator.wsUrl, rest: simulator.url }
  const venue = (adapter: string, name: string) => ({
    adapter: `@tidewire/adapter-${adapter}`,
    venue: name,
    endpoints,
    subscriptions: [{ symbols, channels }],
    connection: { reconnect: { base: "10ms", max: "10ms" } }
  })
  const configuration = {
    venues: [venue("binance", "binance"), venue("bybit", "bybit-linear")],
    metrics: { otlp: { url, every: "1 second" } }
  }
  const file = join(folder, "tidewire.json")
  writeFileSync(file, JSON.stringify(configuration))
  return tidewire("stream", "--config", file)
}

/** The connections of a market, those that ended too. */
const connectionsOf = (market: string) => {
  const { connections, ended } = simulator.stats()
  return [...connections, ...ended].filter((each) => each.market === market)
}

const sum = (values: ReadonlyArray<number>): number => values.reduce((total, value) => total + value, 0)

/** Messages that were handed to sockets. */
const messagesOf = (market: string): number => sum(connectionsOf(market).map(({ said, sent }) => said + sent))

const framesOf = (market: string, stream: string): number =>
  sum(connectionsOf(market).map(({ sentByStream }) => sentByStream[stream] ?? 0))

const valueOf = (samples: ReadonlyArray<Sample>, name: string, labels: Readonly<Record<string, string>>): number =>
  sum(
    samples
      .filter(
        (each) => each.name === name && Object.entries(labels).every(([key, value]) => each.labels[key] === value)
      )
      .map(({ value }) => value)
  )

describe("metrics through faults", () => {
  it("S-C10 agree with what the venue sent, frame by frame, and with what was delivered", async () => {
    await using otlp = await collector()
    command = session(otlp.url)
    const { events } = command
    /** Resolves when so many more trades have come. */
    const further = (count: number) => {
      const wanted = events.filter(({ type }) => type === "trade").length + count
      let seen = 0
      return command!.until(({ type }) => type === "trade" && ++seen >= wanted)
    }
    for (const channel of ["trades", "quotes"]) {
      for (const venue of ["binance", "bybit-linear"]) {
        await command.until((each) => each.type === "subscription" && each.venue === venue && each.channel === channel)
      }
    }
    await further(20)
    const trades = { market: "spot", stream: "btcusdt@trade" } as const
    simulator.control.inject({ kind: "drop", filter: trades, count: 3 })
    await command.until((event) => event.type === "gap" && event.channel === "trades")
    simulator.control.inject({ kind: "duplicate", filter: trades, count: 5 })
    simulator.control.inject({ kind: "reorder", filter: { market: "spot", stream: "ethusdt@trade" }, count: 2 })
    simulator.control.inject({
      kind: "malformed",
      form: "json",
      filter: { market: "spot", stream: "ethusdt@trade" },
      count: 1
    })
    simulator.control.inject({ kind: "drop", filter: { market: "spot", stream: "ethusdt@depth*" }, count: 1 })
    while (simulator.control.faults().some(({ left = 0 }) => left > 0)) await further(1)
    // what was sent before the close arrives before it
    simulator.control.inject({ kind: "close", filter: { market: "bybit-linear", symbol: "BTCUSDT" } })
    let isLost = false
    await command.until((event) => {
      if (event.type !== "connection" || event.venue !== "bybit-linear") return false
      isLost ||= event.state === "Reconnecting"
      return isLost && event.state === "Active"
    })
    await further(40)

    simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })
    const { received } = otlp
    let seen = -1
    let before = -1
    while (seen !== before || received.length < 4) {
      await otlp.next()
      before = seen
      seen = messagesOf("spot") + messagesOf("bybit-linear")
    }
    assert.strictEqual(await command.stop(), 0, command.errors())

    const { samples } = received.at(-1)!
    const told = (name: string, labels: Readonly<Record<string, string>>) => valueOf(samples, name, labels)
    for (const [venue, market] of [
      ["binance", "spot"],
      ["bybit-linear", "bybit-linear"]
    ] as const) {
      const of = events.filter((event) => event.venue === venue)
      const gaps = of.filter((event) => event.type === "gap")
      const dials = simulator
        .stats()
        .dials.filter((dial) => dial.market === market && dial.outcome === "accepted").length
      const isNew = told("tidewire_reconnects_total", { venue }) + told("tidewire_rotations_total", { venue })
      assert.deepStrictEqual(
        {
          frames: told("tidewire_frames_total", { venue }),
          sessions: symbols.length + isNew,
          delivered: told("tidewire_queue_delivered_total", { venue }),
          dropped: told("tidewire_queue_dropped_total", { venue }),
          waiting: told("tidewire_queue_waiting", { venue }),
          repaired: told("tidewire_gaps_total", { venue, repaired: "true" }),
          unrepaired: told("tidewire_gaps_total", { venue, repaired: "false" }),
          malformed: told("tidewire_malformed_frames_total", { venue })
        },
        {
          frames: messagesOf(market),
          sessions: dials,
          delivered: of.length,
          dropped: 0,
          waiting: 0,
          repaired: gaps.filter(({ repaired }) => repaired).length,
          unrepaired: gaps.filter(({ repaired }) => !repaired).length,
          malformed: venue === "binance" ? 1 : 0
        },
        venue
      )
    }
    for (const symbol of symbols) {
      const labels = { venue: "binance", symbol }
      const quotes =
        told("tidewire_stream_delivered_total", { ...labels, channel: "quotes" }) +
        told("tidewire_stream_conflated_total", { ...labels, channel: "quotes" })
      const ids = events.flatMap((event) =>
        event.type === "trade" && event.venue === "binance" && event.symbol === symbol ? [Number(event.id)] : []
      )
      const trades = told("tidewire_stream_delivered_total", { ...labels, channel: "trades" })
      const bookTicker = framesOf("spot", `${symbol.toLowerCase()}@bookTicker`)
      // what was dropped, or came twice or late, is there once
      assert.deepStrictEqual([quotes, trades], [bookTicker, ids.length])
      assert.strictEqual(Math.max(...ids) - Math.min(...ids) + 1, ids.length)
    }
    assert.isAtLeast(told("tidewire_duplicates_total", { venue: "binance" }), 5)
    assert.isAtLeast(told("tidewire_resyncs_total", { venue: "binance" }), 1)
  }, 60_000)
})
