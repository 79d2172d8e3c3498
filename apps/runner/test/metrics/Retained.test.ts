import { assert, describe, it } from "@effect/vitest"
import { Retained } from "../../src/metrics/Retained.ts"

describe("a sum of counts whose parts come and go", () => {
  it("keeps what a part had counted that went, or began anew", () => {
    const retained = new Retained()
    const sums = [
      retained.sums([
        ["trades", "A", 5],
        ["trades", "B", 7],
        ["book", "A", 1]
      ]),
      retained.sums([["trades", "B", 9]]),
      retained.sums([
        ["trades", "A", 2],
        ["trades", "B", 1]
      ])
    ].map((each) => Object.fromEntries(each))
    assert.deepStrictEqual(sums, [
      { trades: 12, book: 1 },
      { trades: 14, book: 1 },
      { trades: 17, book: 1 }
    ])
  })
})
