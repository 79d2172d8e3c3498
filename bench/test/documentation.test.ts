import { readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { page, put } from "../src/report/documentation.ts"
import { all } from "../src/series/all.ts"

const text = readFileSync(page, "utf8")

describe("docs/benchmarks.md", () => {
  const tables = ["goals", "gc", "circumstances", ...all.flatMap(({ details, name }) => (details ? [name] : []))]

  it.each(tables)("has a place for the table %s, and nothing else of the page changes with it", (name) => {
    const made = put(text, name, "| a table |")
    const without = (page: string) => page.replaceAll(/(<!-- table: (.+) -->\n)[^]*?(<!-- end of table -->)/g, "$1$3")
    assert.include(made, `<!-- table: ${name} -->\n\n| a table |\n\n<!-- end of table -->`)
    assert.strictEqual(without(made), without(text))
  })

  it("says what to add where a table has no place", () => {
    assert.throws(() => put(text, "new", ""), "add <!-- table: new --> and <!-- end of table -->")
  })
})
