import { assert, describe, it } from "@effect/vitest"
import type { SocketVenue } from "@tidewire/core"
import { FeedCounter } from "../src/FeedCounter.ts"
import { FrameReader } from "../src/FrameReader.ts"

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
})
