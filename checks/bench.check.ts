/** The benchmarks run, their results agree, and the wide guard against the baseline holds. */
import { assert, it } from "vitest"
import { run, said } from "./workspace.ts"

it("the smoke of the benchmarks passes", async () => {
  const ran = await run("node", ["bench/src/main.ts", "--smoke"])
  assert.strictEqual(ran.code, 0, said(ran))
})
