import { globSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8")

describe("sources of facts", () => {
  it("every section that a comment names is in the venue's page", () => {
    const headings = new Set(
      [...read("../../../docs/venues/bybit.md").matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
    )
    const named = globSync("../src/**/*.ts", { cwd: import.meta.dirname })
      .flatMap((file) => [...read(file).matchAll(/Source: docs\/venues\/bybit\.md,([^.]*)\./g)])
      .flatMap(([, sections = ""]) => [...sections.matchAll(/"([^"]+)"/g)].map(([, section]) => section))
    expect(named.filter((section) => !headings.has(section))).toEqual([])
    expect(new Set(named).size).toBeGreaterThan(15)
  })
})
