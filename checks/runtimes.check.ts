/** Bun and Deno: core's suite, a smoke of `stream` and its metrics, from the sources. (Node has the whole of the test command.) */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Simulator } from "@tidewire/simulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { collector, type Sample } from "../apps/runner/test/metrics/collector.ts"
import { run, said } from "./workspace.ts"

const vitest = ["node_modules/vitest/vitest.mjs", "run", "packages/core"]

interface Runtime {
  readonly name: string
  readonly suite: ReadonlyArray<string>
  readonly source: ReadonlyArray<string>
}

const runtimes: ReadonlyArray<Runtime> = [
  // Bun has no child process that vitest's other pool could use
  { name: "bun", suite: ["--bun", ...vitest, "--pool", "threads"], source: [] },
  { name: "deno", suite: ["run", "-A", ...vitest], source: ["run", "-A"] }
]

describe.each(runtimes)("K1 on $name", ({ name, source, suite }) => {
  let simulator: Simulator.Simulator
  beforeAll(async () => {
    simulator = await Simulator.start({ seed: 5, rates: { tradesPerSecond: 20 } })
  })
  afterAll(() => simulator.stop())

  it("core's suite passes", async () => {
    const ran = await run(name, suite)
    assert.strictEqual(ran.code, 0, said(ran))
    assert.match(ran.stdout, /Tests {2}(\d{3,}) passed/)
  })

  for (const [venue, symbol] of [
    ["binance", "BTCUSDT"],
    ["binance-usdm", "BTCUSDT"],
    ["bybit", "BTCUSDT"],
    ["bybit-inverse", "BTCUSD"]
  ] as const) {
    it(`${venue} streams from its sources`, async () => {
      const endpoints = ["--endpoint", `stream=${simulator.wsUrl}`, "--endpoint", `rest=${simulator.url}`]
      const what = ["stream", `${venue}:${symbol}`, "trades,quotes,book,bars:1m"]
      const ran = await run(name, [...source, "apps/runner/src/bin.ts", ...what, ...endpoints, "--limit", "40"])
      assert.strictEqual(ran.code, 0, said(ran))
      const types = new Set(
        ran.stdout
          .trim()
          .split("\n")
          .map((line) => (JSON.parse(line) as { type: string }).type)
      )
      assert.includeMembers([...types], ["connection", "subscription", "bookState", "trade", "quote", "book"])
    })
  }

  it("S-C10 a session has metrics: what the runtime does not tell is left out", async () => {
    await using otlp = await collector()
    const folder = mkdtempSync(join(tmpdir(), "tidewire-"))
    try {
      const endpoints = { stream: simulator.wsUrl, rest: simulator.url }
      const subscriptions = [{ symbols: ["BTCUSDT"], channels: ["trades", "book"] }]
      const venue = { adapter: "@tidewire/adapter-binance", venue: "binance", endpoints, subscriptions }
      const file = join(folder, "tidewire.json")
      writeFileSync(file, JSON.stringify({ venues: [venue], metrics: { otlp: { url: otlp.url, every: "1 second" } } }))
      const ran = await run(name, [...source, "apps/runner/src/bin.ts", "stream", "--config", file, "--limit", "40"])
      assert.strictEqual(ran.code, 0, said(ran))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
    const { samples } = otlp.received.at(-1)!
    const of = (metric: string): ReadonlyArray<Sample> => samples.filter((each) => each.name === metric)
    assert.strictEqual(of("tidewire_build_info")[0]?.labels["runtime"], name)
    for (const metric of ["tidewire_frames_total", "tidewire_resident_memory_bytes", "tidewire_latency_seconds"]) {
      assert.isAbove(of(metric)[0]?.value ?? 0, 0, metric)
    }
    assert.deepStrictEqual(of("tidewire_gc_pause_seconds"), [])
    assert.isTrue(samples.every(({ value }) => Number.isFinite(value)))
  })
})
