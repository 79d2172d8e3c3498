import { assert, describe, it } from "@effect/vitest"
import { type Channel, ConnectionOptions, SocketAdapter, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, stateOf, subscriptions } from "./opened.ts"
import { makeVenue, ScriptedDriver } from "./referenceVenue.ts"

describe("SocketAdapter", () => {
  it.effect("S-C1 S-B5 goes through every state, and is Active only once all is acknowledged", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.acknowledges = false
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), { driver })
      const before = stateOf(opened, "AAA")
      driver.last.acknowledge()
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(
        [before, opened.states("AAA")],
        ["Subscribing", ["Connecting", "Connected", "Subscribing", "Active"]]
      )
    })
  )

  it.effect("S-A1 a fault of one symbol touches no other", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["trades"]))
      const { driver } = opened
      driver.carrying("AAA.trades").receive({ trade: ["AAA", 1] })
      driver.carrying("BBB.trades").receive({ trade: ["BBB", 1] })
      driver.carrying("AAA.trades").close()
      driver.carrying("BBB.trades").receive({ trade: ["BBB", 2] })
      yield* TestClock.adjust("2 seconds")
      driver.carrying("AAA.trades").receive({ trade: ["AAA", 5] })
      assert.deepStrictEqual(
        [opened.market(), opened.states("BBB"), stateOf(opened, "AAA")],
        [
          ["AAA trade 1", "BBB trade 1", "BBB trade 2", "AAA gap trades disconnect 1..5", "AAA trade 5"],
          ["Connecting", "Connected", "Subscribing", "Active"],
          "Active"
        ]
      )
    })
  )

  it.effect("S-A2 shared: one socket carries all, and its loss is told on each channel", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["trades", "quotes"]), {
        connection: { isolation: "shared" }
      })
      const { driver } = opened
      assert.deepStrictEqual(driver.last.sent, [
        { sub: ["AAA.trades", "AAA.quotes", "BBB.trades", "BBB.quotes"], id: 1 }
      ])
      driver.last.receive({ trade: ["AAA", 1] })
      driver.last.receive({ quote: ["BBB", 1] })
      driver.last.close()
      yield* TestClock.adjust("2 seconds")
      driver.last.receive({ trade: ["AAA", 2] })
      driver.last.receive({ quote: ["BBB", 2] })
      driver.last.receive({ trade: ["BBB", 7] })
      assert.deepStrictEqual(
        [driver.dials, opened.market().slice(2)],
        [
          2,
          [
            "AAA trade 2",
            "BBB gap quotes disconnect 3..3",
            "BBB quote 2",
            "BBB gap trades disconnect undefined..7",
            "BBB trade 7"
          ]
        ]
      )
    })
  )

  it.effect("S-C2 the first attempt after a stable session is immediate, the attempts after it back off", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
        heartbeat: { _tag: "ServerPings", deadAfter: "10 minutes" }
      })
      const { driver } = opened
      yield* TestClock.adjust("61 seconds")
      driver.refusals = 2
      driver.last.close()
      yield* TestClock.adjust("250 millis")
      const afterQuarter = driver.dials
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual([afterQuarter, driver.dials, stateOf(opened, "AAA")], [2, 4, "Active"])
    })
  )

  it.effect("S-C2 gives up after the last attempt, and probes again after the cool-down", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.refusals = 4
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
        driver,
        connection: { reconnect: { attempts: 3, base: "10 millis", max: "20 millis", coolDown: "60 seconds" } }
      })
      const failed = [stateOf(opened, "AAA"), driver.dials]
      yield* TestClock.adjust("58 seconds")
      const resting = driver.dials
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual([failed, resting, stateOf(opened, "AAA")], [["Failed", 4], 4, "Active"])
    })
  )

  it.effect("S-C2 a venue that asks to be left alone is", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.refusals = 1
      driver.retryAfterMs = 20_000
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), { driver })
      yield* TestClock.adjust("18 seconds")
      const dialsBefore = driver.dials
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual([dialsBefore, driver.dials, stateOf(opened, "AAA")], [1, 2, "Active"])
      assert.strictEqual(opened.feed.counts().reconnects, 0)
    })
  )

  it.effect("S-A8 a socket on which nothing arrives, not even a ping, is replaced", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades"]))
      for (let minute = 0; minute < 5; minute++) {
        yield* TestClock.adjust("40 seconds")
        opened.driver.last.ping()
      }
      const dialsWhilePinged = opened.driver.dials
      yield* TestClock.adjust("80 seconds")
      assert.deepStrictEqual([dialsWhilePinged, opened.driver.dials >= 2], [1, true])
      assert.include(opened.states("AAA"), "Reconnecting")
    })
  )

  it.effect("S-D4 measures how long the venue takes to answer, and again every half minute", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.answersPings = true
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), { driver })
      const { feed } = opened
      const first = feed.states.value.get("AAA")?.latencyMs
      const told = opened.states("AAA").length
      for (let second = 0; second < 70; second++) {
        driver.last.receive({ trade: ["AAA", second] })
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(
        [first !== undefined && first >= 0 && first < 1_000, driver.pings, opened.states("AAA").length],
        [true, 3, told]
      )
    })
  )

  it.effect("S-D4 pings a venue that wants to be pinged, and replaces a socket that answers nothing", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
        heartbeat: {
          _tag: "ClientPings",
          every: "20 seconds",
          frame: (id) => `{"ping":${id}}`,
          deadAfter: "40 seconds"
        }
      })
      const first = opened.driver.last
      const pings = () => first.sent.filter((each) => "ping" in each)
      yield* TestClock.adjust("20 seconds")
      first.receive({ pong: 2 })
      const answered = [pings().length, opened.driver.dials]
      yield* TestClock.adjust("80 seconds")
      assert.deepStrictEqual([answered, opened.driver.dials >= 2], [[2, 1], true])
    })
  )

  it.effect("a plan shows no credentials", () =>
    Effect.gen(function* () {
      const venue = { ...makeVenue(), url: () => "wss://user:secret@venue.example/stream?apiKey=k" }
      const adapter = yield* SocketAdapter.make(venue, ConnectionOptions.defaults).pipe(
        Effect.provide(new ScriptedDriver().layer)
      )
      const { connections } = adapter.plan(subscriptions(["AAA"], ["trades"]))
      assert.deepStrictEqual(
        connections.map((each) => each.url),
        ["wss://venue.example/stream?apiKey=…"]
      )
    })
  )

  it.effect("asks again for what is not acknowledged, and says by name what it is", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.acknowledges = false
      const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes"]), { driver })
      driver.last.receive({ quote: ["AAA", 1] })
      yield* TestClock.adjust("11 seconds")
      const reasons = opened.events.flatMap((each) =>
        each.type === "subscription" && each.reason !== undefined ? [`${each.channel}: ${each.reason}`] : []
      )
      assert.deepStrictEqual(
        [driver.last.sent.map((each) => each.sub), reasons],
        [
          [["AAA.trades", "AAA.quotes"], ["AAA.trades"], ["AAA.trades"]],
          ["trades: not acknowledged by the venue, asking again"]
        ]
      )
    })
  )

  it.effect("S-A8 a socket on which nothing arrives, not even an answer to two requests, is replaced", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.acknowledges = false
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
        driver,
        heartbeat: { _tag: "ServerPings", deadAfter: "10 minutes" }
      })
      const [silent] = driver.sockets
      yield* TestClock.adjust("8 seconds")
      // both requests of that socket are out
      driver.acknowledges = true
      yield* TestClock.adjust("10 seconds")
      driver.acknowledges = false
      const alive = yield* open(subscriptions(["AAA"], ["trades"]), { driver })
      const slow = driver.last
      for (let second = 0; second < 30; second++) {
        slow.ping()
        yield* TestClock.adjust("1 second")
      }
      const told = opened.events.flatMap((each) => (each.type === "connection" ? [each.reason] : []))
      assert.deepStrictEqual(
        [silent!.isOpen, stateOf(opened, "AAA"), told.some((reason) => reason?.startsWith("Stale: nothing arrives"))],
        [false, "Active", true]
      )
      assert.deepStrictEqual([slow.isOpen, stateOf(alive, "AAA")], [true, "Subscribing"])
    })
  )

  it.effect("an answer that names no request is about the only one that waits", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.acknowledges = false
      const connection = { isolation: "shared" }
      const one = yield* open(subscriptions(["AAA"], ["trades"]), { driver, connection })
      driver.last.receive({ ack: null })
      yield* TestClock.adjust("1 second")
      const ofOne = stateOf(one, "shared-1")
      const two = yield* open(subscriptions(["AAA", "BBB"], ["trades"]), {
        driver,
        connection,
        limits: { topicsPerRequest: 1 }
      })
      for (const _ of [1, 2]) driver.last.receive({ ack: null })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([ofOne, stateOf(two, "shared-1")], ["Active", "Subscribing"])
    })
  )

  it.effect("a refused topic ends alone, with the venue's reason", () =>
    Effect.gen(function* () {
      const driver = new ScriptedDriver()
      driver.acknowledges = false
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["trades"]), {
        driver,
        connection: { isolation: "shared" }
      })
      const answer = (id: number) =>
        driver.last.sent[id - 1]?.sub?.includes("BBB.trades") === true
          ? { refused: id, permanent: true, message: "no such symbol" }
          : { ack: id }
      for (let id = 1; id <= 3; id++) {
        driver.last.receive(answer(id))
        yield* TestClock.adjust("1 second")
      }
      assert.deepStrictEqual(
        [opened.market(), stateOf(opened, "shared-1")],
        [["BBB trades ended: no such symbol"], "Active"]
      )
    })
  )

  it.effect("what the venue has had before is given up only when it is refused for the third time", () =>
    Effect.gen(function* () {
      const { driver, market } = yield* open(subscriptions(["AAA"], ["trades"]))
      driver.acknowledges = false
      driver.last.close()
      yield* TestClock.adjust("2 seconds")
      const ended: Array<number> = []
      for (let refusals = 1; refusals <= 3; refusals++) {
        driver.last.receive({ refused: driver.last.sent.at(-1)!.id, permanent: true, message: "no such symbol" })
        yield* TestClock.adjust("10 seconds")
        ended.push(market().length)
      }
      assert.deepStrictEqual(
        [ended, market(), driver.last.sent.length],
        [[0, 0, 2], ["AAA gap trades disconnect undefined..undefined", "AAA trades ended: no such symbol"], 3]
      )
    })
  )

  it.effect("nothing that a venue sends stops the stream; it is counted and sampled", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* open(subscriptions(["AAA"], ["trades"]))
      const frames = ["", "{", "null", "[1]", "7", '{"trade":["AAA","x"]}', '{"trade":["ZZZ",1]}', '{"what":1}']
      for (const frame of frames) driver.last.receiveRaw(frame)
      driver.last.receiveRaw(new Uint8Array([1, 2, 3]))
      driver.last.receive({ trade: ["AAA", 1] })
      const { malformed, unknown } = feed.counts()
      assert.deepStrictEqual([market(), malformed, unknown, feed.samples().length], [["AAA trade 1"], 4, 5, 9])
    })
  )

  it.effect("a session on which nothing can be read is given up", () =>
    Effect.gen(function* () {
      const { driver } = yield* open(subscriptions(["AAA"], ["trades"]))
      for (let count = 0; count < 100; count++) driver.last.receiveRaw("{")
      yield* TestClock.adjust("2 seconds")
      assert.strictEqual(driver.dials, 2)
    })
  )

  it.effect("a book is seeded, checked, and rebuilt alone when a change is missing", () =>
    Effect.gen(function* () {
      let sequence = 10
      const opened = yield* open(subscriptions(["AAA"], ["book", "trades"]), {
        snapshot: ({ symbol }) =>
          Effect.delay(
            Effect.sync(() => ({ symbol, sequence, bids: [[8, 1]], asks: [[11, 1]], receivedTime: 5 })),
            "100 millis"
          )
      })
      const { driver, feed, market } = opened
      driver.last.receive({ delta: ["AAA", 9, 11] })
      driver.last.receive({ trade: ["AAA", 1] })
      sequence = 20
      driver.last.receive({ delta: ["AAA", 14, 15] })
      const stale = feed.book("AAA")?.state
      driver.last.receive({ trade: ["AAA", 2] })
      yield* TestClock.adjust("1 second")
      driver.last.receive({ delta: ["AAA", 16, 21] })
      assert.deepStrictEqual(
        [stale, feed.book("AAA")?.state, market()],
        [
          "syncing",
          "live",
          [
            "AAA book syncing",
            "AAA snapshot 10",
            "AAA book live",
            "AAA delta 11",
            "AAA trade 1",
            "AAA book stale",
            "AAA book syncing",
            "AAA trade 2",
            "AAA snapshot 20",
            "AAA gap book sequence 11..20",
            "AAA book live",
            "AAA delta 21"
          ]
        ]
      )
    })
  )

  it.effect("a symbol that was acknowledged but is not known ends alone, with the venue's reason", () =>
    Effect.gen(function* () {
      const asked: Array<string> = []
      const fail = (reason: VenueError.Reason) =>
        Effect.fail(new VenueError.VenueError({ venue: "reference", operation: "trades", reason }))
      const opened = yield* open(subscriptions(["AAA", "NOPE", "QUIET", "FAR"], ["trades"]), {
        lastTrade: (symbol) => {
          asked.push(symbol)
          if (symbol === "NOPE") return fail(new VenueError.InvalidRequest({ message: "Invalid symbol.", code: -1121 }))
          // a server without this read says nothing about the symbol
          return symbol === "FAR"
            ? fail(new VenueError.InvalidRequest({ message: "HTTP 404" }))
            : Effect.succeed(undefined)
        }
      })
      opened.driver.carrying("AAA.trades").receive({ trade: ["AAA", 1] })
      yield* TestClock.adjust("5 seconds")
      opened.driver.carrying("AAA.trades").receive({ trade: ["AAA", 2] })
      assert.deepStrictEqual(
        [asked, opened.market()],
        [
          ["NOPE", "QUIET", "FAR"],
          ["AAA trade 1", "NOPE trades ended: reference: trades: InvalidRequest: Invalid symbol.", "AAA trade 2"]
        ]
      )
    })
  )

  it.effect("a symbol that the venue does not know ends with its reason, the rest flow", () =>
    Effect.gen(function* () {
      const reason = new VenueError.InvalidRequest({ message: "Invalid symbol." })
      const opened = yield* open(subscriptions(["AAA"], ["book", "trades"]), {
        snapshot: () => Effect.fail(new VenueError.VenueError({ venue: "reference", operation: "snapshot", reason }))
      })
      opened.driver.last.receive({ trade: ["AAA", 1] })
      // nor is it asked for again
      opened.driver.last.close()
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(opened.driver.last.sent, [{ sub: ["AAA.trades"], id: 1 }])
      assert.deepStrictEqual(opened.market().slice(1), [
        "AAA book ended: reference: snapshot: InvalidRequest: Invalid symbol.",
        "AAA trade 1"
      ])
    })
  )

  it.effect("refuses what the venue does not have, and a second book of a symbol", () =>
    Effect.gen(function* () {
      const refused = (channels: ReadonlyArray<Channel.Channel>) =>
        Effect.map(Effect.flip(Effect.scoped(open(subscriptions(["AAA"], channels)))), (error) => error.reason.message)
      assert.deepStrictEqual(
        [yield* refused(["ticker"]), yield* refused(["book", "book:5"])],
        [
          "AAA ticker: this venue has no channel ticker; expected one of trades, quotes, book, bars, mark, liquidations",
          "AAA book:5: this venue has no depth 5 (did you mean book?); expected one of book"
        ]
      )
    })
  )

  it.effect("a snapshot that cannot be had is told and asked for again", () =>
    Effect.gen(function* () {
      let failures = 2
      const unavailable = new VenueError.VenueError({
        venue: "reference",
        operation: "snapshot",
        reason: new VenueError.ConnectionFailed({ message: "no answer" })
      })
      const opened = yield* open(subscriptions(["AAA"], ["book"]), {
        snapshot: ({ symbol }) =>
          failures-- > 0
            ? Effect.fail(unavailable)
            : Effect.succeed({ symbol, sequence: 10, bids: [[8, 1]], asks: [[11, 1]], receivedTime: 5 })
      })
      assert.deepStrictEqual(opened.market(), [
        "AAA book syncing",
        "AAA book stale",
        "AAA book syncing",
        "AAA book stale",
        "AAA book syncing",
        "AAA snapshot 10",
        "AAA book live"
      ])
    })
  )

  it.effect("what stays is not touched when subscriptions change", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA", "BBB"], ["trades"]), { connection: { isolation: "shared" } })
      const { driver, feed, market } = opened
      driver.last.receive({ trade: ["AAA", 1] })
      yield* feed.update(subscriptions(["AAA", "CCC"], ["trades"]))
      yield* TestClock.adjust("1 second")
      driver.last.receive({ trade: ["AAA", 2] })
      driver.last.receive({ trade: ["CCC", 1] })
      assert.deepStrictEqual(
        [driver.dials, driver.last.sent.slice(1), market(), stateOf(opened, "shared-1")],
        [
          1,
          [
            { unsub: ["BBB.trades"], id: 2 },
            { sub: ["CCC.trades"], id: 3 }
          ],
          ["AAA trade 1", "BBB trades ended: unsubscribed", "AAA trade 2", "CCC trade 1"],
          "Active"
        ]
      )
    })
  )

  it.effect("what goes ends with the reason given for its symbol", () =>
    Effect.gen(function* () {
      const { driver, feed, market } = yield* open(subscriptions(["AAA", "BBB", "CCC"], ["trades"]))
      driver.last.receive({ trade: ["CCC", 1] })
      yield* feed.update(subscriptions(["CCC"], ["trades"]), new Map([["AAA", "delisted: no longer trading"]]))
      assert.deepStrictEqual(market(), [
        "CCC trade 1",
        "AAA trades ended: delisted: no longer trading",
        "BBB trades ended: unsubscribed"
      ])
    })
  )

  it.effect("sends no faster than the venue allows, in requests no longer than it takes", () =>
    Effect.gen(function* () {
      const symbols = Array.from({ length: 25 }, (_, index) => `S${index}`)
      const { driver } = yield* open(subscriptions(symbols, ["trades"]), {
        connection: { isolation: "shared" },
        limits: { requestsPerSecond: 1, topicsPerRequest: 10 }
      })
      const afterOneSecond = driver.last.sent.length
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual([afterOneSecond, driver.last.sent.map((each) => each.sub?.length)], [2, [10, 10, 5]])
    })
  )

  it.effect("S-A6 the sockets close and every state ends true when the scope does", () =>
    Effect.gen(function* () {
      const opened = yield* Effect.scoped(open(subscriptions(["AAA"], ["trades"])))
      assert.deepStrictEqual(
        [opened.driver.last.isOpen, stateOf(opened, "AAA"), opened.events.at(-1)?.type],
        [false, "Stopped", "subscription"]
      )
    })
  )

  it.effect("a feed whose scope has closed can be asked anything, and does nothing", () =>
    Effect.gen(function* () {
      const wanted = subscriptions(["AAA"], ["trades", "book"])
      const { driver, events, feed } = yield* Effect.scoped(open(wanted))
      const told = events.length
      feed.retellBook("AAA", { from: undefined, lost: 1 })
      yield* feed.update(subscriptions(["BBB"], ["trades"]))
      const answers = [feed.rotate(), feed.reset(), feed.pause(wanted[0]!), feed.book("AAA")?.state]
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([answers, events.length - told, driver.dials], [[[], [], false, "stale"], 0, 1])
    })
  )
})
