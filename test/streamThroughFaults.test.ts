/**
 * The command line against the simulated venue, through faults: what the venue knows that it sent is held against the
 * lines that came out.
 */
import { Event } from "@tidewire/core"
import { Simulator } from "@tidewire/simulator"
import * as Schema from "effect/Schema"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type Command, tidewire } from "./tidewire.ts"

const symbols = ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "XRPUSDT"]

let simulator: Simulator.Simulator
let commands: Array<Command>

beforeEach(async () => {
  simulator = await Simulator.start({ seed: 11, rates: { tradesPerSecond: 30 }, keepTrades: 100_000 })
  commands = []
})

afterEach(async () => {
  await Promise.all(commands.map((command) => command.stop("SIGKILL")))
  await simulator.stop()
})

const stream = (venue: string, channels: string, ...flags: ReadonlyArray<string>): Command => {
  const command = tidewire(
    "stream",
    `${venue}:${symbols.join(",")}`,
    channels,
    "--endpoint",
    `stream=${simulator.wsUrl}`,
    "--endpoint",
    `rest=${simulator.url}`,
    ...flags
  )
  commands.push(command)
  return command
}

/** Resolves when `count` further trades of every symbol have come. */
const furtherTrades = (command: Command, count: number, of: ReadonlyArray<string> = symbols): Promise<unknown> =>
  Promise.all(
    of.map((symbol) => {
      const wanted = tradesOf(command.events, symbol).length + count
      let seen = 0
      return command.until((event) => event.type === "trade" && event.symbol === symbol && ++seen >= wanted)
    })
  )

const tradesOf = (events: ReadonlyArray<Event.Event>, symbol: string) =>
  events.flatMap((event) => (event.type === "trade" && event.symbol === symbol ? [Number(event.id)] : []))

/**
 * Every id from the first to the last is there once, in order, or inside a gap that counts it and was not repaired; how
 * many are missing. What a repaired gap covers has been delivered.
 */
const accountFor = (events: ReadonlyArray<Event.Event>, symbol: string): number => {
  const delivered = new Map<number, string>()
  let expected: number | undefined
  let missing = 0
  for (const event of events) {
    if (event.type === "gap" && event.symbol === symbol && event.channel === "trades") {
      const [from, to] = [Number(event.from), Number(event.to)]
      assert.strictEqual(to, event.repaired ? expected : expected! + event.lost!)
      if (event.repaired) {
        const origins = Array.from({ length: to - from - 1 }, (_, index) => delivered.get(from + 1 + index))
        assert.strictEqual(origins.filter((origin) => origin === "backfill").length, event.lost)
      } else {
        assert.deepStrictEqual([from, event.lost], [expected! - 1, to - from - 1])
        missing += event.lost!
        expected = to
      }
    } else if (event.type === "trade" && event.symbol === symbol) {
      assert.strictEqual(Number(event.id), expected ?? Number(event.id))
      delivered.set(Number(event.id), event.origin)
      expected = Number(event.id) + 1
    }
  }
  return missing
}

const gapsOf = (events: ReadonlyArray<Event.Event>, symbol: string) =>
  events.filter((event) => event.type === "gap" && event.symbol === symbol)

/** The book that the lines add up to, and what its state is. */
const bookOf = (events: ReadonlyArray<Event.Event>, symbol: string) => {
  const sides = { bids: new Map<number, number>(), asks: new Map<number, number>() }
  let sequence = 0
  let state = ""
  for (const event of events) {
    if (event.type === "bookState" && event.symbol === symbol) state = event.state
    if (event.type !== "book" || event.symbol !== symbol) continue
    for (const side of ["bids", "asks"] as const) {
      if (event.kind === "snapshot") sides[side].clear()
      for (const [price, size] of event[side]) {
        if (size === 0) sides[side].delete(price)
        else sides[side].set(price, size)
      }
    }
    sequence = event.sequence
  }
  return { sides, sequence, state }
}

/** Waits until the lines have the simulator's whole book, at a moment when both stand still. */
const untilBookIsTrue = async (command: Command, market: "spot" | "usdm", symbol: string): Promise<void> => {
  simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })
  const truth = () => simulator.control.book(market, symbol)
  await command.until((event) => event.type === "book" && event.symbol === symbol && event.sequence >= truth().updateId)
  const { sequence, sides, state } = bookOf(command.events, symbol)
  const { asks, bids, updateId } = truth()
  assert.deepStrictEqual([sequence, state], [updateId, "live"])
  const best = (levels: ReadonlyArray<readonly [string, string]>) =>
    levels.map(([price, size]) => [Number(price), Number(size)]).sort(([a], [b]) => a! - b!)
  const rebuilt = (side: Map<number, number>) => [...side].sort(([a], [b]) => a - b)
  assert.deepStrictEqual([rebuilt(sides.bids), rebuilt(sides.asks)], [best(bids), best(asks)])
}

for (const { market, venue } of [
  { venue: "binance", market: "spot" },
  { venue: "binance-usdm", market: "usdm" }
] as const) {
  describe(`${venue} through faults`, () => {
    it("S-A1 one socket for each symbol and route; one killed loses nothing on the others and comes back", async () => {
      const command = stream(venue, "trades,quotes,book")
      await furtherTrades(command, 3)
      const sockets = simulator.stats().connections.length
      simulator.control.inject({ kind: "kill", filter: { market, symbol: "BTCUSDT" } })
      await command.until(
        (event) => event.type === "connection" && event.state === "Reconnecting" && event.connection.includes("BTCUSDT")
      )
      await furtherTrades(command, 10)
      for (const channel of ["book", "quotes"]) {
        await command.until((event) => event.type === "gap" && event.symbol === "BTCUSDT" && event.channel === channel)
      }
      assert.strictEqual(await command.stop(), 0)
      assert.strictEqual(sockets, venue === "binance" ? 5 : 10)
      for (const symbol of symbols.slice(1)) {
        assert.deepStrictEqual([accountFor(command.events, symbol), gapsOf(command.events, symbol)], [0, []], symbol)
      }
      // what was missed on the killed socket has been fetched
      assert.strictEqual(accountFor(command.events, "BTCUSDT"), 0)
      const told = gapsOf(command.events, "BTCUSDT").flatMap((gap) =>
        gap.type === "gap" && gap.channel !== "trades" ? [`${gap.channel} ${gap.reason}`] : []
      )
      const expected = ["book disconnect", "quotes disconnect"]
      assert.deepStrictEqual([told.length, new Set(told)], [expected.length, new Set(expected)])
    }, 60_000)

    it("S-A2 shared: one socket for each route, and the same after its loss", async () => {
      const command = stream(venue, "trades", "--isolation", "shared")
      await furtherTrades(command, 3)
      const sockets = simulator.stats().connections.length
      simulator.control.inject({ kind: "kill", filter: { market } })
      await command.until((event) => event.type === "connection" && event.state === "Reconnecting")
      await furtherTrades(command, 10)
      assert.strictEqual(await command.stop(), 0)
      assert.strictEqual(sockets, 1)
      for (const symbol of symbols) assert.strictEqual(accountFor(command.events, symbol), 0, symbol)
    }, 60_000)

    it("a dropped change makes that book stale, rebuilt and live again; all else is untouched", async () => {
      const command = stream(venue, "trades,book")
      // until a change has followed the snapshot, a missing one may be in the snapshot already
      await Promise.all(
        symbols.map((symbol) =>
          command.until((event) => event.type === "book" && event.symbol === symbol && event.kind === "delta")
        )
      )
      simulator.control.inject({
        kind: "drop",
        filter: { market, symbol: "ETHUSDT", stream: "ethusdt@depth@100ms" }
      })
      await command.until((event) => event.type === "gap" && event.symbol === "ETHUSDT")
      await command.until((event) => event.type === "bookState" && event.symbol === "ETHUSDT" && event.state === "live")
      await furtherTrades(command, 3)
      await untilBookIsTrue(command, market, "ETHUSDT")
      assert.strictEqual(await command.stop(), 0)
      const states = (symbol: string) =>
        command.events.flatMap((event) => (event.type === "bookState" && event.symbol === symbol ? [event.state] : []))
      assert.deepStrictEqual(states("ETHUSDT"), ["syncing", "live", "stale", "syncing", "live"])
      assert.deepStrictEqual(
        gapsOf(command.events, "ETHUSDT").map((gap) => gap.type === "gap" && [gap.channel, gap.reason, gap.repaired]),
        [["book", "sequence", true]]
      )
      for (const symbol of symbols.filter((each) => each !== "ETHUSDT")) {
        assert.deepStrictEqual([states(symbol), gapsOf(command.events, symbol)], [["syncing", "live"], []], symbol)
      }
      assert.strictEqual(accountFor(command.events, "ETHUSDT"), 0)
    }, 60_000)

    it("duplicates, malformed, binary and overtaken frames neither stop nor repeat anything", async () => {
      const command = stream(venue, "trades,book")
      await furtherTrades(command, 3)
      const filter = { market }
      simulator.control.inject({ kind: "duplicate", filter, count: 20 })
      for (const form of ["json", "truncated", "types", "missing", "binary", "empty"] as const) {
        simulator.control.inject({ kind: "malformed", form, keep: true, filter, count: 5 })
      }
      await furtherTrades(command, 20)
      for (const symbol of symbols) await untilBookIsTrue(command, market, symbol)
      assert.strictEqual(await command.stop(), 0)
      for (const symbol of symbols) assert.strictEqual(accountFor(command.events, symbol), 0, symbol)
      assert.match(command.errors(), /"malformed":(?!0)\d+/)
    }, 60_000)

    it("a snapshot that is too old is asked for again, until the book is the venue's", async () => {
      const filter = { market, symbol: "BTCUSDT" }
      simulator.control.book(market, "BTCUSDT")
      simulator.control.inject({ kind: "staleSnapshot", filter, count: 2 })
      const command = stream(venue, "book")
      // a snapshot that comes before any change is proved, or found out, by the first change
      await command.until((event) => event.type === "book" && event.symbol === "BTCUSDT" && event.kind === "delta")
      await untilBookIsTrue(command, market, "BTCUSDT")
      assert.strictEqual(await command.stop(), 0)
    }, 60_000)

    it("every line is an event of the published shape", async () => {
      const command = stream(
        venue,
        venue === "binance" ? "trades,quotes,book,bars:1m,ticker" : "trades,quotes,book:20,bars:1m,ticker,mark"
      )
      await furtherTrades(command, 20)
      assert.strictEqual(await command.stop(), 0)
      const isEvent = Schema.is(Event.Event)
      assert.deepStrictEqual(
        command.events.filter((event) => !isEvent(event)),
        []
      )
    }, 60_000)
  })
}

describe("start-up", () => {
  it("S-A5 goes on without an instrument list, with the symbols as given", async () => {
    simulator.control.inject({ kind: "rest", status: 500, path: "/api/v3/exchangeInfo", count: 1_000 })
    const command = stream("binance", "trades")
    await furtherTrades(command, 2)
    assert.strictEqual(await command.stop(), 0)
    assert.match(command.errors(), /instrument/)
  }, 60_000)

  it("S-A5 S-B4 fails with 1 and says what was not reached when nothing becomes active", async () => {
    simulator.control.inject({ kind: "refuse", count: 1_000_000 })
    const command = stream("binance", "trades", "--start-within", "3s")
    assert.strictEqual(await command.exit, 1)
    assert.match(command.errors(), /BTCUSDT/)
  }, 60_000)
})
