/**
 * Polling and hybrid transport through the command line, against the simulated venues: what the venue knows to have
 * traded is held against the lines that came out, and what it counted of requests against what it allows.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { Event } from "@tidewire/core"
import { type MarketKind, Simulator } from "@tidewire/simulator"
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

interface Venue {
  readonly adapter: string
  readonly venue: string
  readonly market: MarketKind
  readonly hasMark: boolean
}

const venues: ReadonlyArray<Venue> = [
  { adapter: "adapter-binance", venue: "binance", market: "spot", hasMark: false },
  { adapter: "adapter-binance", venue: "binance-usdm", market: "usdm", hasMark: true },
  { adapter: "adapter-bybit", venue: "bybit", market: "bybit-spot", hasMark: false },
  { adapter: "adapter-bybit", venue: "bybit-linear", market: "bybit-linear", hasMark: true }
]

/** Streams a configuration of one venue on the simulator. */
const stream = (
  { adapter, venue }: Venue,
  entry: Record<string, unknown>,
  ...flags: ReadonlyArray<string>
): Command => {
  const file = `${folder}/tidewire.json`
  const endpoints = { stream: simulator.wsUrl, rest: simulator.url }
  writeFileSync(
    file,
    JSON.stringify({ venues: [{ adapter: `${root}packages/${adapter}`, venue, endpoints, ...entry }] })
  )
  const command = tidewire("stream", "--config", file, ...flags)
  commands.push(command)
  return command
}

const of = <Type extends Event.Event["type"]>(command: Command, type: Type, symbol = "BTCUSDT") =>
  command.events.flatMap((event) =>
    event.type === type && (!("symbol" in event) || event.symbol === symbol)
      ? [event as Extract<Event.Event, { readonly type: Type }>]
      : []
  )

/** Every trade of the venue's stream between two of them, both included, by the ids of the stream. */
const truth = (market: MarketKind, symbol: string, ids: ReadonlyArray<string>): ReadonlyArray<string> => {
  const { control } = simulator
  const all = market === "usdm" ? control.aggregates(market, symbol) : control.trades(market, symbol)
  const known = all.map(({ id, venueId }) => venueId ?? String(id))
  return known.slice(known.indexOf(ids[0]!), known.indexOf(ids.at(-1)!) + 1)
}

/** Trades are those of the venue, in its order, each once, and nothing was told to be missing. */
const assertWhole = (command: Command, market: MarketKind, symbol: string, atLeast: number): void => {
  const ids = of(command, "trade", symbol).map(({ id }) => id)
  assert.deepStrictEqual(ids, truth(market, symbol, ids))
  assert.isAtLeast(ids.length, atLeast)
  const lost = of(command, "gap", symbol).filter(({ channel, repaired }) => channel === "trades" && !repaired)
  assert.deepStrictEqual(lost, [])
}

const until = (command: Command, condition: (event: Event.Event) => boolean): Promise<void> => {
  const seen = command.events.length
  return command.until((event) => command.events.indexOf(event) >= seen && condition(event))
}

const trades = (command: Command, count: number, origin?: Event.Origin, symbol = "BTCUSDT"): Promise<void> => {
  let left = count
  return until(
    command,
    (event) =>
      event.type === "trade" &&
      event.symbol === symbol &&
      (origin === undefined || event.origin === origin) &&
      --left <= 0
  )
}

const isConnection = (name: RegExp, state: Event.ConnectionStateName) => (event: Event.Event) =>
  event.type === "connection" && name.test(event.connection) && event.state === state

/**
 * The least and the most weight of a window of the venue: polls have 0.4 of what may be used, evenly over a window, beside
 * the list of instruments. Bybit's windows slide and may meet two of ours.
 */
const budgets: Readonly<Record<string, readonly [least: number, most: number]>> = {
  binance: [280, 1_700],
  "binance-usdm": [110, 673],
  bybit: [70, 169],
  "bybit-linear": [70, 169]
}

const reconnect = { base: "100 millis", max: "200 millis", attempts: 2, coolDown: "5 seconds" }

for (const each of venues) {
  const { hasMark, market, venue } = each
  const channels = ["trades", "quotes", "book", "bars:1m", "ticker", ...(hasMark ? ["mark"] : [])]
  const polling = { trades: "500ms", quotes: "500ms", book: "1s", bars: "1s", ticker: "1s", mark: "1s" }
  const refused = { kind: "refuse", filter: { market }, count: 1_000_000 } as const

  describe(`S-D6 ${venue}`, () => {
    it("polled alone: every channel, every trade once, no socket", async () => {
      const command = stream(each, {
        subscriptions: [{ symbols: ["BTCUSDT"], channels }],
        transport: "polling",
        connection: { polling }
      })
      const types = new Set(["trade", "quote", "book", "bar", "ticker", ...(hasMark ? ["mark"] : [])])
      await command.until((event) => types.delete(event.type) && types.size === 0)
      await trades(command, 60)
      assert.strictEqual(await command.stop(), 0)
      assertWhole(command, market, "BTCUSDT", 60)
      const told = command.events.filter((event) => "origin" in event && event.origin !== "polling")
      assert.deepStrictEqual([told, of(command, "gap"), simulator.stats().dials], [[], [], []])
      const isEvent = Schema.is(Event.Event)
      assert.deepStrictEqual(
        command.events.filter((event) => !isEvent(event)),
        []
      )
      const books = of(command, "book")
      assert.isTrue(books.every(({ kind }) => kind === "snapshot"))
      assert.strictEqual(new Set(books.map(({ sequence }) => sequence)).size, books.length)
      assert.deepStrictEqual(
        of(command, "bookState").map(({ state }) => state),
        ["syncing", "live"]
      )
      assert.deepStrictEqual(
        of(command, "connection").map(({ connection, state }) => `${connection} ${state}`),
        ["Connecting", "Connected", "Subscribing", "Active", "Stopped"].map((state) => `BTCUSDT/polling ${state}`)
      )
    }, 60_000)

    it("hybrid: polled while the sockets are refused, then the socket again, every trade once", async () => {
      const command = stream(each, {
        subscriptions: [{ symbols: ["BTCUSDT"], channels }],
        transport: "hybrid",
        connection: { reconnect, polling }
      })
      await trades(command, 20)
      await command.until((event) => event.type === "bookState" && event.state === "live")
      const { id } = simulator.control.inject(refused)
      simulator.control.inject({ kind: "kill", filter: { market } })
      await until(command, isConnection(/^BTCUSDT/, "Failed"))
      await until(command, isConnection(/\/fallback$/, "Active"))
      await trades(command, 40, "polling")
      const during = command.events.length
      await until(command, (event) => event.type === "book")
      simulator.control.clear(id)
      await until(command, (event) => event.type === "book" && event.kind === "delta")
      await trades(command, 40, "stream")
      const rest = restOf(market)
      await pass(1_500)
      assert.strictEqual(restOf(market) - rest, 0)
      assert.strictEqual(await command.stop(), 0)
      assertWhole(command, market, "BTCUSDT", 100)
      const finals = of(command, "bar").flatMap(({ isFinal, openTime }) => (isFinal ? [openTime] : []))
      assert.strictEqual(new Set(finals).size, finals.length)
      const reasons = of(command, "subscription").flatMap(({ channel, reason }) =>
        channel === "trades" && reason?.includes("socket") === true ? [reason] : []
      )
      assert.deepStrictEqual(reasons, ["polled while the socket is down", "the socket is back"])
      assert.match(command.errors(), /polled while the socket is down/)
      assert.match(command.errors(), /the socket is back: polling ends/)
      // what is polled is a snapshot each time; changes come only after the socket's own
      const after = command.events.slice(during).filter((event) => event.type === "book")
      const change = after.findIndex(({ kind }) => kind === "delta")
      assert.isAtLeast(change, 2)
      assert.strictEqual(after.slice(change).filter(({ kind }) => kind === "snapshot").length, 0)
    }, 60_000)

    it("by subscription: one symbol is polled, the other streams", async () => {
      const command = stream(each, {
        subscriptions: [
          { symbols: ["BTCUSDT"], channels: ["trades"], transport: "polling" },
          { symbols: ["ETHUSDT"], channels: ["trades"] }
        ]
      })
      await Promise.all([trades(command, 20), trades(command, 20, undefined, "ETHUSDT")])
      assert.strictEqual(await command.stop(), 0)
      for (const symbol of ["BTCUSDT", "ETHUSDT"]) assertWhole(command, market, symbol, 20)
      const origins = ["BTCUSDT", "ETHUSDT"].map(
        (symbol) => new Set(of(command, "trade", symbol).map((one) => one.origin))
      )
      assert.deepStrictEqual(origins, [new Set(["polling"]), new Set(["stream"])])
      assert.strictEqual(simulator.stats().dials.length, 1)
    }, 60_000)

    it("more polls than the REST budget has: they wait, and the venue never refuses", async () => {
      const polls = { trades: "100ms", quotes: "100ms", book: "100ms", ticker: "100ms", mark: "100ms" }
      const command = stream(each, {
        subscriptions: [{ symbols: ["BTCUSDT", "ETHUSDT"], channels: channels.filter((one) => one !== "bars:1m") }],
        transport: "polling",
        connection: { polling: polls }
      })
      await trades(command, 20)
      await pass(6_000)
      const { answered, banned, limited, peakWeight } = simulator.stats().rest[market]
      assert.strictEqual(await command.stop(), 0)
      assert.deepStrictEqual([Object.keys(answered), banned, limited], [["200"], 0, 0])
      const [least, most] = budgets[venue]!
      assert.isAtMost(peakWeight, most)
      assert.isAtLeast(peakWeight, least)
      assert.deepStrictEqual(of(command, "gap"), [])
    }, 60_000)
  })
}

/** Requests that were answered. */
const restOf = (market: MarketKind): number =>
  Object.values(simulator.stats().rest[market].answered).reduce((total, count) => total + count, 0)
