import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import { BarHistory } from "@tidewire/engine"

const bar = (openTime: number, isFinal = true): Event.Bar => ({
  type: "bar",
  venue: "v",
  symbol: "BTCUSDT",
  receivedTime: openTime,
  interval: "1m",
  openTime,
  closeTime: openTime + 59_999,
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
  isFinal,
  origin: "stream"
})

describe("BarHistory", () => {
  it("S-D8 keeps final bars once each, in the order of their time, and no more than its bound", () => {
    const history = new BarHistory.BarHistory(3)
    for (const each of [bar(1), bar(3), bar(3), bar(4, false), bar(2), bar(5)]) history.take(each)
    const times = (count: number) => history.latest("v", "BTCUSDT", "1m", count).map(({ openTime }) => openTime)
    assert.deepStrictEqual([times(10), times(2), times(0)], [[2, 3, 5], [3, 5], []])
    assert.deepStrictEqual(history.latest("v", "BTCUSDT", "5m", 1), [])
  })
})
