import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, stateOf, subscriptions } from "./opened.ts"
import { ScriptedDriver } from "./referenceVenue.ts"

const alive = () => {
  const driver = new ScriptedDriver()
  driver.answersPings = true
  return driver
}

const openBook = (driver = alive(), connection = {}) =>
  open(subscriptions(["AAA"], ["book"]), { seeds: true, driver, connection })

const asked = ({ sent }: ScriptedDriver["last"]) =>
  sent.flatMap(({ sub, unsub }) => (sub === undefined && unsub === undefined ? [] : [sub === undefined ? "-" : "+"]))

const subscribed = (socket: ScriptedDriver["last"]) => asked(socket).filter((each) => each === "+").length

describe("a book whose venue sends the whole of it on the socket", () => {
  it.effect("is subscribed anew at a hole, on the same socket, and tells nothing in between", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* openBook()
      const socket = driver.last
      socket.receive({ whole: ["AAA", 10] })
      for (const id of [11, 13, 14]) socket.receive({ delta: ["AAA", id, id] })
      yield* TestClock.adjust("1 second")
      // the venue has not read it yet
      socket.receive({ delta: ["AAA", 15, 15] })
      socket.receive({ whole: ["AAA", 16] })
      socket.receive({ delta: ["AAA", 17, 17] })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        [driver.dials, asked(socket), market()],
        [
          1,
          ["+", "-", "+"],
          [
            "AAA book syncing",
            "AAA snapshot 10",
            "AAA book live",
            "AAA delta 11",
            "AAA book stale",
            "AAA book syncing",
            "AAA snapshot 16",
            "AAA gap book sequence 11..16",
            "AAA book live",
            "AAA delta 17"
          ]
        ]
      )
    })
  )

  it.effect("is told once when its frame comes twice", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* openBook()
      const socket = driver.last
      for (const frame of [10, 10]) socket.receive({ whole: ["AAA", frame] })
      socket.receive({ delta: ["AAA", 11, 11] })
      assert.deepStrictEqual(
        [feed.counts().duplicates, market()],
        [1, ["AAA book syncing", "AAA snapshot 10", "AAA book live", "AAA delta 11"]]
      )
    })
  )

  it.effect("keeps its connection from being Active until each book that is subscribed anew is confirmed", () =>
    Effect.gen(function* () {
      const driver = alive()
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["book"]), {
        seeds: true,
        driver,
        connection: { isolation: "shared" },
        limits: { requestsPerSecond: 1 }
      })
      for (const symbol of ["AAA", "BBB"]) driver.last.receive({ whole: [symbol, 10] })
      for (const symbol of ["AAA", "BBB"]) driver.last.receive({ delta: [symbol, 12, 12] })
      const states: Array<string | undefined> = []
      for (let second = 0; second < 5; second++) {
        states.push(stateOf(opened, "shared-1"))
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(
        [states, asked(driver.last)],
        [
          ["Subscribing", "Subscribing", "Subscribing", "Subscribing", "Active"],
          ["+", "-", "+", "-", "+"]
        ]
      )
    })
  )

  it.effect("is subscribed anew when changes come without it for 5 s, less and less often", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* openBook()
      const socket = driver.last
      const times: Array<number> = []
      for (let second = 1; second <= 30; second++) {
        const before = subscribed(socket)
        socket.receive({ delta: ["AAA", second, second] })
        yield* TestClock.adjust("1 second")
        if (subscribed(socket) > before) times.push(second)
      }
      socket.receive({ whole: ["AAA", 31] })
      assert.deepStrictEqual(
        [times, market()],
        [
          [5, 10, 15, 21, 28],
          ["AAA book syncing", "AAA snapshot 31", "AAA book live"]
        ]
      )
    })
  )

  it.effect("is not told again when another session begins with it, wherever that one stands", () =>
    Effect.gen(function* () {
      for (const begins of [11, 12, 14]) {
        const { driver, feed, market } = yield* openBook()
        const [old] = driver.sockets
        old!.receive({ whole: ["AAA", 10] })
        for (const id of [11, 12]) old!.receive({ delta: ["AAA", id, id] })
        feed.rotate()
        yield* TestClock.adjust(100)
        driver.last.receive({ whole: ["AAA", begins] })
        for (let id = begins + 1; id <= 15; id++) driver.last.receive({ delta: ["AAA", id, id] })
        for (const id of [13, 14, 15]) old!.receive({ delta: ["AAA", id, id] })
        yield* TestClock.adjust("2 seconds")
        driver.last.receive({ delta: ["AAA", 16, 16] })
        assert.deepStrictEqual(
          [old!.isOpen, market().slice(3), feed.counts().gaps],
          [false, [11, 12, 13, 14, 15, 16].map((id) => `AAA delta ${id}`), 0]
        )
      }
    })
  )

  it.effect("goes on from the whole book of the other session when the first one ends before it is there", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* openBook()
      const [old] = driver.sockets
      old!.receive({ whole: ["AAA", 10] })
      feed.rotate()
      yield* TestClock.adjust(100)
      driver.last.receive({ whole: ["AAA", 13] })
      driver.last.receive({ delta: ["AAA", 14, 14] })
      old!.close()
      yield* TestClock.adjust("1 second")
      driver.last.receive({ delta: ["AAA", 15, 15] })
      assert.deepStrictEqual(
        [asked(driver.last), market().slice(3)],
        [["+"], ["AAA snapshot 13", "AAA gap book sequence 10..13", "AAA delta 14", "AAA delta 15"]]
      )
    })
  )

  it.effect("follows a venue that begins its numbering anew, once, over two sessions", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* openBook(alive(), { redundancy: 2 })
      const [first, second] = driver.sockets
      for (const socket of [first!, second!]) socket.receive({ whole: ["AAA", 10] })
      first!.receive({ whole: ["AAA", 1] })
      first!.receive({ delta: ["AAA", 2, 2] })
      // the other one is behind
      second!.receive({ delta: ["AAA", 11, 11] })
      second!.receive({ whole: ["AAA", 1] })
      for (const socket of [second!, first!]) for (const id of [2, 3]) socket.receive({ delta: ["AAA", id, id] })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [market().slice(3), feed.counts().resyncs, asked(first!), asked(second!)],
        [["AAA snapshot 1", "AAA gap book sequence 10..1", "AAA delta 2", "AAA delta 3"], 0, ["+"], ["+"]]
      )
    })
  )

  it.effect("is not taken back to the numbering that is over by a session that begins late", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* openBook()
      const [old] = driver.sockets
      old!.receive({ whole: ["AAA", 700, 1_000] })
      feed.rotate()
      yield* TestClock.adjust(100)
      old!.receive({ whole: ["AAA", 1, 2_000] })
      old!.receive({ delta: ["AAA", 2, 2, 2_001] })
      // on its way since before that
      driver.last.receive({ whole: ["AAA", 702, 1_500] })
      driver.last.receive({ delta: ["AAA", 703, 703, 1_501] })
      driver.last.receive({ whole: ["AAA", 1, 2_000] })
      for (const id of [2, 3]) driver.last.receive({ delta: ["AAA", id, id, 1_999 + id] })
      yield* TestClock.adjust("3 seconds")
      driver.last.receive({ delta: ["AAA", 4, 4] })
      assert.deepStrictEqual(
        [market().slice(3), feed.counts().resyncs],
        [["AAA snapshot 1", "AAA gap book sequence 700..1", "AAA delta 2", "AAA delta 3", "AAA delta 4"], 0]
      )
    })
  )

  it.effect("does not go back to what waited from before the venue began anew when its session is lost", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* openBook()
      const [old] = driver.sockets
      old!.receive({ whole: ["AAA", 700, 1_000] })
      feed.rotate()
      yield* TestClock.adjust(100)
      driver.last.receive({ whole: ["AAA", 705, 1_500] })
      old!.receive({ whole: ["AAA", 1, 2_000] })
      old!.receive({ delta: ["AAA", 2, 2, 2_100] })
      old!.close()
      yield* TestClock.adjust(10)
      assert.deepStrictEqual(
        market().filter((line) => line.includes("snapshot")),
        ["AAA snapshot 700", "AAA snapshot 1"]
      )
    })
  )

  it.effect("that is being rebuilt is not begun with what is from before the venue began anew", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* openBook()
      const [old] = driver.sockets
      old!.receive({ whole: ["AAA", 700, 1_000] })
      feed.rotate()
      yield* TestClock.adjust(100)
      // it began anew while the book had a hole
      old!.receive({ delta: ["AAA", 702, 702, 1_400] })
      yield* TestClock.adjust("2 seconds")
      old!.receive({ whole: ["AAA", 1, 2_000] })
      old!.receive({ delta: ["AAA", 3, 3, 2_100] })
      yield* TestClock.adjust("2 seconds")
      driver.last.receive({ whole: ["AAA", 703, 1_500] })
      const before = market().at(-1)
      driver.last.receive({ whole: ["AAA", 1, 2_000] })
      for (const socket of [old!, driver.last]) socket.receive({ whole: ["AAA", 4, 2_200] })
      assert.deepStrictEqual(
        [before, market().filter((line) => line.includes("snapshot 70"))],
        ["AAA book syncing", ["AAA snapshot 700"]]
      )
    })
  )

  it.effect("is rebuilt from one of two sessions while the other one delivers", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* openBook(alive(), { redundancy: 2 })
      const [first, second] = driver.sockets
      for (const socket of [first!, second!]) socket.receive({ whole: ["AAA", 10] })
      for (const socket of [first!, second!]) socket.receive({ delta: ["AAA", 12, 12] })
      yield* TestClock.adjust("3 seconds")
      const again = [asked(first!).length, asked(second!).length].toSorted((left, right) => left - right)
      const [asking, other] = asked(first!).length > 1 ? [first!, second!] : [second!, first!]
      for (const id of [13, 14, 15]) other.receive({ delta: ["AAA", id, id] })
      asking.receive({ whole: ["AAA", 14] })
      asking.receive({ delta: ["AAA", 15, 15] })
      other.receive({ delta: ["AAA", 16, 16] })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [again, market().slice(3)],
        [
          [1, 3],
          [
            "AAA book stale",
            "AAA book syncing",
            "AAA snapshot 14",
            "AAA gap book sequence 10..14",
            "AAA book live",
            "AAA delta 15",
            "AAA delta 16"
          ]
        ]
      )
    })
  )
})
