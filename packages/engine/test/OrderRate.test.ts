import { assert, describe, it } from "@effect/vitest"
import { OrderRate } from "../src/OrderRate.ts"
import { seeded } from "./random.ts"

describe("OrderRate", () => {
  it("counts as a list of all times does, over any pauses, 20 000 times", () => {
    const random = seeded(8)
    const rate = new OrderRate(500)
    const times: Array<number> = []
    let now = 0
    let most = 0
    for (let step = 0; step < 20_000; step++) {
      now += random.chance(0.001) ? random.below(120_000) : random.below(400)
      const since = (ms: number) => times.filter((time) => time > now - ms).length
      const expected = [since(1_000), since(60_000)] as const
      assert.deepStrictEqual([rate.inLastSecond(now), rate.inLastMinute(now)], expected)
      most = Math.max(most, expected[1])
      if (expected[1] >= 500 || !random.chance(0.9)) continue
      rate.add(now)
      times.push(now)
      if (times.length > 600) times.shift()
    }
    assert.isAbove(most, 250)
  })

  it("counts too many, never too few, when the clock is set back", () => {
    const rate = new OrderRate(10)
    for (let now = 100_000; now < 100_005; now++) rate.add(now)
    assert.deepStrictEqual([rate.inLastSecond(50_000), rate.inLastMinute(50_000)], [5, 5])
  })
})
