import { describe, expect, it } from "@effect/vitest"
import { bookRule } from "../src/bookRule.ts"
import { outcomes } from "./support/outcomes.ts"
import * as recordings from "./support/recordings.ts"

const delta = (update: number) => ({
  symbol: "BTCUSDT",
  first: update,
  last: update,
  bids: [],
  asks: [],
  receivedTime: 0
})

describe("the rule of a book", () => {
  for (const step of ["join", "follow"] as const) {
    it(`${step}: the next update is applied, a known one is passed over, a later one leaves a hole`, () => {
      expect([99, 100, 101, 102].map((update) => bookRule[step](100, delta(update)))).toEqual([
        "ignore",
        "ignore",
        "apply",
        "gap"
      ])
    })
  }

  it.skipIf(recordings.isMissing(recordings.frames))("the recorded change follows its snapshot", () => {
    const told = recordings
      .lines(recordings.frames)
      .filter((line) => line.includes("orderbook.50.BTCUSDT"))
      .flatMap((line) => outcomes("bybit", line))
    const [snapshot, change] = told as unknown as [{ snapshot: { sequence: number } }, { delta: never }]
    expect([told.length, bookRule.join(snapshot.snapshot.sequence, change.delta)]).toEqual([2, "apply"])
  })
})
