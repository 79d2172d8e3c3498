import { assert, describe, it } from "@effect/vitest"
import { DecodeStamp, type Event, type SocketVenue } from "@tidewire/core"
import { FeedCounter } from "../src/FeedCounter.ts"
import { FrameReader } from "../src/FrameReader.ts"
import type { SymbolLegs } from "../src/SymbolLegs.ts"

const trade: Event.Trade = {
  type: "trade",
  venue: "reef",
  symbol: "BTCUSDT",
  receivedTime: 1,
  id: "1",
  price: 1,
  size: 1,
  side: "buy",
  origin: "stream"
}

const nothing = (): void => {}

const counted = (decode: SocketVenue.Decode, frames: ReadonlyArray<string>) => {
  const counter = new FeedCounter()
  const told = { acknowledged: nothing, rejected: nothing, shutdownNotice: nothing, giveUp: nothing }
  const reader = new FrameReader({ decode, legs: new Map(), counter, ...told })
  for (const frame of frames) reader.read(frame, true, 1)
  const { fallbacks, frames: read, malformed } = counter.current()
  return { fallbacks, read, malformed }
}

describe("FrameReader", () => {
  it("counts the frames that were read the slow way, which are not malformed", () => {
    const decode: SocketVenue.Decode = (frame, _, sink) => (frame === "slow" ? sink.fallback() : sink.ignored())
    assert.deepStrictEqual(counted(decode, ["slow", "fast", "slow"]), { fallbacks: 2, read: 3, malformed: 0 })
  })

  it("stamps the next event that is wanted, when somebody asks, and no other", () => {
    const taken: Array<number> = []
    const leg = { stream: { state: "live" }, event: () => taken.push(DecodeStamp.stamp.receivedTime) }
    const legs = new Map([["BTCUSDT", { find: () => leg } as unknown as SymbolLegs]])
    const decode: SocketVenue.Decode = (frame, receivedTime, sink) =>
      sink.event({ ...trade, symbol: frame as string, receivedTime })
    const counter = new FeedCounter()
    const told = { acknowledged: nothing, rejected: nothing, shutdownNotice: nothing, giveUp: nothing }
    const reader = new FrameReader({ decode, legs, counter, ...told })
    reader.read("BTCUSDT", true, 1)
    DecodeStamp.stamp.isWanted = true
    const asked = DecodeStamp.now()
    reader.read("ETHUSDT", true, 2)
    reader.read("BTCUSDT", true, 3)
    reader.read("BTCUSDT", true, 4)
    assert.deepStrictEqual([taken, DecodeStamp.stamp.isWanted], [[0, 3, 3], false])
    assert.isAtLeast(DecodeStamp.stamp.decodedTime, asked)
    assert.isAtMost(DecodeStamp.stamp.decodedTime, DecodeStamp.now())
  })
})
