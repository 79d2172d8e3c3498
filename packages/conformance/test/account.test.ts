import type { Event } from "@tidewire/core"
import { assert, describe, it } from "vitest"
import { account } from "../src/account.ts"

const truth = [1, 2, 3, 4, 5].map((id) => ({ id: String(id), price: 1, size: 1, side: "buy", time: 100 + id }) as const)

const told = (...ids: ReadonlyArray<number>): Array<Event.Event> =>
  ids.map((id) => ({
    type: "trade",
    venue: "v",
    symbol: "A",
    receivedTime: 0,
    exchangeTime: 100 + id,
    id: String(id),
    price: 1,
    size: 1,
    side: "buy",
    origin: "stream"
  }))

const gap = (
  from: string | number | undefined,
  to: string | number | undefined,
  lost: number | null,
  repaired = false
): Event.Event => ({
  type: "gap",
  venue: "v",
  symbol: "A",
  receivedTime: 0,
  channel: "trades",
  reason: "disconnect",
  ...(from !== undefined && { from }),
  ...(to !== undefined && { to }),
  lost,
  repaired
})

describe("trades are accounted for", () => {
  it("when each is told once from the first on, or lies inside a gap", () => {
    const right = [
      told(1, 2, 3, 4, 5),
      told(3, 4, 5),
      [...told(1, 2), gap("2", "5", 2), ...told(5)],
      [...told(1, 2), gap("2", undefined, null)],
      // times are inclusive: a trade of the very moment may be told or not
      [...told(1, 2), gap(102, 105, null), ...told(5)],
      [...told(1, 2, 3, 4), gap("2", "5", 2, true), ...told(5)]
    ]
    assert.deepStrictEqual(
      right.map((events) => account(truth, events)),
      right.map(() => undefined)
    )
  })

  it("and not when one is twice, late, invented, changed, missing, or a gap counts wrong", () => {
    const wrong: ReadonlyArray<readonly [string, Array<Event.Event>]> = [
      ["trade 2 was told twice", told(1, 2, 2, 3, 4, 5)],
      ["trade 3 was told after trade 4", told(1, 2, 4, 3, 5)],
      ["trade 9 was never made", told(1, 9)],
      ["trade 3 was neither told nor inside a gap", told(1, 2, 4, 5)],
      ["trade 5 was neither told nor inside a gap", told(1, 2, 3, 4)],
      ["the gap 2..5 says 1 lost; 2 are between", [...told(1, 2), gap("2", "5", 1), ...told(5)]],
      // what is said to be repaired must have been told
      ["trade 3 was neither told nor inside a gap", [...told(1, 2), gap("2", "5", 2, true), ...told(5)]],
      ["not one trade was told", []]
    ]
    assert.deepStrictEqual(
      wrong.map(([, events]) => account(truth, events)),
      wrong.map(([says]) => says)
    )
  })
})
