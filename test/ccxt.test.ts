/**
 * CCXT Pro beside the native adapter: the same configuration with only the adapter changed, against one exchange, gives
 * the same trades and the same books; and how `stream` finds it.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { type Event, OrderBook } from "@tidewire/core"
import { Simulator } from "@tidewire/simulator"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import { type Command, tidewire } from "./tidewire.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

let simulator: Simulator.Simulator
let commands: Array<Command>
let folder: string

beforeEach(async () => {
  simulator = await Simulator.start({ seed: 7, rates: { tradesPerSecond: 30 }, keepTrades: 100_000 })
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

const stream = (adapter: string): Command => {
  const file = `${folder}/${adapter}.json`
  const entry = {
    adapter: `${root}packages/${adapter}`,
    venue: "binance",
    endpoints: { stream: simulator.wsUrl, rest: simulator.url },
    subscriptions: [{ symbols: ["BTC/USDT", "eth/usdt"], channels: ["trades", "book"] }]
  }
  writeFileSync(file, JSON.stringify({ venues: [entry] }))
  return run("stream", "--config", file)
}

const tradesOf = ({ events }: Command, base: string) =>
  events.flatMap((each) => (each.type === "trade" && each.symbol.startsWith(base) ? [each] : []))

/** The whole book at each sequence that was told. */
const booksOf = ({ events }: Command, base: string): ReadonlyMap<number, string> => {
  const book = new OrderBook.OrderBook()
  const told = new Map<number, string>()
  for (const event of events) {
    if (event.type !== "book" || !event.symbol.startsWith(base)) continue
    if (event.kind === "snapshot") book.replace(event)
    else book.apply({ ...event, last: event.sequence })
    told.set(event.sequence, JSON.stringify([book.bids(), book.asks()]))
  }
  return told
}

describe("S-D3 CCXT Pro in the place of the native adapter", () => {
  it("gives the same trades and, at the same sequences, the same books, and no gap", async () => {
    const native = stream("adapter-binance")
    const library = stream("adapter-ccxt-pro")
    const both = [native, library]
    for (const base of ["BTC", "ETH"]) {
      for (const each of both) {
        await each.until(() => tradesOf(each, base).length > 150 && booksOf(each, base).size > 30)
      }
    }
    assert.deepStrictEqual(await Promise.all(both.map((each) => each.stop())), [0, 0])
    for (const base of ["BTC", "ETH"]) {
      const [one, other] = [tradesOf(native, base), tradesOf(library, base)]
      const from = Math.max(Number(one[0]!.id), Number(other[0]!.id))
      const to = Math.min(Number(one.at(-1)!.id), Number(other.at(-1)!.id))
      const shared = (trades: ReadonlyArray<Event.Trade>) =>
        trades
          .filter(({ id }) => Number(id) >= from && Number(id) <= to)
          .map(({ exchangeTime, id, price, side, size }) => [id, price, size, side, exchangeTime])
      assert.strictEqual(shared(one).length, to - from + 1)
      assert.isAbove(to - from, 50)
      assert.deepStrictEqual(shared(other), shared(one))

      const [books, others] = [booksOf(native, base), booksOf(library, base)]
      const sequences = [...others.keys()].filter((sequence) => books.has(sequence))
      assert.isAbove(sequences.length, 20)
      // CCXT's changes end where the exchange's do; a snapshot may lie between two
      const [least, most] = [Math.min(...books.keys()), Math.max(...books.keys())]
      const changes = library.events.flatMap((each) =>
        each.type === "book" && each.kind === "delta" && each.symbol.startsWith(base) ? [each.sequence] : []
      )
      const strange = changes.filter((each) => each >= least && each <= most && !books.has(each))
      assert.deepStrictEqual(strange, [])
      for (const sequence of sequences) assert.strictEqual(others.get(sequence), books.get(sequence))
    }
    for (const { events } of both)
      assert.deepStrictEqual(
        events.filter(({ type }) => type === "gap"),
        []
      )
  }, 60_000)
})

describe("a venue on the command line", () => {
  it("S-D3 S-E5 is the native adapter's where there is one, and CCXT's where there is none", async () => {
    const flags = ["--endpoint", `stream=${simulator.wsUrl}`, "--endpoint", `rest=${simulator.url}`, "--limit", "5"]
    const native = run("stream", "binance:BTC/USDT", "trades", ...flags)
    const library = run("stream", "binanceusdm:BTC/USDT:USDT", "trades", ...flags)
    assert.deepStrictEqual([await native.exit, await library.exit], [0, 0], library.errors())
    const names = (command: Command) =>
      new Set(command.events.flatMap((each) => (each.type === "trade" ? [`${each.venue} ${each.symbol}`] : [])))
    assert.deepStrictEqual([...names(native), ...names(library)], ["binance BTCUSDT", "binanceusdm BTC/USDT:USDT"])
  }, 60_000)

  it("S-E1 that nobody knows is told with the nearest spelling", async () => {
    const command = run("stream", "kucion:BTC/USDT", "trades")
    assert.strictEqual(await command.exit, 2)
    assert.include(command.errors(), '"kucion" is not known here (did you mean kucoin?)')
  }, 30_000)

  it("S-E5 whose key is written into the file is refused, as is a proxy that CCXT would not go through", async () => {
    const file = `${folder}/secret.json`
    const entry = {
      adapter: `${root}packages/adapter-ccxt-pro`,
      venue: "kraken",
      proxy: "http://127.0.0.1:1",
      options: { apiKey: "in plain sight", timeout: 5_000 },
      subscriptions: [{ symbols: ["BTC/USDT"], channels: ["trades"] }]
    }
    writeFileSync(file, JSON.stringify({ venues: [entry] }))
    const command = run("check", "--config", file)
    assert.strictEqual(await command.exit, 2)
    const told = command.errors()
    assert.include(told, 'venues[0].options.apiKey: comes from the environment only; expected { "env": "NAME" }')
    assert.include(told, "venues[0].proxy: has no effect: @tidewire/adapter-ccxt-pro dials by itself")
    assert.notInclude(told, "in plain sight")
  }, 30_000)

  it("S-E5 is not blocked: CCXT cannot stop reading", async () => {
    const file = `${folder}/block.json`
    const entry = {
      adapter: `${root}packages/adapter-ccxt-pro`,
      venue: "kraken",
      queue: { overflow: { trades: "block" } },
      subscriptions: [{ symbols: ["BTC/USDT"], channels: ["trades"] }]
    }
    writeFileSync(file, JSON.stringify({ venues: [entry] }))
    const command = run("check", "--config", file)
    assert.strictEqual(await command.exit, 2)
    assert.include(command.errors(), 'venues[0].queue.overflow.trades: "block" needs a socket that can pause')
  }, 30_000)
})
