import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { Histogram } from "../../src/metrics/Histogram.ts"

const of = (values: ReadonlyArray<number>): Histogram => {
  const histogram = new Histogram()
  for (const value of values) histogram.record(value)
  return histogram
}

const Values = Schema.NonEmptyArray(Schema.Finite.check(Schema.isBetween({ minimum: 0.001, maximum: 60_000 })))

describe("a histogram", () => {
  it.prop("knows every quantile within 5 %, and the most exactly", [Values], ([values]) => {
    const histogram = of(values)
    const sorted = values.toSorted((one, other) => one - other)
    for (const share of [0.5, 0.9, 0.99]) {
      const exact = sorted[Math.max(1, Math.ceil(sorted.length * share)) - 1]!
      assert.isAtMost(Math.abs(histogram.quantileMs(share) / exact - 1), 0.05)
    }
    assert.strictEqual(histogram.mostMs, sorted.at(-1))
  })

  it("shows the cumulative count up to each doubling, in seconds", () => {
    const { buckets, ...rest } = of([-3, 0.001, 0.0015, 1, 120_000]).state()
    const at = (second: number) => buckets.find(([bound]) => bound === second)?.[1]
    assert.deepStrictEqual([buckets.length, at(0.000001), at(0.000002), at(0.001024), at(67.108864)], [27, 2, 3, 4, 4])
    assert.deepStrictEqual(
      { ...rest, sum: Number(rest.sum.toFixed(7)) },
      { count: 5, min: 0, max: 120, sum: 120.0010025 }
    )
  })

  it("counts a value as many times as it stands for", () => {
    const histogram = of([1])
    histogram.record(100, 3)
    assert.deepStrictEqual([histogram.count, Math.round(histogram.quantileMs(0.5) / 10)], [4, 10])
  })

  it("knows nothing before there is a value", () => {
    const histogram = of([])
    assert.deepStrictEqual([histogram.quantileMs(0.5), histogram.mostMs, histogram.state().min], [0, 0, 0])
  })
})
