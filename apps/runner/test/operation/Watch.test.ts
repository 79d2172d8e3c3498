import { assert, describe, it } from "@effect/vitest"
import { type Event, EventBus, type MarketStream, type Subscription } from "@tidewire/core"
import { Ring } from "../../src/operation/Ring.ts"
import { Watch } from "../../src/operation/Watch.ts"
import type { Told } from "../../src/output/Output.ts"
import type { PreparedVenue } from "../../src/venues/PreparedVenue.ts"

const stamps = { venue: "reef", symbol: "BTCUSDT", receivedTime: 1_000 }
const trade: Event.Trade = {
  type: "trade",
  ...stamps,
  id: "1",
  price: 1,
  size: 1,
  side: "buy",
  origin: "stream"
}

/** A venue whose queues have delivered what `delivered` says. */
const watched = (wanted: Array<Subscription.Subscription>) => {
  const delivered = new Map<string, number>()
  let now = 1_000
  const stream = {
    subscriptions: () => wanted,
    streams: () =>
      [...delivered].map(([channel, count]) => ({
        symbol: "BTCUSDT",
        channel,
        delivered: count,
        conflated: 2,
        dropped: 1,
        waiting: 0,
        last: trade
      }))
  } as unknown as MarketStream.MarketStream
  const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
  const watch = new Watch([{ name: "reef", stream } as unknown as PreparedVenue], bus, () => now)
  const beat = (count: number) => {
    now += 1_000
    delivered.set("trades", count)
    bus.beat({ type: "timer", time: now })
  }
  return { bus, watch, beat }
}

describe("a watch", () => {
  it("S-A7 S-C9 knows of every stream its state, how much it delivers a second and how old its last event is", () => {
    const { beat, bus, watch } = watched([
      { symbol: "BTCUSDT", channel: "trades" },
      { symbol: "BTCUSDT", channel: "book" }
    ])
    bus.publish({ type: "subscription", ...stamps, channel: "trades", state: "live" })
    bus.publish({ type: "bookState", ...stamps, state: "stale", reason: "a gap" })
    const gap = { type: "gap", ...stamps, channel: "trades", reason: "disconnect", lost: null } as const
    bus.publish({ ...gap, repaired: true })
    bus.publish({ ...gap, repaired: false })
    for (const count of [0, 40, 80]) beat(count)
    assert.deepStrictEqual(watch.streams(), [
      {
        venue: "reef",
        symbol: "BTCUSDT",
        channel: "trades",
        state: "live",
        delivered: 80,
        perSecond: 40,
        conflated: 2,
        dropped: 1,
        waiting: 0,
        lastReceivedTime: 1_000,
        ageMs: 3_000,
        gaps: 2,
        gapsUnrepaired: 1
      },
      {
        venue: "reef",
        symbol: "BTCUSDT",
        channel: "book",
        state: "pending",
        book: "stale",
        delivered: 0,
        perSecond: 0,
        conflated: 0,
        dropped: 0,
        waiting: 0,
        gaps: 0,
        gapsUnrepaired: 0
      }
    ])
    assert.deepStrictEqual(
      watch.gaps().map(({ repaired }) => repaired),
      [true, false]
    )
  })

  it("remembers how connections moved", () => {
    const { bus, watch } = watched([])
    const moved = { type: "connection", venue: "reef", connection: "a", receivedTime: 5, attempt: 1 } as const
    bus.publish({ ...moved, state: "Connecting" })
    bus.publish({ ...moved, state: "Reconnecting", reason: "lost" })
    const change = { time: 5, venue: "reef", connection: "a", attempt: 1 }
    assert.deepStrictEqual(watch.connectionChanges(), [
      { ...change, state: "Connecting" },
      { ...change, state: "Reconnecting", reason: "lost" }
    ])
  })

  it("forgets a stream that is no longer subscribed", () => {
    const wanted: Array<Subscription.Subscription> = [{ symbol: "BTCUSDT", channel: "trades" }]
    const { beat, bus, watch } = watched(wanted)
    bus.publish({ type: "subscription", ...stamps, channel: "trades", state: "live" })
    wanted.pop()
    beat(1)
    wanted.push({ symbol: "BTCUSDT", channel: "trades" })
    assert.deepStrictEqual(
      watch.streams().map(({ state }) => state),
      ["pending"]
    )
  })
})

describe("a ring", () => {
  it("has the last so many, oldest first, and knows how many there were", () => {
    const ring = new Ring<number>(3)
    const states = [1, 2, 3, 4, 5].map((each) => {
      ring.add(each)
      return ring.values()
    })
    assert.deepStrictEqual(states, [[1], [1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5]])
    assert.deepStrictEqual([ring.values(2), ring.values(9), ring.added], [[4, 5], [3, 4, 5], 5])
  })
})
