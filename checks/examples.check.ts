/**
 * The examples run as their readmes say, from the sources: the venue of one's own in a fresh copy, the small programs
 * against a simulator whose truth what they print is held against. (`packages.check.ts` has what is packed.)
 */
import { spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { Simulator } from "@tidewire/simulator"
import * as BigDecimal from "effect/BigDecimal"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as CustomVenue from "./customVenue.ts"
import { type Ran, root, run, said } from "./workspace.ts"

const bin = `${root}apps/runner/src/bin.ts`

const runtimes: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
  ["node", []],
  ["bun", []],
  ["deno", ["run", "-A"]]
]

describe("K5 an adapter outside the workspace's packages, loaded by its path", () => {
  const place = mkdtempSync(`${tmpdir()}/tidewire-examples-`)
  let venue: CustomVenue.CustomVenue

  beforeAll(async () => {
    mkdirSync(`${place}/examples`)
    symlinkSync(`${root}node_modules`, `${place}/node_modules`)
    venue = await CustomVenue.start(`${place}/examples/custom-venue`)
  })
  afterAll(() => {
    venue.stop()
    rmSync(place, { recursive: true })
  })

  for (const [runtime, before] of runtimes) {
    it(`streams on ${runtime}, trades, quotes and checked books whole`, async () => {
      const what = ["stream", "--config", venue.configuration, "--duration", "3s"]
      const ran = await run(runtime, [...before, bin, ...what], place)
      assert.deepStrictEqual(CustomVenue.outcome(ran), CustomVenue.everything, said(ran))
    })
  }

  it("has a plan that is printed without connecting", async () => {
    const ran = await run("node", [bin, "check", "--config", venue.configuration, "--format", "json"], place)
    assert.strictEqual(ran.code, 0, said(ran))
    const { venues } = JSON.parse(ran.stdout) as {
      venues: Array<{ adapter: string; connections: Array<{ name: string; subscriptions: Array<unknown> }> }>
    }
    const plan = venues.map(({ adapter, connections }) => [
      adapter,
      ...connections.map(({ name, subscriptions }) => `${name} ${subscriptions.length}`)
    ])
    assert.deepStrictEqual(plan, [["lagoon", "PEARL/USD 3", "CORALUSD 3"]])
  })

  it("is as short as it is said to be", () => {
    const lines = (file: string) => readFileSync(`${root}examples/custom-venue/${file}`, "utf8").split("\n").length - 1
    assert.isAtMost(lines("adapter.ts"), 90)
    assert.isAtMost(lines("exchange.ts"), 80)
  })
})

describe("S-E4 the small programs, on a simulator", () => {
  const programs = ["stream-price", "portfolio", "spread-monitor", "regime"] as const
  let simulator: Simulator.Simulator

  beforeAll(async () => {
    simulator = await Simulator.start({ seed: 7, rates: { tradesPerSecond: 20 } })
  })
  afterAll(() => simulator.stop())

  const lines = ({ stdout }: Ran): ReadonlyArray<string> => stdout.trim().split("\n")
  const flags = (program: string, more: ReadonlyArray<string>): ReadonlyArray<string> => [
    `examples/${program}.ts`,
    "--endpoint",
    simulator.url,
    ...more
  ]
  const exact = (text: string) => BigDecimal.fromStringUnsafe(text)

  for (const [runtime, before] of runtimes) {
    it(`stream-price prints each change of the price on ${runtime}, and which way it went`, async () => {
      const ran = await run(runtime, [...before, ...flags("stream-price", ["--count", "6"])])
      assert.strictEqual(ran.code, 0, said(ran))
      const traded = new Set(simulator.control.trades("spot", "BTCUSDT").map(({ price }) => Number(price)))
      let last: number | undefined
      for (const line of lines(ran)) {
        const [, price = "", direction] = /^binance BTCUSDT (\d+(?:\.\d+)?)(?: (up|down))?$/.exec(line) ?? []
        assert.isTrue(traded.has(Number(price)), line)
        const expected = last === undefined ? undefined : Number(price) > last ? "up" : "down"
        assert.strictEqual(direction, expected, said(ran))
        assert.notStrictEqual(Number(price), last)
        last = Number(price)
      }
      assert.isAbove(lines(ran).length, 1)
    })
  }

  it("portfolio values positions on several venues exactly, and says what has no price", async () => {
    const positions = "binance:BTCUSDT=0.25,bybit:ETHUSDT=3.2,bybit-linear:BTCUSDT=0.1,binance:NOSUCHUSDT=1"
    const ran = await run("node", flags("portfolio", ["--positions", positions, "--duration", "3s", "--every", "30s"]))
    assert.strictEqual(ran.code, 0, said(ran))
    const values = lines(ran).flatMap((line) => {
      const [, position, size = "", price = "", value = ""] = /^(\S+ \S+) (\S+) x (\S+) = (\S+)$/.exec(line) ?? []
      if (position === undefined) return []
      assert.strictEqual(value, BigDecimal.format(BigDecimal.multiply(exact(size), exact(price))), line)
      return [[position, value] as const]
    })
    assert.deepStrictEqual(
      values.map(([position]) => position),
      ["binance BTCUSDT", "bybit ETHUSDT", "bybit-linear BTCUSDT"]
    )
    const total = BigDecimal.format(BigDecimal.sumAll(values.map(([, value]) => exact(value))))
    assert.strictEqual(lines(ran).at(-1), `total ${total} (without 1 that have no price)`)
  })

  it("spread-monitor finds the best prices over venues, exactly, and what is stale takes no part", async () => {
    const running = run(
      "node",
      flags("spread-monitor", ["--duration", "7s", "--every", "250ms", "--stale-after", "1500ms"])
    )
    await soon(() => simulator.control.state().connections.length >= 2)
    await seconds(2)
    simulator.control.inject({ kind: "silence", filter: { market: "bybit-spot" }, durationMs: 30_000 })
    const ran = await running
    assert.strictEqual(ran.code, 0, said(ran))
    /** Each time that it printed: the lines up to that of the best prices. */
    const rounds = ran.stdout.split(/(?<=^best .*\n)/m).filter((round) => round.includes("best "))
    for (const round of rounds) {
      const quotes = [...round.matchAll(/^(\S+) (\d\S*) (\d\S*) spread (\S+) \(\S+ bp\)( stale, .*)?$/gm)]
      for (const [line, , bid = "", ask = "", spread] of quotes) {
        assert.strictEqual(spread, BigDecimal.format(BigDecimal.subtract(exact(ask), exact(bid))), line)
      }
      const fresh = quotes.filter(([, , , , , stale]) => stale === undefined)
      const bid = fresh.toSorted((one, other) => Number(other[2]) - Number(one[2]))[0]
      const ask = fresh.toSorted((one, other) => Number(one[3]) - Number(other[3]))[0]
      assert.include(round, `best ${bid?.[1]} ${bid?.[2]} / ${ask?.[1]} ${ask?.[3]} `)
    }
    const both = rounds.findIndex((round) => /^best .*bybit/m.test(round) && /^best .*binance/m.test(round))
    const alone = rounds.findLastIndex((round) => /^bybit .* stale/m.test(round))
    assert.isTrue(both >= 0 && alone > both, said(ran))
    assert.match(rounds[alone] ?? "", /^best binance \S+ \/ binance /m)
  })

  it("regime tells a rise from a range, by the closes of the venue's own bars", async () => {
    const of = { market: "spot", symbol: "SOLUSDT" } as const
    const take = (side: "buy" | "sell", size: number) => simulator.control.trade(of.market, of.symbol, side, size)
    // nobody trades but this check: first to and fro at the best prices, then up through the asks
    simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 }, of)
    let turns = 0
    let isRising = false
    const trading = setInterval(() => void (isRising ? take("buy", 10) : take(++turns % 2 ? "buy" : "sell", 0.01)), 200)
    const running = run(
      "node",
      flags("regime", ["--symbol", of.symbol, "--fast", "2", "--slow", "8", "--duration", "20s"])
    )
    await seconds(14)
    const roseAt = Math.floor(Date.now() / 1_000)
    isRising = true
    const ran = await running
    clearInterval(trading)
    assert.strictEqual(ran.code, 0, said(ran))
    const bars = simulator.control.bars(of.market, of.symbol, "1s")
    const closes = new Map(bars.map((bar) => [Number(bar["t"]), Number(bar["c"])]))
    const told = lines(ran).map((line) => {
      const [at = "", close = "", direction = "", temper = ""] = line.split(" ")
      assert.strictEqual(Number(close), closes.get(Date.parse(at)), line)
      return { second: Date.parse(at) / 1_000, direction, temper }
    })
    const first = told[0]?.second ?? 0
    const inOrder = told.map(({ second }) => second - first)
    assert.deepStrictEqual(inOrder, [...inOrder.keys()], said(ran))
    const before = told.filter(({ second }) => second < roseAt).map(({ direction }) => direction)
    const after = told.filter(({ second }) => second > roseAt)
    assert.deepStrictEqual([...new Set(before)], ["warming", "range"], said(ran))
    assert.strictEqual(before.filter((direction) => direction === "warming").length, 8)
    assert.isTrue(after.length > 2 && after.slice(1).every(({ direction }) => direction === "up"), said(ran))
    // the first bar that rises moves more than any before it
    assert.isTrue(
      told.some(({ second, temper }) => second >= roseAt && temper === "wild"),
      said(ran)
    )
  })

  it("a signal ends each of them with 0, and the environment names the simulator too", async () => {
    for (const program of programs) {
      const env = { ...process.env, TIDEWIRE_SIMULATOR_URL: simulator.url }
      const child = spawn(`${root}node_modules/.bin/node`, [`examples/${program}.ts`], { cwd: root, env })
      const code = new Promise((resolve) => child.once("exit", resolve))
      await new Promise((resolve) => child.stdout.once("data", resolve))
      child.kill("SIGTERM")
      assert.strictEqual(await code, 0, program)
    }
  })

  it("each has help, refuses a flag that it does not know, stands in the readme, and has at most 80 lines", async () => {
    const readme = readFileSync(`${root}examples/README.md`, "utf8")
    for (const program of programs) {
      const help = await run("node", flags(program, ["--help"]))
      const wrong = await run("node", flags(program, ["--durashun", "3s"]))
      assert.deepStrictEqual([help.code, wrong.code, wrong.stdout], [0, 2, ""], program)
      assert.match(help.stdout, new RegExp(`^node examples/${program}.ts[^]*--duration TIME`), program)
      assert.include(wrong.stderr, "--durashun")
      assert.include(readme, `examples/${program}.ts`)
      const lineCount = readFileSync(`${root}examples/${program}.ts`, "utf8").split("\n").length - 1
      assert.isAtMost(lineCount, 80, program)
    }
  })
})

const seconds = (amount: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, amount * 1_000))

/** Waits until this holds, at most ten seconds. */
const soon = async (holds: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 200 && !holds(); turn++) await seconds(0.05)
  assert.isTrue(holds())
}
