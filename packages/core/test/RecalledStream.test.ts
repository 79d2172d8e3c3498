import { assert, describe, it } from "@effect/vitest"
import type { Event } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, subscriptions } from "./opened.ts"
import { ScriptedDriver, trade } from "./referenceVenue.ts"

/** A venue whose ids say nothing, and its answers to what its latest trades are; the last answer stays. */
const openTrades = (answers: ReadonlyArray<ReadonlyArray<number>>, connection = {}) =>
  Effect.gen(function* () {
    const asked: Array<number> = []
    const driver = new ScriptedDriver()
    driver.answersPings = true
    const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
      driver,
      connection,
      recentTrades: (symbol, limit) =>
        Effect.sync(() => {
          const ids = answers[Math.min(asked.push(limit), answers.length) - 1]!
          return ids.map((id) => trade(symbol, id, "backfill"))
        })
    })
    const say = (...ids: ReadonlyArray<number>) => ids.forEach((id) => driver.last.receive({ trade: ["AAA", id] }))
    const reconnect = Effect.suspend(() => {
      driver.last.close()
      return TestClock.adjust("1 second")
    })
    const gaps = () =>
      opened.events.flatMap((each) => (each.type === "gap" ? [{ lost: each.lost, repaired: each.repaired }] : []))
    return { ...opened, asked, gaps, say, reconnect }
  })

const trades = (...ids: ReadonlyArray<number | `${number}`>) =>
  ids.map((id) => (typeof id === "number" ? `AAA trade ${id}` : `AAA trade ${id} backfill`))

describe("trades whose ids say nothing", () => {
  it.effect("are whole after an interruption when the latest reach back to one that was told", () =>
    Effect.gen(function* () {
      const { asked, gaps, market, reconnect, say } = yield* openTrades([[10, 20, 30, 35, 40, 50]])
      say(10, 20)
      yield* reconnect
      say(40, 50)
      yield* TestClock.adjust("1 second")
      say(60)
      assert.deepStrictEqual(
        [asked, market(), gaps()],
        [
          [1_000],
          [...trades(10, 20, "30", "35"), "AAA gap trades disconnect 20..40 repaired 2", ...trades(40, 50, 60)],
          [{ lost: 2, repaired: true }]
        ]
      )
    })
  )

  it.effect("have no gap when nothing was missed", () =>
    Effect.gen(function* () {
      const { gaps, market, reconnect, say } = yield* openTrades([[10, 20, 30, 40]])
      say(10, 20)
      yield* reconnect
      say(30, 40, 30)
      yield* TestClock.adjust("1 second")
      say(20, 50)
      assert.deepStrictEqual([market(), gaps()], [trades(10, 20, 30, 40, 50), []])
    })
  )

  it.effect("tell what could not be had before what could", () =>
    Effect.gen(function* () {
      const { gaps, market, reconnect, say } = yield* openTrades([[30, 35, 40]])
      say(10, 20)
      yield* reconnect
      say(40)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [market(), gaps()],
        [
          [...trades(10, 20), "AAA gap trades disconnect 20..30", ...trades("30", "35", 40)],
          [{ lost: null, repaired: false }]
        ]
      )
    })
  )

  it.effect("are asked for again while the venue has not written what it has sent, for as long as they may wait", () =>
    Effect.gen(function* () {
      const late = yield* openTrades([
        [10, 20, 30],
        [10, 20, 30],
        [10, 20, 30, 40]
      ])
      const never = yield* openTrades([[10, 20, 30]])
      for (const each of [late, never]) {
        each.say(10, 20)
        yield* each.reconnect
        each.say(40, 50)
      }
      yield* TestClock.adjust("4 seconds")
      const waiting = never.market().length
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(
        [late.asked.length, late.market(), waiting, never.market(), never.gaps()],
        [
          3,
          [...trades(10, 20, "30"), "AAA gap trades disconnect 20..40 repaired 1", ...trades(40, 50)],
          2,
          [...trades(10, 20), "AAA gap trades disconnect 20..40", ...trades(40, 50)],
          [{ lost: null, repaired: false }]
        ]
      )
    })
  )

  it.effect("that were interrupted twice are joined from what came in between", () =>
    Effect.gen(function* () {
      const { gaps, market, reconnect, say } = yield* openTrades([[], [10, 20, 30, 35, 40, 45, 50]])
      say(10, 20)
      yield* reconnect
      say(30, 40)
      yield* reconnect
      // the second attempt has its backoff
      yield* TestClock.adjust("1 second")
      say(50, 60)
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(
        [market(), gaps()],
        [
          [
            ...trades(10, 20, 30, "35"),
            "AAA gap trades disconnect 30..40 repaired 1",
            ...trades(40, "45"),
            "AAA gap trades disconnect 40..50 repaired 1",
            ...trades(50, 60)
          ],
          [
            { lost: 1, repaired: true },
            { lost: 1, repaired: true }
          ]
        ]
      )
    })
  )

  it.effect(
    "that were interrupted twice and cannot be joined are told in their order, with the holes around them",
    () =>
      Effect.gen(function* () {
        const { gaps, market, reconnect, say } = yield* openTrades([[], [], [], [], [40, 45, 50, 55]])
        say(10, 20)
        yield* reconnect
        say(30, 31)
        yield* reconnect
        yield* TestClock.adjust("1 second")
        say(50, 60)
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual(
          [market(), gaps()],
          [
            [
              ...trades(10, 20),
              "AAA gap trades disconnect 20..30",
              ...trades(30, 31),
              "AAA gap trades disconnect 31..40",
              ...trades("40", "45", 50, 60)
            ],
            [
              { lost: null, repaired: false },
              { lost: null, repaired: false }
            ]
          ]
        )
      })
  )

  it.effect("that were interrupted twice and cannot be read have both holes", () =>
    Effect.gen(function* () {
      const { gaps, market, reconnect, say } = yield* openTrades([[]])
      say(10, 20)
      yield* reconnect
      say(30, 31)
      yield* reconnect
      yield* TestClock.adjust("1 second")
      say(50, 60)
      yield* TestClock.adjust("10 seconds")
      say(70)
      assert.deepStrictEqual(
        [market(), gaps().length],
        [
          [
            ...trades(10, 20),
            "AAA gap trades disconnect 20..30",
            ...trades(30, 31),
            "AAA gap trades disconnect 31..50",
            ...trades(50, 60, 70)
          ],
          2
        ]
      )
    })
  )

  it.effect("wait for no more than a thousand of them", () =>
    Effect.gen(function* () {
      const { gaps, market, reconnect, say } = yield* openTrades([[]])
      say(1)
      yield* reconnect
      say(...Array.from({ length: 1_001 }, (_, index) => 10 + index))
      assert.deepStrictEqual(
        [market().length, market()[1], gaps()],
        [1_003, "AAA gap trades disconnect 1..10", [{ lost: null, repaired: false }]]
      )
    })
  )

  it.effect("of a symbol that has become quiet are looked for without waiting for the next", () =>
    Effect.gen(function* () {
      const { asked, gaps, market, reconnect, say } = yield* openTrades([[10, 20, 30]])
      say(10, 20)
      yield* reconnect
      yield* TestClock.adjust("1 minute")
      const before = [...market()]
      say(30, 40)
      assert.deepStrictEqual(
        [asked.length > 0, before, market().slice(before.length), gaps()],
        [
          true,
          trades(10, 20, "30"),
          ["AAA gap trades disconnect 20..40 repaired 1", "AAA trade 40"],
          [{ lost: 1, repaired: true }]
        ]
      )
    })
  )

  it.effect("come once over two sessions, and are whole when one of them goes", () =>
    Effect.gen(function* () {
      const { asked, driver, feed, gaps, market } = yield* openTrades([[]])
      const [old] = driver.sockets
      const say = (socket: typeof old, ...ids: ReadonlyArray<number>) =>
        ids.forEach((id) => socket!.receive({ trade: ["AAA", id] }))
      say(old, 10)
      feed.rotate()
      yield* TestClock.adjust(100)
      say(old, 20, 30)
      say(driver.last, 20, 30, 40)
      say(old, 40)
      yield* TestClock.adjust("1 second")
      say(driver.last, 50)
      assert.deepStrictEqual([old!.isOpen, market(), gaps(), asked], [false, trades(10, 20, 30, 40, 50), [], []])
    })
  )

  it.effect("come in the venue's order over two sessions, whichever is behind", () =>
    Effect.gen(function* () {
      const { asked, driver, feed, gaps, market } = yield* openTrades([[]])
      const [old] = driver.sockets
      const say = (socket: typeof old, ...ids: ReadonlyArray<number>) =>
        ids.forEach((id) => socket!.receive({ trade: ["AAA", id] }))
      say(old, 10)
      feed.rotate()
      yield* TestClock.adjust(100)
      // the old one still has to bring what came before
      say(driver.last, 30, 40)
      const waiting = [...market()]
      say(old, 20, 30)
      say(driver.last, 50)
      say(old, 40, 50, 60)
      yield* TestClock.adjust("1 second")
      say(driver.last, 60, 70)
      assert.deepStrictEqual(
        [old!.isOpen, waiting, market(), gaps(), asked],
        [false, trades(10), trades(10, 20, 30, 40, 50, 60, 70), [], []]
      )
    })
  )

  it.effect("of a session that has nobody to meet do not wait", () =>
    Effect.gen(function* () {
      // the older one was alive after the newer one carried it, and so had brought all that came before
      const lost = yield* openTrades([[]])
      const [old] = lost.driver.sockets
      lost.say(10)
      lost.feed.rotate()
      yield* TestClock.adjust(100)
      lost.say(30, 40)
      old!.close()
      yield* TestClock.adjust(10)
      const silent = yield* openTrades([[]], { redundancy: 2 })
      const [first, second] = silent.driver.sockets
      first!.receive({ trade: ["AAA", 10] })
      for (const id of [10, 20, 30]) second!.receive({ trade: ["AAA", id] })
      assert.deepStrictEqual([lost.market(), silent.market()], [trades(10, 30, 40), trades(10, 20, 30)])
    })
  )

  it.effect("are looked for when one of two sessions stalls, and not told again when it goes on", () =>
    Effect.gen(function* () {
      const { driver, gaps, market } = yield* openTrades([[10, 20, 30, 40]], { redundancy: 2 })
      const [first, second] = driver.sockets
      const say = (socket: typeof first, ...ids: ReadonlyArray<number>) =>
        ids.forEach((id) => socket!.receive({ trade: ["AAA", id] }))
      for (const socket of [first, second]) say(socket, 10)
      second!.close()
      yield* TestClock.adjust("1 second")
      // the second is back, and the first does not get on
      say(driver.last, 30, 40)
      yield* TestClock.adjust("3 seconds")
      say(first, 20, 30, 40, 50)
      assert.deepStrictEqual(
        [market(), gaps()],
        [
          [...trades(10, "20"), "AAA gap trades stale 10..30 repaired 1", ...trades(30, 40, 50)],
          [{ lost: 1, repaired: true }]
        ]
      )
    })
  )

  it.effect("that cannot be read are told as lost", () =>
    Effect.gen(function* () {
      const { market, reconnect, say, events } = yield* openTrades([[]])
      say(10)
      yield* reconnect
      say(20)
      yield* TestClock.adjust("6 seconds")
      const last = events.filter((each): each is Event.Gap => each.type === "gap")
      assert.deepStrictEqual(
        [market(), last.length],
        [[...trades(10), "AAA gap trades disconnect 10..20", ...trades(20)], 1]
      )
    })
  )
})
