/** Each card can fail: a venue broken in what the card is about fails it, and for that reason. */
import { assert, describe, it } from "vitest"
import { cards, run } from "../src/index.ts"
import { mutants } from "./mutants/table.ts"
import { inVirtualTime } from "./virtualTime.ts"

describe("every card finds what it is about", () => {
  it("there are mutants of every card, and of no other", () => {
    assert.deepStrictEqual(Object.keys(mutants).toSorted(), cards.map(({ id }) => id).toSorted())
  })

  for (const { id } of cards) {
    for (const [broken, subject, says] of mutants[id] ?? []) {
      it(`${id} finds that ${broken}`, async () => {
        const { outcomes } = await inVirtualTime(run(subject, [id]))
        const outcome = outcomes.get(id)
        assert.strictEqual(outcome?._tag, "Failed")
        assert.include(outcome?._tag === "Failed" ? outcome.reason : "", says)
      })
    }
  }
})
