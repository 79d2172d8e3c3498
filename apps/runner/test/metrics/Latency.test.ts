import { assert, describe, it } from "@effect/vitest"
import { DecodeStamp, type Event, EventBus, type PrivateEvent } from "@tidewire/core"
import { Latency } from "../../src/metrics/Latency.ts"
import type { Told } from "../../src/output/Output.ts"

const trade = (over: Partial<Event.Trade> = {}): Event.Trade => ({
  type: "trade",
  venue: "reef",
  symbol: "BTCUSDT",
  receivedTime: 1_000,
  id: "1",
  price: 1,
  size: 1,
  side: "buy",
  origin: "stream",
  ...over
})

const quote = (receivedTime: number): Event.Quote => {
  const { symbol, venue } = trade()
  return { type: "quote", venue, symbol, receivedTime, bid: 1, bidSize: 1, ask: 2, askSize: 1 }
}

const order = (status: PrivateEvent.Order["status"]): PrivateEvent.Order => ({
  type: "order",
  venue: "reef",
  receivedTime: 1_000,
  symbol: "BTCUSDT",
  clientOrderId: "tw1-0",
  side: "buy",
  kind: "limit",
  size: "1",
  status,
  filled: "0"
})

/** A clock that is set by hand. */
const measured = (handler: (event: Event.Event) => void = () => undefined) => {
  let now = 1_000
  const latency = new Latency(() => now)
  DecodeStamp.stamp.isWanted = false
  return { latency, take: latency.measuring(handler), at: (ms: number) => (now = ms) }
}

const rowsOf = (latency: Latency) =>
  Object.fromEntries(latency.rows().map(({ count, hop, max }) => [hop, [count, Number(max.toFixed(3))]]))

describe("latency", () => {
  it("S-D4 is told by hop: from the venue to the socket, the decoder, the handler, an order and its acknowledgement", () => {
    const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
    const { at, latency, take } = measured((event) => {
      if (event.receivedTime !== 2_000) return
      at(2_003)
      bus.publish(order("sent"))
    })
    latency.follow(bus)
    at(1_001)
    take(trade({ exchangeTime: 900 }))
    assert.isTrue(DecodeStamp.stamp.isWanted)
    Object.assign(DecodeStamp.stamp, { isWanted: false, receivedTime: 2_000, decodedTime: 2_000.25 })
    at(2_000.5)
    take(trade({ receivedTime: 2_000, exchangeTime: 1_950 }))
    at(2_013)
    bus.publish(order("unknown"))
    at(2_023)
    bus.publish(order("open"))
    bus.publish(order("cancelled"))
    assert.deepStrictEqual(rowsOf(latency), {
      "venue-socket": [2, 100],
      "socket-decoded": [1, 0.25],
      "decoded-handler": [1, 0.25],
      "socket-handler": [2, 1],
      "handler-order": [1, 2.5],
      "order-acknowledged": [1, 20]
    })
  })

  it("is measured less often the more events there are, and stands for all of them", () => {
    const { at, latency, take } = measured()
    let read = 0
    const counted = new Latency(() => {
      read++
      return 5_000
    })
    const handler = counted.measuring(() => undefined)
    for (let index = 0; index < 100_000; index++) handler(quote(5_000))
    const [row] = counted.rows()
    assert.isBelow(read, 2_000)
    assert.isAtLeast(row!.count, 95_000)
    assert.isAtMost(row!.count, 100_000)
    // at a quiet pace every event is measured
    for (let index = 0; index < 50; index++) {
      at(2_000 + index * 100)
      take(quote(2_000 + index * 100))
    }
    assert.strictEqual(latency.rows()[0]?.count, 50)
  })

  it("measures again once events have become few, and still stands for all", () => {
    const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
    const { at, latency, take } = measured()
    latency.follow(bus)
    for (let index = 0; index < 100_000; index++) take(quote(1_000))
    bus.beat({ type: "timer", time: 1_000 })
    const before = latency.rows()[0]!.count
    assert.isBelow(before, 100_000)
    at(2_500)
    bus.beat({ type: "timer", time: 2_500 })
    take(quote(2_500))
    assert.strictEqual(latency.rows()[0]!.count, 100_001)
  })

  it("sees channels that take turns as often as they come", () => {
    const { latency, take } = measured()
    for (let index = 0; index < 4_000_000; index++) take(index % 2 === 0 ? quote(1_000) : trade({ exchangeTime: 990 }))
    const rows = rowsOf(latency)
    const share = rows["venue-socket"]![0]! / rows["socket-handler"]![0]!
    assert.isAtLeast(share, 0.45)
    assert.isAtMost(share, 0.55)
  })

  it("leaves out what was fetched, and what a stream tells of itself", () => {
    const { latency, take } = measured()
    take(trade({ exchangeTime: 1, origin: "backfill" }))
    take({ type: "subscription", venue: "reef", symbol: "A", channel: "trades", receivedTime: 1, state: "live" })
    assert.deepStrictEqual(latency.rows(), [])
  })

  it("awaits a stamped event that does not come for a second, and asks again", () => {
    const { at, latency, take } = measured()
    take(quote(1_000))
    Object.assign(DecodeStamp.stamp, { isWanted: false, receivedTime: 1_500, decodedTime: 1_500 })
    at(1_600)
    take(quote(1_600))
    assert.isFalse(DecodeStamp.stamp.isWanted)
    at(2_700)
    take(quote(2_700))
    assert.isTrue(DecodeStamp.stamp.isWanted)
    assert.notProperty(rowsOf(latency), "socket-decoded")
  })
})
