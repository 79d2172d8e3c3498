import { assert, describe, it } from "@effect/vitest"
import { AlertBook, type Found } from "../../src/alerts/AlertBook.ts"
import * as Rule from "../../src/alerts/Rule.ts"
import type { Alert } from "../../src/operation/Parts.ts"
import { rules } from "./rules.ts"

const [rule] = rules([{ on: "connection", for: "3 seconds" }]).map(Rule.make)
const found = (subject: string, message = "Reconnecting"): Found => ({ rule: rule!, subject, message })

const told = (alerts: ReadonlyArray<Alert>) => alerts.map(({ since, subject, until }) => [subject, since, until])

/** Steps a second apart, each with what is found then. */
const walk = (book: AlertBook, steps: ReadonlyArray<ReadonlyArray<Found>>) =>
  steps.flatMap((each, index) => {
    const { ended, raised, repeated } = book.step(index * 1_000, each)
    return raised.length + ended.length + repeated.length === 0
      ? []
      : [{ at: index, raised: told(raised), ended: told(ended), repeated: told(repeated) }]
  })

describe("the book of alerts", () => {
  it("S-D10 raises what has held for long enough, once, and ends it once when it has been gone for long enough", () => {
    const book = new AlertBook({ clearAfterMs: 2_000 })
    const a = [found("a")]
    // it comes, goes before it counts, comes and stays, flickers, and is over
    const changes = walk(book, [a, [], a, a, a, a, a, [], a, [], [], []])
    assert.deepStrictEqual(changes, [
      { at: 5, raised: [["a", 2_000, undefined]], ended: [], repeated: [] },
      { at: 10, raised: [], ended: [["a", 2_000, 8_000]], repeated: [] }
    ])
    assert.deepStrictEqual([told(book.active()), told(book.history())], [[], [["a", 2_000, 8_000]]])
  })

  it("tells subjects apart, keeps the latest message, and repeats what goes on", () => {
    const book = new AlertBook({ clearAfterMs: 0, repeatMs: 4_000 })
    const changes = walk(book, [
      ...Array.from({ length: 8 }, (_, index) => [found("a", `attempt ${index}`), found("b")]),
      [found("b")]
    ])
    assert.deepStrictEqual(changes, [
      {
        at: 3,
        raised: [
          ["a", 0, undefined],
          ["b", 0, undefined]
        ],
        ended: [],
        repeated: []
      },
      {
        at: 7,
        raised: [],
        ended: [],
        repeated: [
          ["a", 0, undefined],
          ["b", 0, undefined]
        ]
      },
      { at: 8, raised: [], ended: [["a", 0, 7_000]], repeated: [] }
    ])
    assert.deepStrictEqual(
      book.history().map(({ message }) => message),
      ["attempt 7"]
    )
  })

  it("follows a thousand subjects, and counts how often there were more", () => {
    const book = new AlertBook({ clearAfterMs: 0 })
    const all = Array.from({ length: 1_200 }, (_, index) => found(String(index)))
    walk(book, [all, all, all, all])
    assert.deepStrictEqual([book.active().length, book.overflow], [1_000, 800])
  })
})
