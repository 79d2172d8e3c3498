import { Polling, SocketAdapter, ConnectionOptions, VenueError } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, type Opened, stateOf, subscriptions } from "./opened.ts"
import { makeVenue, ScriptedDriver } from "./referenceVenue.ts"
import { Readable } from "./readable.ts"

const connection = { reconnect: { base: "2 seconds", max: "2 seconds", attempts: 2, coolDown: "10 seconds" } }

const unavailable = new VenueError.VenueUnavailable({ message: "closed" })

const tail = (opened: Opened, since: number) => opened.market().slice(since)

describe("S-D6 polling", () => {
  it.effect("begins trades with the latest and goes on from its id, page by page, none twice", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.trades = [3, 4, 5]
      const opened = yield* open(subscriptions(["A"], ["trades"], "polling"), { ...venue.numbered, connection })
      venue.trades.push(6, 7)
      yield* TestClock.adjust("1 second")
      yield* TestClock.adjust("3 seconds")
      venue.trades.push(8)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(opened.market(), [
        "A trade 5 polling",
        "A trade 6 polling",
        "A trade 7 polling",
        "A trade 8 polling"
      ])
      assert.deepStrictEqual(opened.states("A/polling"), ["Connecting", "Connected", "Subscribing", "Active"])
      assert.strictEqual(opened.driver.dials, 0)
    })
  )

  it.effect("reads a full page on at once", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.trades = [1]
      const opened = yield* open(subscriptions(["A"], ["trades"], "polling"), venue.numbered)
      venue.trades = Array.from({ length: 2_501 }, (_, index) => index + 1)
      const before = venue.reads("trades")
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual([opened.market().length, venue.reads("trades") - before], [2_501, 3])
    })
  )

  it.effect(
    "joins pages of trades whose ids say nothing at the last that was told, and tells what it cannot join",
    () =>
      Effect.gen(function* () {
        const venue = new Readable()
        venue.trades = [7, 3, 9]
        const opened = yield* open(subscriptions(["A"], ["trades"], "polling"), venue.unnumbered)
        venue.trades.push(4, 12)
        yield* TestClock.adjust("1 second")
        venue.trades.push(21, 22, 23, 24, 25, 26)
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(opened.market(), [
          "A trade 9 polling",
          "A trade 4 polling",
          "A trade 12 polling",
          "A gap trades sequence 12..22",
          "A trade 22 polling",
          "A trade 23 polling",
          "A trade 24 polling",
          "A trade 25 polling",
          "A trade 26 polling"
        ])
      })
  )

  it.effect("tells quotes and books only when they have changed, each book whole and live", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* open(subscriptions(["A"], ["quotes", "book"], "polling"), venue.numbered)
      yield* TestClock.adjust("10 seconds")
      venue.bid = 2
      venue.sequence = 11
      yield* TestClock.adjust("10 seconds")
      assert.sameMembers(opened.market().slice(0, 4) as Array<string>, [
        "A book syncing",
        "A quote 1",
        "A snapshot 10",
        "A book live"
      ])
      assert.sameMembers(tail(opened, 4) as Array<string>, ["A quote 2", "A snapshot 11"])
      assert.strictEqual(opened.feed.book("A")?.state, "live")
      assert.isAtLeast(venue.reads("quote"), 18)
    })
  )

  it.effect("tells each bar as it opens and as it closes, final once", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* open(subscriptions(["A"], ["bars:1m"], "polling"), venue.numbered)
      yield* TestClock.adjust("2.5 minutes")
      assert.deepStrictEqual(opened.market(), [
        "A bar 0 polling",
        "A bar 0 final polling",
        "A bar 1 polling",
        "A bar 1 final polling",
        "A bar 2 polling"
      ])
    })
  )

  it.effect("waits a moment for a bar that the venue does not show as closed yet, so that it is no gap", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.barsLagMs = 3_000
      const polling = { bars: "1 second" }
      const wanted = subscriptions(["A"], ["bars:1m"], "polling")
      const opened = yield* open(wanted, { ...venue.numbered, connection: { polling } })
      yield* TestClock.adjust("61 seconds")
      const early = opened.market().length
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [early, opened.market()],
        [1, ["A bar 0 polling", "A bar 0 final polling", "A bar 1 polling"]]
      )
    })
  )

  it.effect("is Active only once the venue has answered for every subscription", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const { quote } = venue.present
      const present = { ...venue.present, quote: (symbol: string) => Effect.delay(quote!(symbol), "10 seconds") }
      const opened = yield* open(subscriptions(["A"], ["book", "quotes"], "polling"), { ...venue.numbered, present })
      yield* TestClock.adjust("5 seconds")
      const early = stateOf(opened, "A/polling")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual([early, stateOf(opened, "A/polling")], ["Subscribing", "Active"])
    })
  )

  it.effect("reconnects with backoff while the venue fails, and tells what may have been missed", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.trades = [1]
      const wanted = subscriptions(["A"], ["trades", "quotes"], "polling")
      const opened = yield* open(wanted, { ...venue.numbered, connection })
      yield* TestClock.adjust("2 seconds")
      venue.failure = unavailable
      yield* TestClock.adjust("8 seconds")
      const failed = stateOf(opened, "A/polling")
      const { length } = opened.market()
      venue.failure = undefined
      venue.trades.push(2, 3)
      venue.bid = 2
      yield* TestClock.adjust("15 seconds")
      assert.strictEqual(failed, "Failed")
      assert.deepStrictEqual(opened.states("A/polling"), [
        "Connecting",
        "Connected",
        "Subscribing",
        "Active",
        "Reconnecting",
        "Connecting",
        "Reconnecting",
        "Connecting",
        "Reconnecting",
        "Failed",
        "Connecting",
        "Connected",
        "Subscribing",
        "Active"
      ])
      const after = tail(opened, length)
      assert.sameMembers(after.filter((each) => !each.includes("gap")) as Array<string>, [
        "A trade 2 polling",
        "A trade 3 polling",
        "A quote 2"
      ])
      assert.deepStrictEqual(
        after.filter((each) => each.includes("gap")).map((each) => each.replace(/[\d.]+$/, "")),
        ["A gap quotes disconnect "]
      )
    })
  )

  it.effect("does not ask again for what is not back, and asks evenly", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.takesMs = 3_500
      yield* open(subscriptions(["A"], ["quotes"], "polling"), venue.numbered)
      yield* TestClock.adjust("20 seconds")
      assert.strictEqual(venue.most, 1)
      const times = venue.asked.map((each) => Number.parseInt(each, 10))
      assert.deepStrictEqual(
        times.slice(1).map((time, index) => time - times[index]!),
        Array.from({ length: times.length - 1 }, () => 4_000)
      )
    })
  )

  it.effect("spreads the polls of many symbols over their time", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const symbols = Array.from({ length: 20 }, (_, index) => `S${index}`)
      yield* open(subscriptions(symbols, ["quotes"], "polling"), venue.numbered)
      yield* TestClock.adjust("5 seconds")
      const tenths = Map.groupBy(venue.asked.slice(20, 40), (each) =>
        Math.floor((Number.parseInt(each, 10) % 1_000) / 100)
      )
      const lengths = [...tenths.values()].map((each) => each.length)
      assert.deepStrictEqual([lengths.length, Math.max(...lengths) <= 3], [10, true])
    })
  )

  it.effect("ends what the venue does not have, and goes on with the rest", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const refused = new VenueError.InvalidRequest({ message: "no symbol B" })
      const options = {
        ...venue.numbered,
        present: {
          ...venue.present,
          quote: (symbol: string) =>
            symbol === "A"
              ? venue.present.quote!(symbol)
              : Effect.fail(new VenueError.VenueError({ venue: "reference", operation: "quote", reason: refused }))
        }
      }
      const opened = yield* open(subscriptions(["A", "B"], ["quotes"], "polling"), options)
      yield* TestClock.adjust("3 seconds")
      assert.include(opened.market(), "A quote 1")
      assert.isTrue(opened.market().some((each) => each.startsWith("B quotes ended: reference: quote: InvalidRequest")))
    })
  )

  it.effect("stands beside the socket: each subscription by its own transport, added and ended while it runs", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const wanted = [...subscriptions(["A"], ["trades"]), ...subscriptions(["A"], ["quotes"], "polling")]
      const opened = yield* open(wanted, { ...venue.numbered, connection })
      yield* TestClock.adjust("1 second")
      opened.driver.last.receive({ trade: ["A", 1] })
      yield* opened.feed.update([...wanted, ...subscriptions(["B"], ["book"], "polling")])
      yield* TestClock.adjust("3 seconds")
      yield* opened.feed.update(subscriptions(["A"], ["trades"]))
      const asked = venue.asked.length
      yield* TestClock.adjust("5 seconds")
      opened.driver.last.receive({ trade: ["A", 2] })
      assert.deepStrictEqual(
        [...opened.market()],
        [
          "A quote 1",
          "A trade 1",
          "B book syncing",
          "B snapshot 10",
          "B book live",
          "A quotes ended: unsubscribed",
          "B book ended: unsubscribed",
          "A trade 2"
        ]
      )
      assert.deepStrictEqual(
        [venue.asked.length, opened.driver.dials, [...opened.feed.states.value.keys()]],
        [asked, 1, ["A"]]
      )
    })
  )

  it.effect("refuses what the venue does not show, by name", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const driver = new ScriptedDriver()
      const made = yield* SocketAdapter.make(makeVenue(venue.numbered), ConnectionOptions.defaults).pipe(
        Effect.provide(driver.layer)
      )
      const adapter = Polling.over(made, ConnectionOptions.defaults)
      const error = yield* Effect.flip(
        Effect.scoped(adapter.open(subscriptions(["A"], ["liquidations", "mark", "quotes"], "polling"), () => {}))
      )
      // without it, nothing that is to be polled goes over a socket unasked
      const unasked = yield* Effect.flip(
        Effect.scoped(made.open(subscriptions(["A"], ["trades"], "polling"), () => {}))
      )
      assert.match(unasked.message, /A trades: sockets do not poll/)
      assert.strictEqual(error.reason._tag, "Unsupported")
      assert.match(error.message, /A liquidations: .*; A mark: this venue has no read of mark$/)
    })
  )
})
