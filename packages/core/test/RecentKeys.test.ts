import { assert, describe, it } from "@effect/vitest"
import { RecentKeys } from "../src/RecentKeys.ts"

describe("RecentKeys", () => {
  it("knows the last 1 024 at every moment, and never more than twice as many", () => {
    const keys = new RecentKeys()
    const found: Array<readonly [missing: number, remembered: number]> = []
    for (let last = 1; last <= 10_000; last++) {
      keys.add(String(last))
      if (last % 97 > 0) continue
      let remembered = 0
      let missing = 0
      for (let key = 1; key <= last; key++) {
        if (keys.has(String(key))) remembered++
        else if (key > last - 1_024) missing++
      }
      found.push([missing, remembered])
    }
    assert.deepStrictEqual(
      found.filter(([missing, remembered]) => missing > 0 || remembered > 2_048),
      []
    )
    assert.isAbove(Math.min(...found.slice(-50).map(([, remembered]) => remembered)), 1_023)
  })

  it("a key that is repeated costs no other its place", () => {
    const keys = new RecentKeys()
    for (let key = 0; key < 1_024; key++) keys.add(String(key))
    for (let time = 0; time < 10_000; time++) keys.add("1023")
    assert.isTrue(keys.has("1023"))
    assert.isTrue(keys.has("0"))
  })
})
