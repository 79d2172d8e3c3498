import { assert, describe, it } from "@effect/vitest"
import { VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, subscriptions } from "./opened.ts"
import { bar, ScriptedDriver, trade, type VenueOptions } from "./referenceVenue.ts"

const unavailable = () =>
  Effect.fail(
    new VenueError.VenueError({
      venue: "reference",
      operation: "trades",
      reason: new VenueError.VenueUnavailable({ message: "overloaded" })
    })
  )

/** A venue that has the trades up to `last` but for those `without`, and what it was asked. */
const keeping = (last: number, without: ReadonlyArray<number> = [], page = 1_000) => {
  const asked: Array<string> = []
  const trades: NonNullable<VenueOptions["trades"]> = ({ fromId, limit, symbol }) =>
    Effect.sync(() => {
      asked.push(`${fromId} ${limit}`)
      const ids = Array.from({ length: Math.min(limit, page) }, (_, index) => Number(fromId) + index)
      return ids.filter((id) => id <= last && !without.includes(id)).map((id) => trade(symbol, id, "backfill"))
    })
  return { asked, trades }
}

describe("backfill of trades", () => {
  it.effect("what was missed over a reconnect is fetched, then the gap is told, then live trades", () =>
    Effect.gen(function* () {
      const { asked, trades } = keeping(5)
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), { trades })
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.close()
      yield* TestClock.adjust("2 seconds")
      driver.last.receive({ trade: ["AAA", 5] })
      driver.last.receive({ trade: ["AAA", 6] })
      yield* TestClock.adjust(10)
      driver.last.receive({ trade: ["AAA", 7] })
      assert.deepStrictEqual(
        [asked, market()],
        [
          ["2 3"],
          [
            "AAA trade 1",
            "AAA trade 2 backfill",
            "AAA trade 3 backfill",
            "AAA trade 4 backfill",
            "AAA gap trades disconnect 1..5 repaired 3",
            "AAA trade 5",
            "AAA trade 6",
            "AAA trade 7"
          ]
        ]
      )
    })
  )

  it.effect("a trade that was overtaken by the next is waited for, and is no gap", () =>
    Effect.gen(function* () {
      const { asked, trades } = keeping(9)
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), { trades })
      for (const id of [1, 3, 4, 2, 5]) driver.last.receive({ trade: ["AAA", id] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([asked, market()], [[], [1, 2, 3, 4, 5].map((id) => `AAA trade ${id}`)])
    })
  )

  it.effect("a hole of several pages is fetched page by page", () =>
    Effect.gen(function* () {
      const { asked, trades } = keeping(100, [], 40)
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), { trades })
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.receive({ trade: ["AAA", 102] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [asked, market().length, market().at(0), market().at(-2)],
        [
          ["2 100", "42 60", "82 20", "101 1", "101 1", "101 1", "101 1"].slice(0, asked.length),
          100,
          "AAA trade 1",
          "AAA trade 99 backfill"
        ]
      )
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(market().slice(-3), [
        "AAA trade 100 backfill",
        "AAA gap trades sequence 100..102",
        "AAA trade 102"
      ])
    })
  )

  it.effect("what cannot be had is told exactly, after what could", () =>
    Effect.gen(function* () {
      const { trades } = keeping(9, [3, 6, 7])
      const { driver, events, market } = yield* open(subscriptions(["AAA"], ["trades"]), { trades })
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.receive({ trade: ["AAA", 9] })
      yield* TestClock.adjust("6 seconds")
      const lost = events.flatMap((each) => (each.type === "gap" ? [[each.lost, each.repaired]] : []))
      assert.deepStrictEqual(
        [market(), lost],
        [
          [
            "AAA trade 1",
            "AAA trade 2 backfill",
            "AAA gap trades sequence 2..4",
            "AAA trade 4 backfill",
            "AAA trade 5 backfill",
            "AAA gap trades sequence 5..8",
            "AAA trade 8 backfill",
            "AAA trade 9"
          ],
          [
            [1, false],
            [2, false]
          ]
        ]
      )
    })
  )

  it.effect(
    "live trades wait no longer than `repairWithin`, whatever the venue does; what comes later is discarded",
    () =>
      Effect.gen(function* () {
        const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), {
          trades: ({ symbol }) => Effect.delay(Effect.succeed([trade(symbol, 2, "backfill")]), "4 seconds"),
          connection: { repairWithin: "3 seconds" }
        })
        driver.last.receive({ trade: ["AAA", 1] })
        driver.last.receive({ trade: ["AAA", 3] })
        yield* TestClock.adjust("2900 millis")
        const before = market()
        yield* TestClock.adjust("300 millis")
        driver.last.receive({ trade: ["AAA", 4] })
        yield* TestClock.adjust("5 seconds")
        assert.deepStrictEqual(
          [before, market()],
          [["AAA trade 1"], ["AAA trade 1", "AAA gap trades sequence 1..3", "AAA trade 3", "AAA trade 4"]]
        )
      })
  )

  it.effect("at most a queue's worth of live trades waits", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), { trades: () => Effect.never })
      driver.last.receive({ trade: ["AAA", 1] })
      for (let id = 3; id <= 1_003; id++) driver.last.receive({ trade: ["AAA", id] })
      const told = market()
      assert.deepStrictEqual([told.length, told[1], told[2]], [1_003, "AAA gap trades sequence 1..3", "AAA trade 3"])
    })
  )

  it.effect("a venue that is busy is asked again within the deadline", () =>
    Effect.gen(function* () {
      const { trades } = keeping(3)
      let failures = 3
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), {
        trades: (request) => (failures-- > 0 ? unavailable() : trades(request))
      })
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.receive({ trade: ["AAA", 3] })
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(market(), [
        "AAA trade 1",
        "AAA trade 2 backfill",
        "AAA gap trades sequence 1..3 repaired 1",
        "AAA trade 3"
      ])
    })
  )

  it.effect("a connection lost while a hole is mended: one hole after another, nothing twice", () =>
    Effect.gen(function* () {
      const { trades } = keeping(9)
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]), {
        trades: (request) => Effect.delay(trades(request), "2 seconds")
      })
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.receive({ trade: ["AAA", 3] })
      driver.last.close()
      yield* TestClock.adjust("1200 millis")
      driver.last.receive({ trade: ["AAA", 6] })
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(market(), [
        "AAA trade 1",
        "AAA trade 2 backfill",
        "AAA gap trades sequence 1..3 repaired 1",
        "AAA trade 3",
        "AAA trade 4 backfill",
        "AAA trade 5 backfill",
        "AAA gap trades disconnect 3..6 repaired 2",
        "AAA trade 6"
      ])
    })
  )

  it.effect("what is open when the stream ends is told", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* open(subscriptions(["AAA", "BBB"], ["trades"]), {
        trades: () => Effect.never
      })
      driver.sockets[0]!.receive({ trade: ["AAA", 1] })
      driver.sockets[0]!.receive({ trade: ["AAA", 3] })
      yield* feed.update(subscriptions(["BBB"], ["trades"]))
      assert.deepStrictEqual(market(), [
        "AAA trade 1",
        "AAA gap trades sequence 1..3",
        "AAA trade 3",
        "AAA trades ended: unsubscribed"
      ])
    })
  )
})

describe("backfill of bars", () => {
  const minute = 60_000

  it.effect("closes that were missed over a reconnect are fetched, final once", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const { driver, market } = yield* open(subscriptions(["AAA"], ["bars:1m"]), {
        bars: ({ from, symbol, to }) => {
          asked.push(`${from / minute}..${to / minute}`)
          return Effect.succeed([0, 1].map((number) => bar(symbol, number, true, minute, "backfill")))
        }
      })
      driver.last.receive({ bar: ["AAA", 0, false, 5] })
      driver.last.close()
      yield* TestClock.adjust("2 seconds")
      driver.last.receive({ bar: ["AAA", 2, false, 1] })
      driver.last.receive({ bar: ["AAA", 2, false, 2] })
      yield* TestClock.adjust(10)
      driver.last.receive({ bar: ["AAA", 2, true] })
      driver.last.receive({ bar: ["AAA", 2, true] })
      assert.deepStrictEqual(
        [asked, market()],
        [
          ["0..1"],
          [
            "AAA bar 0",
            "AAA bar 0 final backfill",
            "AAA bar 1 final backfill",
            `AAA gap bars:1m disconnect -${minute}..${2 * minute} repaired 2`,
            "AAA bar 2",
            "AAA bar 2",
            "AAA bar 2 final"
          ]
        ]
      )
    })
  )

  it.effect("a close that the venue omits is fetched three seconds after the end of its bar", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const driver = new ScriptedDriver()
      driver.answersPings = true
      const { market } = yield* open(subscriptions(["AAA"], ["bars:1m"]), {
        driver,
        bars: ({ from, symbol }) =>
          Effect.map(
            Effect.clockWith((clock) => clock.currentTimeMillis),
            (now) => {
              asked.push(now)
              return [bar(symbol, from / minute, true, minute, "backfill")]
            }
          )
      })
      driver.last.receive({ bar: ["AAA", 0, false, 1_000] })
      yield* TestClock.adjust("61 seconds")
      const before = market()
      yield* TestClock.adjust("4 seconds")
      driver.last.receive({ bar: ["AAA", 1, false, 5_000] })
      assert.deepStrictEqual(
        [before, market(), asked.length, asked[0]! >= 63_000 && asked[0]! <= 65_000],
        [
          ["AAA bar 0"],
          [
            "AAA bar 0",
            "AAA bar 0 final backfill",
            `AAA gap bars:1m sequence -${minute}..${minute} repaired 1`,
            "AAA bar 1"
          ],
          1,
          true
        ]
      )
    })
  )
})
