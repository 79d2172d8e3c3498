/** What is signed is signed with the exchange's time, and what CCXT compares with the wall clock stays of the wall clock. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Random } from "effect"
import { TestClock } from "effect/testing"
import type { Client, Exchange } from "../src/Exchange.ts"
import type { Library } from "../src/library.ts"
import { Maker } from "../src/Maker.ts"
import { InvalidNonce, NetworkError } from "./support/FakeExchange.ts"

/** The exchange is so far ahead, ms. */
const AHEAD = 45_000

class Clocked {
  times = 0
  isDown = false
  ahead = AHEAD
  /** What each reader was signed with. */
  readonly stamps: Array<number> = []
  readonly nowMs: () => number

  constructor(nowMs: () => number) {
    this.nowMs = nowMs
  }

  readonly library: Library = (id, settings) => {
    const made = {
      id,
      has: { fetchTime: true },
      urls: { api: {} },
      options: { adjustForTimeDifference: true, timeDifference: 7 },
      milliseconds: this.nowMs,
      settings,
      checkRequiredCredentials: () => settings["apiKey"] !== undefined,
      fetchTime: async () => {
        this.times++
        if (this.isDown) throw new NetworkError("nobody there")
        return this.nowMs() + this.ahead
      },
      loadMarkets: async () => {
        this.stamps.push(made.milliseconds())
        return {}
      }
    }
    return made as unknown as Exchange
  }
}

const credentials = { apiKey: "a", secret: "b" }

const started = (options: Readonly<Record<string, unknown>> = credentials) =>
  Effect.gen(function* () {
    const clock = yield* TestClock.testClockWith(Effect.succeed)
    const venue = new Clocked(() => clock.currentTimeMillisUnsafe())
    const maker = new Maker(venue.library, { venue: "mine", id: "gate", isTest: false, endpoints: {}, options })
    yield* maker.keepTime
    return { venue, maker, clock }
  }).pipe(Random.withSeed(1))

describe("the time of what is signed", () => {
  it.effect("is the exchange's, measured before the first request, and every half hour", () =>
    Effect.gen(function* () {
      const { clock, maker, venue } = yield* started()
      expect(venue.times).toBe(0)
      yield* maker.reload
      yield* maker.reload
      expect(venue.times).toBe(1)
      expect(venue.stamps).toEqual([AHEAD, AHEAD])
      // CCXT would take it off once more
      expect(maker.reader.options).toEqual({ adjustForTimeDifference: false, timeDifference: 0 })
      venue.ahead = -AHEAD
      yield* TestClock.adjust("30 minutes")
      yield* maker.reload
      expect([venue.times, venue.stamps.at(-1)]).toEqual([2, clock.currentTimeMillisUnsafe() - AHEAD])
    })
  )

  it.effect("is measured again when the exchange finds it wrong, and nothing is sent again", () =>
    Effect.gen(function* () {
      const { maker, venue } = yield* started()
      yield* maker.reload
      venue.ahead = 2 * AHEAD
      let sent = 0
      const refused = () => {
        sent++
        return Promise.reject(new InvalidNonce("the stamp is old"))
      }
      yield* Effect.flip(maker.call("read", refused))
      expect([sent, venue.times]).toEqual([1, 2])
      yield* maker.reload
      expect(venue.stamps.at(-1)).toBe(2 * AHEAD)
    })
  )

  it.effect("is our own while the exchange's cannot be read, and that of an entry without credentials", () =>
    Effect.gen(function* () {
      const down = yield* started()
      down.venue.isDown = true
      yield* down.maker.reload
      expect(down.venue.stamps).toEqual([0])
      const plain = yield* started({})
      yield* plain.maker.reload
      expect([plain.venue.times, plain.venue.stamps]).toEqual([0, [0]])
    })
  )

  it.effect("does not age a socket: its last pong is by the wall clock, whatever it is set to", () =>
    Effect.gen(function* () {
      const { maker } = yield* started()
      const client = { url: "wss://x", lastPong: 0 } as unknown as Client & { lastPong: number }
      maker.reader.onConnected?.(client)
      client.lastPong = -1
      const distance = Math.abs(client.lastPong - performance.timeOrigin - performance.now())
      expect(distance).toBeLessThan(1_000)
    })
  )
})
