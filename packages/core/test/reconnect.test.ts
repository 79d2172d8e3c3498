import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, subscriptions } from "./opened.ts"
import { Readable } from "./readable.ts"

/** So long that no session begins by itself within a test. */
const connection = { reconnect: { base: "10 hours", max: "10 hours", attempts: 2, coolDown: "20 hours" } }

describe("reconnecting by command", () => {
  it.effect("drops the session and begins another at once, without the backoff, of the connection that is named", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["trades"]), { connection })
      const { driver, feed } = opened
      const [first, second] = driver.sockets
      first!.receive({ trade: ["AAA", 1] })
      const asked = [feed.reconnect("AAA"), feed.reconnect("CCC")]
      yield* TestClock.adjust(100)
      driver.last.receive({ trade: ["AAA", 2] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [asked, first!.isOpen, second!.isOpen, driver.dials, opened.states("AAA"), feed.counts().reconnects],
        [
          [["AAA"], []],
          false,
          true,
          3,
          [
            "Connecting",
            "Connected",
            "Subscribing",
            "Active",
            "Reconnecting",
            "Connecting",
            "Connected",
            "Subscribing",
            "Active"
          ],
          1
        ]
      )
      assert.strictEqual(feed.states.value.get("AAA")?.attempt, 1)
      // the one after it waits as ever
      driver.last.close()
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual([feed.reconnect("AAA"), feed.reset("AAA")], [[], ["AAA"]])
    })
  )

  it.effect("begins another session of a polled connection", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.trades = [1]
      const opened = yield* open(subscriptions(["A"], ["trades"], "polling"), { ...venue.numbered, connection })
      assert.deepStrictEqual(opened.feed.reconnect(), ["A/polling"])
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(opened.states("A/polling").slice(4), [
        "Reconnecting",
        "Connecting",
        "Connected",
        "Subscribing",
        "Active"
      ])
    })
  )

  it.effect("does nothing once the feed has ended", () =>
    Effect.gen(function* () {
      const opened = yield* Effect.scoped(open(subscriptions(["AAA"], ["trades"]), { connection }))
      assert.deepStrictEqual(opened.feed.reconnect(), [])
    })
  )
})
