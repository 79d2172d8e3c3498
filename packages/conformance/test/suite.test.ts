/** The suite as an adapter's test registers it, on the made-up venue. */
import { afterAll, assert } from "vitest"
import { cards, failures, groups, suite } from "../src/index.ts"
import { reference } from "./reference/subject.ts"
import { inVirtualTime } from "./virtualTime.ts"

const report = suite("the made-up venue", reference, { selection: Object.keys(groups), runPromise: inVirtualTime })

afterAll(() => {
  const { outcomes } = report()
  assert.deepStrictEqual(
    [outcomes.size, failures(report()), [...outcomes.values()].every(({ _tag }) => _tag === "Passed")],
    [cards.length, [], true]
  )
})
