import { assert, describe, it } from "@effect/vitest"
import { type BookRule, ConnectionOptions, SocketAdapter, Urgency, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { TestClock } from "effect/testing"
import { makeVenue, ScriptedDriver } from "./referenceVenue.ts"

const books = (...symbols: ReadonlyArray<string>) => symbols.map((symbol) => ({ symbol, channel: "book" as const }))

const snapshotOf = (symbol: string): BookRule.BookSnapshot => ({
  symbol,
  sequence: 10,
  bids: [[8, 1]],
  asks: [[11, 1]],
  receivedTime: 5
})

/** A feed of books on one connection whose snapshots are read by `read`, and what was asked of the venue, in order. */
const open = (
  symbols: ReadonlyArray<string>,
  read: (symbol: string) => Effect.Effect<BookRule.BookSnapshot, VenueError.VenueError>
) =>
  Effect.gen(function* () {
    const asked: Array<string> = []
    const driver = new ScriptedDriver()
    const venue = makeVenue({
      snapshot: ({ symbol }) =>
        Effect.gen(function* () {
          const seconds = (yield* Effect.clockWith((clock) => clock.currentTimeMillis)) / 1_000
          asked.push(`${symbol} ${yield* Urgency.current} ${seconds}`)
          return yield* read(symbol)
        })
    })
    const options = { ...ConnectionOptions.defaults, isolation: "shared" as const }
    const adapter = yield* SocketAdapter.make(venue, options).pipe(Effect.provide(driver.layer))
    const feed = yield* adapter.open(books(...symbols), () => {})
    yield* TestClock.adjust("1 second")
    return { asked, driver, feed }
  }).pipe(Random.withSeed(1))

const failure = (reason: VenueError.Reason) =>
  Effect.fail(new VenueError.VenueError({ venue: "reference", operation: "snapshot", reason }))

describe("SnapshotLoader", () => {
  it.effect("asks more urgently for a book that was live than for one that was not yet", () =>
    Effect.gen(function* () {
      let failures = 1
      const { asked, driver } = yield* open(["AAA"], (symbol) =>
        failures-- > 0
          ? failure(new VenueError.ConnectionFailed({ message: "no answer" }))
          : Effect.succeed(snapshotOf(symbol))
      )
      driver.last.receive({ delta: ["AAA", 14, 15] })
      yield* TestClock.adjust("1 second")
      driver.last.close()
      yield* TestClock.adjust("1 minute")
      const urgencies = asked.map((line) => line.split(" ")[1])
      assert.deepStrictEqual(urgencies.slice(0, 3), ["start", "start", "resync"])
      assert.deepStrictEqual(new Set(urgencies.slice(2)), new Set(["resync"]))
    })
  )

  it.effect("four at once at most, three of them first books: a book that was live is not held up by a start", () =>
    Effect.gen(function* () {
      const live = ["LIVE1", "LIVE2"]
      let isHung = false
      const { asked, driver, feed } = yield* open(live, (symbol) =>
        isHung ? Effect.never : Effect.succeed(snapshotOf(symbol))
      )
      isHung = true
      asked.length = 0
      yield* feed.update(books(...live, "NEW1", "NEW2", "NEW3", "NEW4", "NEW5"))
      yield* TestClock.adjust("1 second")
      const first = [...asked]
      for (const symbol of live) driver.last.receive({ delta: [symbol, 14, 15] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [first, asked.slice(3)],
        [["NEW1 start 1", "NEW2 start 1", "NEW3 start 1"], ["LIVE1 resync 2"]]
      )
    })
  )

  it.effect("a book that is refused is asked for ever less often, and holds up no other", () =>
    Effect.gen(function* () {
      const { asked } = yield* open(["AAA", "BBB"], (symbol) =>
        symbol === "BBB"
          ? Effect.succeed(snapshotOf(symbol))
          : failure(new VenueError.RateLimited({ message: "HTTP 429", retryAfterMs: 60_000 }))
      )
      yield* TestClock.adjust("30 seconds")
      // how long the venue is left alone is the budget's, which a read waits for by itself
      assert.deepStrictEqual(asked, [
        "AAA start 0",
        "BBB start 0",
        ...[0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 25.75].map((seconds) => `AAA start ${seconds}`)
      ])
    })
  )
})
