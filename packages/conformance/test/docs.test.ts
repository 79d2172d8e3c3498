import { assert, describe, it } from "vitest"
import { page } from "../scripts/cardDocs.ts"
import { cards, insert, type Outcome, table } from "../src/index.ts"
import { reference } from "./reference/subject.ts"

describe("documents", () => {
  it("the list of cards is that of the code", () => {
    const { fresh, now } = page()
    assert.isTrue(now === fresh, "stale: run pnpm generate")
  })

  it("a document without marks is not written", () => {
    assert.throws(() => insert("# A page", "a table"), "the document has no")
  })
})

describe("the table", () => {
  it("has a row for each group, and tells what fails, is skipped and does not apply", () => {
    const outcomes = new Map<string, Outcome>([
      ...cards.map(({ id }) => [id, { _tag: "Passed" }] as const),
      ["BK-3", { _tag: "Failed", reason: "it broke" }],
      ["RS-4", { _tag: "Skipped", reason: "it polls" }],
      ["MD-6", { _tag: "NotApplicable", reason: "no mark" }]
    ])
    const rows = table({ mine: { capabilities: reference.capabilities, outcomes } }).split("\n")
    const cells = rows.slice(2).map((row) =>
      row
        .split("|")
        .slice(1, 3)
        .map((cell) => cell.trim())
    )
    assert.deepStrictEqual(cells.slice(0, -1), [
      ["channels", "trades, quotes, book, bars, ticker, mark, liquidations"],
      ["depths", "5"],
      ["intervals", "1, 1s to 1s"],
      ["history", "trades, recentTrades, bars"],
      ["lifecycle (LC)", "11 of 11"],
      ["market data (MD)", "12 of 12; without MD-6"],
      ["books (BK)", "4 of 5; fails BK-3"],
      ["resilience (RS)", "10 of 11; skips RS-4"],
      ["backpressure (BP)", "4 of 4"],
      ["execution (EX)", "no cards yet"]
    ])
  })
})
