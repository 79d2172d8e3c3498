import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, stateOf, subscriptions } from "./opened.ts"
import { ScriptedDriver } from "./referenceVenue.ts"

/** Sockets whose pings are answered. */
const alive = () => {
  const driver = new ScriptedDriver()
  driver.answersPings = true
  return driver
}

describe("rotation", () => {
  it.effect(
    "S-D4 a replacement carries everything before the old socket closes; nothing is lost, nothing comes twice",
    () =>
      Effect.gen(function* () {
        const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes", "book", "mark", "liquidations"]), {
          driver: alive()
        })
        const { driver, feed, market } = opened
        const [old] = driver.sockets
        const say = (socket: typeof driver.last, id: number) => {
          socket.receive({ trade: ["AAA", id] })
          socket.receive({ quote: ["AAA", id] })
          socket.receive({ delta: ["AAA", 10 + id, 10 + id] })
          socket.receive({ mark: ["AAA", id] })
          socket.receive({ liquidation: ["AAA", id] })
        }
        const told = market().length
        say(old!, 1)
        assert.deepStrictEqual(feed.rotate("AAA"), ["AAA"])
        // it is at work, and not begun twice
        assert.deepStrictEqual(feed.rotate(), [])
        yield* TestClock.adjust(100)
        const replacement = driver.last
        const both = [old!.isOpen, replacement.isOpen]
        say(old!, 2)
        say(replacement, 2)
        say(replacement, 3)
        say(old!, 3)
        yield* TestClock.adjust("1 second")
        say(replacement, 4)
        assert.deepStrictEqual(
          [both, old!.isOpen, market().slice(told), opened.states("AAA"), feed.counts().rotations, feed.counts().gaps],
          [
            [true, true],
            false,
            [1, 2, 3, 4].flatMap((id) => [
              `AAA trade ${id}`,
              `AAA quote ${id}`,
              `AAA delta ${10 + id}`,
              `AAA mark ${id}`,
              `AAA liquidation ${id}`
            ]),
            ["Connecting", "Connected", "Subscribing", "Active", "Active"],
            1,
            0
          ]
        )
      })
  )

  it.effect("what comes late on the older socket does not prove that nothing else is on its way", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* open(subscriptions(["AAA"], ["quotes"]), { driver: alive() })
      const [old] = driver.sockets
      old!.receive({ quote: ["AAA", 1] })
      // from now on answers take their time
      old!.answersPings = false
      feed.rotate()
      yield* TestClock.adjust(100)
      old!.ping()
      old!.close()
      driver.last.receive({ quote: ["AAA", 9] })
      const met = yield* open(subscriptions(["AAA"], ["quotes"]), { driver: alive() })
      const [first] = met.driver.sockets
      first!.answersPings = false
      met.feed.rotate()
      yield* TestClock.adjust(100)
      // what both have brought shows that they stand at the same place
      for (const socket of [first!, met.driver.last]) socket.receive({ quote: ["AAA", 2] })
      first!.close()
      met.driver.last.receive({ quote: ["AAA", 9] })
      assert.deepStrictEqual(
        [market(), met.market()],
        [
          ["AAA quote 1", "AAA gap quotes disconnect 2..2", "AAA quote 9"],
          ["AAA quote 2", "AAA quote 9"]
        ]
      )
    })
  )

  it.effect("what one socket is ahead of the other waits for the other, and is no hole", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* open(subscriptions(["AAA"], ["trades", "book"]), { driver: alive() })
      const [old] = driver.sockets
      old!.receive({ trade: ["AAA", 1] })
      old!.receive({ delta: ["AAA", 11, 11] })
      const told = market().length
      feed.rotate()
      yield* TestClock.adjust(100)
      driver.last.receive({ trade: ["AAA", 3] })
      driver.last.receive({ delta: ["AAA", 13, 13] })
      yield* TestClock.adjust(100)
      for (const id of [2, 3]) {
        old!.receive({ trade: ["AAA", id] })
        old!.receive({ delta: ["AAA", 10 + id, 10 + id] })
      }
      yield* TestClock.adjust("2 seconds")
      driver.last.receive({ trade: ["AAA", 4] })
      driver.last.receive({ delta: ["AAA", 14, 14] })
      assert.deepStrictEqual(
        [market().slice(told), feed.counts().rotations],
        [["AAA trade 2", "AAA trade 3", "AAA delta 12", "AAA delta 13", "AAA trade 4", "AAA delta 14"], 1]
      )
    })
  )

  it.effect("a change that neither socket brings is a hole after a moment, and the book is rebuilt", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* open(subscriptions(["AAA"], ["book"]), {
        driver: alive(),
        connection: { redundancy: 2 }
      })
      const told = market().length
      for (const socket of driver.sockets) socket.receive({ delta: ["AAA", 11, 11] })
      for (const socket of driver.sockets) socket.receive({ delta: ["AAA", 13, 13] })
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(market().slice(told, told + 3), ["AAA delta 11", "AAA book stale", "AAA book syncing"])
    })
  )

  it.effect("rotates by age, each connection at another time", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA", "BBB", "CCC"], ["trades"]), {
        driver: alive(),
        connection: { rotateAfter: "23 minutes" }
      })
      const ages: Array<number> = []
      for (let second = 0; second < 23 * 60 && ages.length < 3; second += 5) {
        yield* TestClock.adjust("5 seconds")
        while (ages.length < opened.feed.counts().rotations) ages.push(second / 60)
      }
      assert.deepStrictEqual(
        [
          ages.length,
          ages.every((age) => age >= 20.6 && age <= 23),
          new Set(ages).size,
          opened.feed.counts().reconnects
        ],
        [3, true, 3, 0]
      )
    })
  )

  it.effect("the venue's notice of a shutdown brings a replacement at once", () =>
    Effect.gen(function* () {
      const { driver, events, feed } = yield* open(subscriptions(["AAA"], ["trades"]), { driver: alive() })
      driver.last.receive({ shutdown: true })
      yield* TestClock.adjust("1 second")
      driver.sockets[0]!.close(1001)
      const reasons = events.flatMap((each) => (each.type === "connection" && each.reason ? [each.reason] : []))
      assert.deepStrictEqual(
        [driver.sockets.map((each) => each.isOpen), reasons, feed.counts().reconnects],
        [[false, true], ["replaced: the venue announced a shutdown"], 0]
      )
    })
  )

  it.effect("a replacement that does not become ready leaves the old socket alone, and is tried again", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), { driver: alive() })
      const { driver, feed } = opened
      driver.last.receive({ trade: ["AAA", 1] })
      driver.refusals = 2
      feed.rotate()
      yield* TestClock.adjust(10)
      const during = [driver.sockets.length, driver.sockets[0]!.isOpen, stateOf(opened, "AAA")]
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [during, driver.sockets.map((each) => each.isOpen), feed.counts().rotations],
        [[1, true, "Active"], [false, true], 1]
      )
    })
  )

  it.effect("when the old socket is lost meanwhile, the replacement takes over where it is", () =>
    Effect.gen(function* () {
      const driver = alive()
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), { driver })
      driver.last.receive({ trade: ["AAA", 1] })
      driver.acknowledges = false
      opened.feed.rotate()
      yield* TestClock.adjust(10)
      driver.sockets[0]!.close()
      yield* TestClock.adjust(10)
      const during = stateOf(opened, "AAA")
      driver.last.acknowledge()
      yield* TestClock.adjust(10)
      driver.last.receive({ trade: ["AAA", 2] })
      assert.deepStrictEqual(
        [during, stateOf(opened, "AAA"), driver.dials, opened.market(), opened.states("AAA").slice(4)],
        [
          "Subscribing",
          "Active",
          2,
          ["AAA trade 1", "AAA trade 2"],
          ["Reconnecting", "Connecting", "Connected", "Subscribing", "Active"]
        ]
      )
    })
  )

  it.effect("a socket that was dead for a while before its replacement has a gap where a loss cannot be excluded", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      const { feed, market } = yield* open(subscriptions(["AAA"], ["quotes"]), { driver })
      driver.last.receive({ quote: ["AAA", 1] })
      feed.rotate()
      yield* TestClock.adjust("6 seconds")
      driver.last.receive({ quote: ["AAA", 9] })
      assert.deepStrictEqual(market(), ["AAA quote 1", "AAA gap quotes stale 2..2", "AAA quote 9"])
    })
  )

  it.effect("subscriptions change while a replacement is on its way", () =>
    Effect.gen(function* () {
      const driver = alive()
      const { feed, market } = yield* open(subscriptions(["AAA"], ["trades"]), {
        driver,
        connection: { isolation: "shared" }
      })
      feed.rotate()
      yield* TestClock.adjust(10)
      yield* feed.update(subscriptions(["AAA", "BBB"], ["trades"]))
      yield* TestClock.adjust("2 seconds")
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.receive({ trade: ["BBB", 1] })
      assert.deepStrictEqual(
        [driver.sockets.map((each) => each.isOpen), market()],
        [
          [false, true],
          ["AAA trade 1", "BBB trade 1"]
        ]
      )
    })
  )
})

describe("redundancy", () => {
  it.effect("S-A2 two sockets: the first arrival wins, and the loss of one is not felt", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades", "book", "mark"]), {
        driver: alive(),
        connection: { redundancy: 2 }
      })
      const { driver, feed, market } = opened
      const told = market().length
      const [first, second] = driver.sockets
      const say = (socket: typeof driver.last, id: number) => {
        socket.receive({ trade: ["AAA", id] })
        socket.receive({ delta: ["AAA", 10 + id, 10 + id] })
        socket.receive({ mark: ["AAA", id] })
      }
      say(first!, 1)
      say(second!, 1)
      say(second!, 2)
      say(first!, 2)
      first!.close()
      say(second!, 3)
      yield* TestClock.adjust("2 seconds")
      say(driver.last, 4)
      say(second!, 4)
      assert.deepStrictEqual(
        [
          [...feed.states.value.keys()],
          driver.sockets.length,
          market().slice(told),
          [feed.counts().gaps, feed.counts().reconnects, feed.counts().resyncs]
        ],
        [
          ["AAA", "AAA#2"],
          3,
          [1, 2, 3, 4].flatMap((id) => [`AAA trade ${id}`, `AAA delta ${10 + id}`, `AAA mark ${id}`]),
          [0, 1, 0]
        ]
      )
    })
  )

  it.effect("when a socket is lost, the other is believed only as far as it has brought the same", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* open(subscriptions(["AAA"], ["quotes"]), {
        driver: alive(),
        connection: { redundancy: 2 }
      })
      const [first, second] = driver.sockets
      // abreast: nothing can be missing
      for (const socket of [first!, second!]) socket.receive({ quote: ["AAA", 1] })
      first!.ping()
      first!.close()
      second!.receive({ quote: ["AAA", 2] })
      yield* TestClock.adjust("2 seconds")
      // behind, and then catching up: proved
      const third = driver.last
      for (const sequence of [3, 4]) third.receive({ quote: ["AAA", sequence] })
      third.close()
      for (const sequence of [3, 4, 5]) second!.receive({ quote: ["AAA", sequence] })
      yield* TestClock.adjust("4 seconds")
      // silent: what the lost one brought last, and what it had on its way, is not known
      const fourth = driver.last
      fourth.receive({ quote: ["AAA", 6] })
      fourth.close()
      second!.receive({ quote: ["AAA", 8] })
      assert.deepStrictEqual(
        market().map((each) => each.replace(/\d+\.\.\d+/, "")),
        [...[1, 2, 3, 4, 5, 6].map((sequence) => `AAA quote ${sequence}`), "AAA gap quotes disconnect ", "AAA quote 8"]
      )
    })
  )
})

describe("circuit", () => {
  it.effect("S-C2 an operator's reset closes an open circuit; nothing is done to a connection that is well", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.refusals = 2
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["trades"]), {
        driver,
        connection: { reconnect: { attempts: 1, base: "10 millis" }, isolation: "shared" }
      })
      const before = stateOf(opened, "shared-1")
      const dials = driver.dials
      const reset = opened.feed.reset()
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [before, dials, reset, stateOf(opened, "shared-1"), driver.dials, opened.feed.reset()],
        ["Failed", 2, ["shared-1"], "Active", 3, []]
      )
    })
  )
})
