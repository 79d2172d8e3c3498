/** Bun and Deno: core's suite and a smoke of `stream`, from the sources. (Node has the whole of the test command.) */
import { Simulator } from "@tidewire/simulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
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
})
