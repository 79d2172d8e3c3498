import { assert, it } from "vitest"
import { failures, run } from "../src/index.ts"
import { reference } from "./reference/subject.ts"
import { inVirtualTime } from "./virtualTime.ts"

it("the made-up venue passes every card", async () => {
  const report = await inVirtualTime(run(reference))
  assert.deepStrictEqual(failures(report), [])
  assert.deepStrictEqual([...new Set([...report.outcomes.values()].map(({ _tag }) => _tag))], ["Passed"])
})
