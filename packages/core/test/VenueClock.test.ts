import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { VenueClock, VenueError } from "@tidewire/core"

/** A venue whose clock is ahead, behind a budget and a slow way there and back. */
const venue = () => {
  const server = { aheadMs: 1_500, measurements: 0, isReachable: true }
  const serverTime = (sending: () => void) =>
    Effect.gen(function* () {
      yield* Effect.sleep("3 seconds")
      sending()
      yield* Effect.sleep(100)
      const time = (yield* Clock.currentTimeMillis) + server.aheadMs
      yield* Effect.sleep(100)
      server.measurements++
      if (!server.isReachable) {
        const reason = new VenueError.ConnectionFailed({ message: "gone" })
        return yield* new VenueError.VenueError({ venue: "v", operation: "time", reason })
      }
      return time
    })
  return { server, make: VenueClock.make({ serverTime }) }
}

describe("VenueClock", () => {
  it.effect("is measured once however many wait for it, without what the request had to wait before it was sent", () =>
    Effect.gen(function* () {
      const { make, server } = venue()
      const clock = yield* make
      const before = [clock.offsetMs(), clock.now()]
      const waiting = yield* Effect.forkChild(
        Effect.all([clock.ready, clock.ready, clock.ready], { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(waiting)
      assert.deepStrictEqual(
        [before, clock.offsetMs(), clock.now(), server.measurements],
        [[undefined, 0], 1_500, 11_500, 1]
      )
    })
  )

  it.effect("is measured again when a stamp was found wrong, and only once for all that were stamped before", () =>
    Effect.gen(function* () {
      const { make, server } = venue()
      const clock = yield* make
      const first = yield* Effect.forkChild(clock.ready)
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(first)
      server.aheadMs = -4_000
      const stamp = clock.now()
      const corrections = yield* Effect.forkChild(
        Effect.all([clock.corrected(stamp), clock.corrected(stamp)], { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(corrections)
      assert.deepStrictEqual([clock.offsetMs(), server.measurements], [-4_000, 2])
    })
  )

  it.effect("is measured every half hour; what is known stays when the venue is not to be reached", () =>
    Effect.gen(function* () {
      const { make, server } = venue()
      const clock = yield* make
      yield* TestClock.adjust("31 minutes")
      server.isReachable = false
      server.aheadMs = 0
      yield* TestClock.adjust("31 minutes")
      assert.deepStrictEqual([clock.offsetMs(), server.measurements], [1_500, 2])
    })
  )
})
