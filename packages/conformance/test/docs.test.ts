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
    const [LC = 0, MD = 0, BK = 0, RS = 0, BP = 0, EX = 0] = ["LC", "MD", "BK", "RS", "BP", "EX"].map(
      (prefix) => cards.filter(({ id }) => id.startsWith(prefix)).length
    )
    assert.deepStrictEqual(cells.slice(0, -1), [
      ["channels", "trades, quotes, book, bars, ticker, mark, liquidations"],
      ["depths", "5"],
      ["intervals", "1, 1s to 1s"],
      ["history", "trades, recentTrades, bars"],
      ["present", "quotes, book, ticker, mark, bars"],
      ["orders", "–"],
      ["account", "–"],
      ["lifecycle (LC)", `${LC} of ${LC}`],
      ["market data (MD)", `${MD - 1} of ${MD - 1}; without MD-6`],
      ["books (BK)", `${BK - 1} of ${BK}; fails BK-3`],
      ["resilience (RS)", `${RS - 1} of ${RS}; skips RS-4`],
      ["backpressure (BP)", `${BP} of ${BP}`],
      ["execution (EX)", `${EX} of ${EX}`]
    ])
  })
})
