import { assert, describe, it } from "vitest"
import { goalTable, trippedGuards } from "../src/report/goals.ts"
import type { Goal, Series } from "../src/series/Series.ts"

const throughput = (framesPerSecond: number) => ({
  throughput: { ms: 1, framesPerSecond, cpuMicros: 1 },
  problems: []
})

/** Rounds of the baseline and of Tidewire, which need not be stored in order. */
const found = (numbers: ReadonlyArray<readonly [theirs: number, ours: number]>, goal: Goal) => {
  const series: Series = {
    name: "one",
    about: "",
    measure: () => Promise.resolve([]),
    rows: [{ what: "frames/s", read: (result) => result.throughput?.framesPerSecond, goal, guard: 1.5 }]
  }
  const runs = numbers.flatMap(([theirs, ours], round) => [
    { round, client: "Tidewire", result: throughput(ours) },
    { round, client: "ws + JSON.parse", result: throughput(theirs) }
  ])
  return [{ series, cases: [{ label: "one", runs: runs.toReversed() }] }]
}

const cells = (...given: Parameters<typeof found>): ReadonlyArray<string> =>
  goalTable(found(...given))
    .split("\n")[2]!
    .split("|")
    .map((cell) => cell.trim())
    .slice(1, -1)

describe("the table of goals", () => {
  it("has the median of the rounds' ratios, which is not the ratio of the medians", () => {
    const line = cells(
      [
        [100, 100],
        [200, 600],
        [400, 800]
      ],
      { of: "ratio", kind: "at least", bound: 1.8 }
    )
    assert.deepStrictEqual(line, [
      "frames/s",
      "ws + JSON.parse",
      "200 (100 – 400)",
      "600 (100 – 800)",
      "2.00 (1.00 – 3.00)",
      "ratio ≥ 1.8",
      "yes"
    ])
  })

  it("says by how much a goal is missed, whichever way it bounds", () => {
    assert.strictEqual(cells([[100, 150]], { of: "ratio", kind: "at least", bound: 2 }).at(-1), "missed by 25 %")
    assert.strictEqual(cells([[100, 150]], { of: "ratio", kind: "at most", bound: 1 }).at(-1), "missed by 50 %")
    assert.strictEqual(cells([[100, 150]], { of: "number", kind: "at most", bound: 100 }).at(-1), "missed by 50 %")
    assert.strictEqual(cells([[100, 150]], { of: "number", kind: "at most", bound: 150 }).at(-1), "yes")
  })

  it("trips a guard above its ratio, and only there", () => {
    const goal: Goal = { of: "ratio", kind: "at least", bound: 2 }
    assert.deepStrictEqual(trippedGuards(found([[100, 151]], goal)), ["frames/s: ratio 1.51 is above 1.5"])
    assert.deepStrictEqual(trippedGuards(found([[100, 150]], goal)), [])
  })
})
