/**
 * Worker threads through the command line, against the simulated venues: what the venue knows that it sent is held against
 * the lines that came out, also when a thread dies.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import type { Event } from "@tidewire/core"
import { type MarketKind, Simulator } from "@tidewire/simulator"
import { afterEach, assert, beforeEach, describe, it, vi } from "vitest"
import { type Command, tidewire } from "./tidewire.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

const symbols = ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT"]

let simulator: Simulator.Simulator
let commands: Array<Command>
let folder: string

beforeEach(async () => {
  simulator = await Simulator.start({ seed: 23, rates: { tradesPerSecond: 30 }, keepTrades: 100_000 })
  commands = []
  folder = mkdtempSync(`${tmpdir()}/tidewire-`)
})

afterEach(async () => {
  await Promise.all(commands.map((command) => command.stop("SIGKILL")))
  await simulator.stop()
  rmSync(folder, { recursive: true })
})

const mortal = `${root}test/mortal`
/** Where a thread is told how to die. */
const told = () => `${folder}/die`

const stream = (entry: Record<string, unknown>): Command => {
  const file = `${folder}/tidewire-${commands.length}.json`
  const endpoints = { stream: simulator.wsUrl, rest: simulator.url }
  writeFileSync(file, JSON.stringify({ venues: [{ endpoints, ...entry }] }))
  process.env["TIDEWIRE_MORTAL"] = told()
  const command = tidewire("stream", "--config", file)
  commands.push(command)
  return command
}

const binance = { adapter: mortal, venue: "binance", subscriptions: [{ symbols, channels: ["trades", "book"] }] }

/** Of what comes from now on. */
const until = (command: Command, condition: (event: Event.Event) => boolean): Promise<void> => {
  const seen = command.events.length
  return command.until((event) => command.events.indexOf(event) >= seen && condition(event))
}

const trades = (command: Command, count: number, of: ReadonlyArray<string> = symbols): Promise<unknown> =>
  Promise.all(
    of.map((symbol) => {
      let left = count
      return until(command, (event) => event.type === "trade" && event.symbol === symbol && --left <= 0)
    })
  )

const idsOf = (command: Command, symbol: string): ReadonlyArray<string> =>
  command.events.flatMap((event) => (event.type === "trade" && event.symbol === symbol ? [event.id] : []))

const gapsOf = (command: Command, symbol: string): ReadonlyArray<Event.Gap> =>
  command.events.flatMap((event) => (event.type === "gap" && event.symbol === symbol ? [event] : []))

/** The venue's own trades between two, both included. */
const sent = (market: MarketKind, symbol: string, ids: ReadonlyArray<string>): ReadonlyArray<string> => {
  const all = simulator.control.trades(market, symbol).map(({ id, venueId }) => venueId ?? String(id))
  return all.slice(all.indexOf(ids[0]!), all.indexOf(ids.at(-1)!) + 1)
}

/** The book that the lines add up to. */
const bookOf = (command: Command, symbol: string) => {
  const sides = { bids: new Map<number, number>(), asks: new Map<number, number>() }
  for (const event of command.events) {
    if (event.type !== "book" || event.symbol !== symbol) continue
    for (const side of ["bids", "asks"] as const) {
      if (event.kind === "snapshot") sides[side].clear()
      for (const [price, size] of event[side]) {
        if (size === 0) sides[side].delete(price)
        else sides[side].set(price, size)
      }
    }
  }
  const sorted = (side: ReadonlyMap<number, number>) => [...side].sort(([one], [other]) => one - other)
  return { bids: sorted(sides.bids), asks: sorted(sides.asks) }
}

/** The lines have the venue's whole book, once both stand still. */
const assertBook = async (command: Command, market: MarketKind, symbol: string): Promise<void> => {
  const truth = simulator.control.book(market, symbol)
  await command.until((event) => event.type === "book" && event.symbol === symbol && event.sequence >= truth.updateId)
  const numbers = (levels: ReadonlyArray<readonly [string, string]>) =>
    levels.map(([price, size]): [number, number] => [Number(price), Number(size)]).sort(([one], [other]) => one - other)
  assert.deepStrictEqual(bookOf(command, symbol), { bids: numbers(truth.bids), asks: numbers(truth.asks) }, symbol)
}

const standStill = () => simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })

/** The symbols of each worker, by the names of their connections. */
const shares = (command: Command): ReadonlyArray<ReadonlyArray<string>> => {
  const names = command.events.flatMap((event) => (event.type === "connection" ? [event.connection] : []))
  const byWorker = Map.groupBy(new Set(names), (name) => name.split("@")[1])
  return [...byWorker.values()].map((each) => each.map((name) => name.split(/[/@]/)[0]!))
}

describe("workers: 2", () => {
  it("S-A1 the trades and books are the venue's, as without workers; two symbols a worker", async () => {
    const [without, withTwo] = [0, 2].map((workers) => stream({ ...binance, workers })) as [Command, Command]
    await Promise.all([trades(without, 20), trades(withTwo, 20)])
    standStill()
    for (const symbol of symbols) {
      for (const command of [without, withTwo]) {
        const ids = idsOf(command, symbol)
        await assertBook(command, "spot", symbol)
        assert.deepStrictEqual([ids, gapsOf(command, symbol)], [sent("spot", symbol, ids), []], symbol)
      }
      assert.deepStrictEqual(bookOf(withTwo, symbol), bookOf(without, symbol))
    }
    assert.deepStrictEqual(
      shares(withTwo).map((each) => each.length),
      [2, 2]
    )
    assert.deepStrictEqual(await Promise.all([without.stop(), withTwo.stop()]), [0, 0])
  })

  it("S-A6 a stop drains, closes every socket and accounts for every event", async () => {
    const command = stream({ ...binance, workers: 2 })
    await trades(command, 3)
    assert.strictEqual(await command.stop(), 0)
    await vi.waitUntil(() => simulator.stats().connections.length === 0)
    const logs = command
      .errors()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as { message: string; annotations: Record<string, number> })
    const workers = logs.filter(({ message }) => message === "a worker stopped").map(({ annotations }) => annotations)
    const stopped = logs.find(({ message }) => message === "stopped")!.annotations
    assert.deepStrictEqual(
      workers.map(({ dropped, received, delivered }) => [dropped, received! - delivered!]),
      [
        [0, 0],
        [0, 0]
      ]
    )
    assert.strictEqual(stopped["received"], workers[0]!["delivered"]! + workers[1]!["delivered"]!)
    assert.strictEqual(stopped["received"], command.events.length)
    assert.deepStrictEqual(
      symbols.filter((symbol) =>
        command.events.some(
          (event) => event.type === "connection" && event.connection.startsWith(symbol) && event.state === "Stopped"
        )
      ),
      symbols
    )
  })

  for (const way of ["throw", "exit"]) {
    it(`a worker that dies (${way}) is told lost and replaced; its trades are mended, the other worker's untouched`, async () => {
      const command = stream({ ...binance, workers: 2 })
      await trades(command, 5)
      writeFileSync(told(), way)
      await command.until((event) => event.type === "connection" && event.state === "Reconnecting")
      const [lost, other] = lostAndOther(command)
      await Promise.all(
        lost.map((symbol) =>
          command.until((event) => event.type === "gap" && event.symbol === symbol && event.channel === "trades")
        )
      )
      await trades(command, 5)
      standStill()
      for (const symbol of symbols) await assertBook(command, "spot", symbol)
      assert.strictEqual(await command.stop(), 0)
      for (const symbol of symbols) {
        const ids = idsOf(command, symbol)
        assert.deepStrictEqual(ids, sent("spot", symbol, ids), symbol)
      }
      assert.deepStrictEqual(
        other.flatMap((symbol) => gapsOf(command, symbol)),
        []
      )
      for (const symbol of lost) {
        const gaps = gapsOf(command, symbol).map(({ channel, reason, repaired }) => ({ channel, reason, repaired }))
        assert.sameDeepMembers(gaps, [
          { channel: "trades", reason: "disconnect", repaired: true },
          { channel: "book", reason: "disconnect", repaired: true }
        ])
        const states = command.events.flatMap((event) =>
          event.type === "bookState" && event.symbol === symbol ? [event.state] : []
        )
        assert.deepStrictEqual(states, ["syncing", "live", "stale", "syncing", "live"], symbol)
      }
      assert.include(command.errors(), "a worker was lost")
    })
  }
})

/** By what became of their connections. */
const lostAndOther = (command: Command): [ReadonlyArray<string>, ReadonlyArray<string>] => {
  const lost = new Set(
    command.events.flatMap((event) =>
      event.type === "subscription" && event.state === "pending" && event.reason !== undefined ? [event.symbol] : []
    )
  )
  return [symbols.filter((symbol) => lost.has(symbol)), symbols.filter((symbol) => !lost.has(symbol))]
}
