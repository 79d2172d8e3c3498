/**
 * Bybit through the command line, against the simulated venue: beside Binance, and through what only Bybit does. What the
 * venue knows to have happened is held against the lines that came out.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { Event } from "@tidewire/core"
import { Simulator, type MarketKind } from "@tidewire/simulator"
import * as Schema from "effect/Schema"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { pass } from "./client.ts"
import { type Command, tidewire } from "./tidewire.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

let simulator: Simulator.Simulator
let commands: Array<Command>
let folder: string

beforeEach(async () => {
  simulator = await Simulator.start({ seed: 5, rates: { tradesPerSecond: 20 }, keepTrades: 100_000 })
  commands = []
  folder = mkdtempSync(`${tmpdir()}/tidewire-`)
})

afterEach(async () => {
  await Promise.all(commands.map((command) => command.stop("SIGKILL")))
  await simulator.stop()
  rmSync(folder, { recursive: true })
})

const run = (...parameters: ReadonlyArray<string>): Command => {
  const command = tidewire(...parameters)
  commands.push(command)
  return command
}

const stream = (target: string, channels: string, ...flags: ReadonlyArray<string>): Command =>
  run(
    "stream",
    target,
    channels,
    "--endpoint",
    `stream=${simulator.wsUrl}`,
    "--endpoint",
    `rest=${simulator.url}`,
    ...flags
  )

interface Entry {
  readonly adapter: string
  readonly venue: string
  readonly symbols: ReadonlyArray<string>
  readonly channels: ReadonlyArray<string>
}

/** A configuration of these venues, all on the simulator. */
const configure = (entries: ReadonlyArray<Entry>): string => {
  const file = `${folder}/tidewire.json`
  const venues = entries.map(({ adapter, channels, symbols, venue }) => ({
    adapter: `${root}packages/${adapter}`,
    venue,
    endpoints: { stream: simulator.wsUrl, rest: simulator.url },
    subscriptions: [{ symbols, channels }]
  }))
  writeFileSync(file, JSON.stringify({ venues }))
  return file
}

const sideBySide: ReadonlyArray<Entry> = [
  {
    adapter: "adapter-binance",
    venue: "binance",
    symbols: ["BTCUSDT", "ETHUSDT"],
    channels: ["trades", "quotes", "book", "bars:1m", "ticker"]
  },
  {
    adapter: "adapter-bybit",
    venue: "bybit",
    symbols: ["btc/usdt", "ETHUSDT"],
    channels: ["trades", "quotes", "book", "bars:1m", "ticker"]
  },
  {
    adapter: "adapter-bybit",
    venue: "bybit-linear",
    symbols: ["BTC/USDT:USDT", "ETHUSDT"],
    channels: ["trades", "quotes", "book:50", "bars:1m", "ticker", "mark"]
  },
  {
    adapter: "adapter-bybit",
    venue: "bybit-inverse",
    symbols: ["BTCUSD"],
    channels: ["trades", "quotes", "book:200", "bars:1m", "ticker", "mark"]
  }
]

const kindOf: Readonly<Record<string, string>> = { trades: "trade", quotes: "quote", bars: "bar" }

/** Every channel that was asked for, as the type of its events. */
const wanted = (entries: ReadonlyArray<Entry>): ReadonlyArray<string> =>
  entries.flatMap(({ channels, symbols, venue }) =>
    symbols.flatMap((given) => {
      const symbol = given.toUpperCase().replace(/:.*/, "").replace("/", "")
      return channels.map((channel) => {
        const [kind = channel] = channel.split(":")
        return `${venue} ${symbol} ${kindOf[kind] ?? kind}`
      })
    })
  )

const told = (command: Command): ReadonlySet<string> =>
  new Set(
    command.events.flatMap((event) => ("symbol" in event ? [`${event.venue} ${event.symbol} ${event.type}`] : []))
  )

const gapsOf = (command: Command, symbol?: string) =>
  command.events.flatMap((event) =>
    event.type === "gap" && (symbol === undefined || event.symbol === symbol) ? [event] : []
  )

const tradesOf = (command: Command, symbol: string) =>
  command.events.flatMap((event) => (event.type === "trade" && event.symbol === symbol ? [event] : []))

/** The ids that the venue has of a symbol's trades between two of them, both included. */
const idsBetween = (market: MarketKind, symbol: string, first: string, last: string): ReadonlyArray<string> => {
  const ids = simulator.control.trades(market, symbol).map(({ venueId }) => venueId!)
  return ids.slice(ids.indexOf(first), ids.indexOf(last) + 1)
}

const further = (command: Command, symbol: string, count: number): Promise<void> => {
  const goal = tradesOf(command, symbol).length + count
  let seen = 0
  return command.until((event) => event.type === "trade" && event.symbol === symbol && ++seen >= goal)
}

const isLive = (symbol: string) => (event: Event.Event) =>
  event.type === "bookState" && event.symbol === symbol && event.state === "live"

describe("Binance and Bybit side by side", () => {
  it("stream every channel of one configuration, without a gap", async () => {
    const command = run("stream", "--config", configure(sideBySide))
    const missing = new Set(wanted(sideBySide))
    await command.until((event) => {
      if ("symbol" in event) missing.delete(`${event.venue} ${event.symbol} ${event.type}`)
      return missing.size === 0
    })
    assert.strictEqual(await command.stop(), 0)
    assert.deepStrictEqual(gapsOf(command), [])
    const isEvent = Schema.is(Event.Event)
    assert.deepStrictEqual(
      command.events.filter((event) => !isEvent(event)),
      []
    )
  }, 60_000)

  it("run the demo together", async () => {
    const command = run("run", "--duration", "6s")
    assert.strictEqual(await command.exit, 0)
    const venues = ["binance", "binance-usdm", "bybit", "bybit-linear"]
    const expected = venues.flatMap((venue) =>
      ["BTCUSDT", "ETHUSDT"].flatMap((symbol) => ["trade", "quote", "book"].map((type) => `${venue} ${symbol} ${type}`))
    )
    const seen = told(command)
    assert.deepStrictEqual(
      expected.filter((each) => !seen.has(each)),
      []
    )
    assert.deepStrictEqual(gapsOf(command), [])
  }, 60_000)
})

for (const { market, symbol, venue } of [
  { venue: "bybit", market: "bybit-spot", symbol: "BTCUSDT" },
  { venue: "bybit-linear", market: "bybit-linear", symbol: "BTCUSDT" },
  { venue: "bybit-inverse", market: "bybit-inverse", symbol: "BTCUSD" }
] as const) {
  const other = symbol.replace("BTC", "ETH")
  const filter = { market, symbol }

  describe(`${venue} through faults`, () => {
    it("S-C4 S-A1 a killed socket costs no trade and touches no other symbol", async () => {
      const command = stream(`${venue}:${symbol},${other}`, "trades,quotes,book")
      await Promise.all([further(command, symbol, 5), further(command, other, 5)])
      // what is missed while it is away has to be among the latest, of which spot shows sixty
      simulator.control.setRates({ tradesPerSecond: 4 })
      simulator.control.inject({ kind: "refuse", durationMs: 500, filter: { market } })
      simulator.control.inject({ kind: "kill", filter })
      await command.until((event) => event.type === "connection" && event.state === "Reconnecting")
      // a taker that trades while nobody listens
      simulator.control.trade(market, symbol, "buy", 1)
      await Promise.all([further(command, symbol, 10), further(command, other, 10)])
      await command.until((event) => event.type === "gap" && event.symbol === symbol && event.channel === "book")
      assert.strictEqual(await command.stop(), 0)
      for (const each of [symbol, other]) {
        const ids = tradesOf(command, each).map(({ id }) => id)
        assert.deepStrictEqual(ids, idsBetween(market, each, ids[0]!, ids.at(-1)!), each)
      }
      const gaps = gapsOf(command, symbol).filter(({ channel }) => channel === "trades")
      assert.deepStrictEqual(
        gaps.map(({ lost, repaired }) => [lost, repaired]),
        [[tradesOf(command, symbol).filter(({ origin }) => origin === "backfill").length, true]]
      )
      assert.deepStrictEqual(gapsOf(command, other), [])
    }, 60_000)

    it("a change that is missing subscribes that book anew, on the same socket", async () => {
      const command = stream(`${venue}:${symbol},${other}`, "trades,book:50", "--isolation", "shared")
      await Promise.all([command.until(isLive(symbol)), command.until(isLive(other))])
      simulator.control.inject({ kind: "drop", filter: { ...filter, stream: `orderbook.50.${symbol}` }, count: 1 })
      await command.until((event) => event.type === "gap" && event.symbol === symbol)
      await command.until(
        (event) =>
          event.type === "book" && event.kind === "delta" && event.symbol === symbol && gapsOf(command).length > 0
      )
      assert.strictEqual(await command.stop(), 0)
      const states = (of: string) =>
        command.events.flatMap((event) => (event.type === "bookState" && event.symbol === of ? [event.state] : []))
      assert.deepStrictEqual(
        [states(symbol), states(other)],
        [
          ["syncing", "live", "stale", "syncing", "live"],
          ["syncing", "live"]
        ]
      )
      assert.deepStrictEqual(
        gapsOf(command).map((gap) => [gap.symbol, gap.channel, gap.reason, gap.repaired]),
        [[symbol, "book:50", "sequence", true]]
      )
      assert.deepStrictEqual(
        [
          simulator.stats().dials.length,
          command.events.some((event) => event.type === "connection" && event.state === "Reconnecting")
        ],
        [1, false]
      )
    }, 60_000)

    it("a service that restarts gives a whole book with update 1, and the stream goes on from it", async () => {
      const command = stream(`${venue}:${symbol}`, "quotes,book:50")
      await command.until(isLive(symbol))
      await pass(300)
      simulator.control.inject({ kind: "restart", filter })
      const after = (type: "quote" | "book") => (event: Event.Event) =>
        event.type === type && (event.sequence ?? Infinity) > 1 && (event.sequence ?? Infinity) < 1_000
      await Promise.all([command.until(after("quote")), command.until(after("book"))])
      assert.strictEqual(await command.stop(), 0)
      const index = command.events.findIndex((event) => event.type === "book" && event.sequence === 1)
      const book = command.events[index]!
      assert.deepStrictEqual([book.type === "book" && book.kind, command.events[index + 1]!.type], ["snapshot", "gap"])
      const states = command.events.flatMap((event) => (event.type === "bookState" ? [event.state] : []))
      assert.deepStrictEqual(states, ["syncing", "live"])
      const sequences = command.events.slice(index).flatMap((event) => (event.type === "book" ? [event.sequence] : []))
      assert.deepStrictEqual(
        sequences,
        sequences.map((_, at) => at + 1)
      )
    }, 60_000)

    it("an unknown symbol ends alone, also where the venue refuses the whole request for it", async () => {
      // without the list of instruments nobody knows better than the venue
      simulator.control.inject({ kind: "rest", status: 500, path: "/v5/market/instruments-info", count: 1_000 })
      const command = stream(`${venue}:${symbol},NOSUCHCOIN,${other}`, "trades,book:50", "--isolation", "shared")
      await Promise.all([further(command, symbol, 3), further(command, other, 3)])
      const ended = ["trades", "book:50"].map((channel) =>
        command.until(
          (event) =>
            event.type === "subscription" &&
            event.symbol === "NOSUCHCOIN" &&
            event.channel === channel &&
            event.state === "ended"
        )
      )
      await Promise.all(ended)
      assert.strictEqual(await command.stop(), 0)
      const reasons = command.events.flatMap((event) =>
        event.type === "subscription" && event.state === "ended" && event.symbol === "NOSUCHCOIN" ? [event.reason] : []
      )
      const expected = venue === "bybit" ? /Invalid symbol/ : /handler not found/
      for (const reason of reasons) assert.match(reason ?? "", expected)
      assert.strictEqual(reasons.length, 2)
      assert.deepStrictEqual(gapsOf(command), [])
    }, 60_000)
  })
}

describe("bybit: what cannot be refilled", () => {
  it("is told, with what can be behind it: more trades were missed than the venue shows", async () => {
    const command = stream("bybit:BTCUSDT", "trades")
    await further(command, "BTCUSDT", 5)
    simulator.control.setRates({ tradesPerSecond: 0 })
    await pass(300)
    const last = tradesOf(command, "BTCUSDT").at(-1)!
    simulator.control.inject({ kind: "refuse", count: 1 })
    simulator.control.inject({ kind: "kill" })
    await command.until((event) => event.type === "connection" && event.state === "Reconnecting")
    for (let each = 0; each < 100; each++) simulator.control.trade("bybit-spot", "BTCUSDT", "buy", 0.001)
    await command.until((event) => event.type === "connection" && event.state === "Active" && event.attempt > 0)
    simulator.control.setRates({ tradesPerSecond: 20 })
    await command.until(
      (event) =>
        event.type === "trade" &&
        event.origin === "stream" &&
        Number(event.id) > Number(last.id) &&
        event.receivedTime > last.receivedTime
    )
    assert.strictEqual(await command.stop(), 0)
    const [gap, ...more] = gapsOf(command)
    assert.deepStrictEqual([more, gap?.lost, gap?.repaired, gap?.from], [[], null, false, last.exchangeTime])
    const behind = command.events.slice(command.events.indexOf(gap!) + 1).filter((event) => event.type === "trade")
    const ids = behind.map(({ id }) => id)
    assert.deepStrictEqual(ids, idsBetween("bybit-spot", "BTCUSDT", ids[0]!, ids.at(-1)!))
    assert.strictEqual(gap!.to, behind[0]!.exchangeTime)
    // one page of the venue, less those that came live
    assert.isAtLeast(behind.filter(({ origin }) => origin === "backfill").length, 50)
  }, 60_000)
})
