import type { Fault } from "@tidewire/simulator"
import { assert, describe, it } from "vitest"
import { describe as inWords } from "./describe.ts"
import type { ChaosOutcome } from "./run.ts"
import * as Scenario from "./scenario.ts"
import * as SoakOptions from "./soakOptions.ts"

const symbols = { spot: ["BTCUSDT", "ETHUSDT"], usdm: ["BTCUSDT"] }

const scenario = (seed: number) => Scenario.random({ seed, durationMs: 60_000, symbols })

/** Named here, so that a new kind of fault must be thought of. */
const kinds: Record<Fault["kind"], true> = {
  refuse: true,
  slowHandshake: true,
  kill: true,
  close: true,
  shutdownNotice: true,
  silence: true,
  silentStream: true,
  crowdedSilence: true,
  drop: true,
  duplicate: true,
  reorder: true,
  malformed: true,
  omitClosingBar: true,
  staleSnapshot: true,
  aheadSnapshot: true,
  rest: true,
  restTimeout: true,
  slowRest: true
}

describe("a scenario", () => {
  it("is the same for the same seed, and another for another", () => {
    assert.deepStrictEqual(scenario(7), scenario(7))
    assert.notDeepEqual(scenario(7), scenario(8))
  })

  it("has every kind of fault sooner or later, in order, within its time", () => {
    const all = Array.from({ length: 10 }, (_, seed) => scenario(seed))
    const seen = new Set(all.flat().map(({ fault }) => fault.kind))
    assert.deepStrictEqual([...seen].toSorted(), Object.keys(kinds).toSorted())
    for (const steps of all) {
      const times = steps.map(({ atMs }) => atMs)
      assert.deepStrictEqual(
        times,
        times.toSorted((a, b) => a - b)
      )
      assert.isBelow(times.at(-1)!, 60_000)
    }
  })
})

describe("a failed seed", () => {
  it("is printed with its first violations, its scenario and how to play it again", () => {
    const violation = {
      kind: "missing",
      venue: "binance",
      symbol: "BTCUSDT",
      channel: "trades",
      detail: "(1, 3)",
      at: 0
    }
    const report = { violations: Array.from({ length: 25 }, () => violation), violationCount: 300 }
    const outcome = { seed: 9, report, scenario: scenario(9).slice(0, 1), left: 0, calmAfterMs: 5 } as unknown
    const lines = inWords(outcome as ChaosOutcome).split("\n")
    assert.strictEqual(lines.filter((line) => line.includes("missing: binance BTCUSDT trades: (1, 3)")).length, 20)
    assert.includeMembers(lines, ["  25 missing trades", "  and 280 more"])
    assert.match(lines.at(-2)!, /^ {2}\d+ ms {"kind":/)
    assert.match(lines.at(-1)!, /CHAOS_SEED=9 .*pnpm soak --seed 9/)
  })
})

describe("pnpm soak", () => {
  it("takes seeds as one or as a range, and minutes for each", () => {
    const read = (...args: ReadonlyArray<string>) => {
      const options = SoakOptions.read(args)
      return typeof options === "object" && "seeds" in options ? [options.seeds, options.minutes] : options
    }
    assert.deepStrictEqual(read("--seed", "4", "--minutes", "0.5"), [[4], 0.5])
    assert.deepStrictEqual(read("--seeds", "4..6"), [[4, 5, 6], 2])
    assert.strictEqual(read("--help"), "help")
  })

  for (const wrong of [
    ["--seeds", "6..4"],
    ["--seeds", "all"],
    ["--minutes", "0"],
    ["--symbols", "1.5"],
    ["--memory", "disk"],
    ["--seed", "1", "--seeds", "1..2"],
    ["--fast"]
  ]) {
    it(`refuses ${wrong.join(" ")}`, () => assert.property(SoakOptions.read(wrong), "problem"))
  }
})
