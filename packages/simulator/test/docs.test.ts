/** What the documents show works as it stands there, and the table of faults is that of the code. */
import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { pages } from "../scripts/faultDocs.ts"
import { Scenario } from "../src/index.ts"

it("the table of faults is fresh", () => {
  const { fresh, now } = pages()
  expect(now, "run node packages/simulator/scripts/faultDocs.ts").toBe(fresh)
})

it("the scenario in the document can be read", () => {
  const text = readFileSync(new URL("../../../docs/simulator.md", import.meta.url), "utf8")
  const [, scenario = ""] = /```\n(at 3s[^`]*)```/.exec(text) ?? []
  expect(Scenario.parse(scenario).map(({ action }) => action.type)).toEqual([
    "fault",
    "fault",
    "fault",
    "fault",
    "rates",
    "list",
    "clear"
  ])
})
