import { type Channel, type Event, VenueError } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { open, type Opened, stateOf, subscriptions } from "./opened.ts"
import { Readable } from "./readable.ts"
import type { VenueOptions } from "./referenceVenue.ts"

const reconnect = { base: "1 second", max: "1 second", attempts: 1, coolDown: "20 seconds", stableAfter: "1 hour" }

/** A feed of one symbol whose subscriptions may be polled. */
const openHybrid = (channels: ReadonlyArray<Channel.Channel>, options: VenueOptions, polling = {}) =>
  open(subscriptions(["A"], channels, "hybrid"), { ...options, connection: { reconnect, polling } })

/** The socket is lost, and the venue refuses so many dials. */
const cut = ({ driver }: Opened, dials: number) =>
  Effect.suspend(() => {
    driver.refusals = dials
    driver.last.close()
    return TestClock.adjust("3 seconds")
  })

const tail = (opened: Opened, since: number) => opened.market().slice(since)

const reasons = ({ events }: Opened, channel: string): ReadonlyArray<string> =>
  events.flatMap((event: Event.Event) =>
    event.type === "subscription" && event.channel === channel
      ? [event.reason === undefined ? event.state : `${event.state}: ${event.reason}`]
      : []
  )

describe("S-D6 hybrid", () => {
  it.effect("polls while the circuit is open and returns to the socket: no trade is missing, none is told twice", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["trades"], venue.numbered)
      venue.trades = [1, 2, 3]
      opened.driver.last.receive({ trade: ["A", 1] })
      yield* TestClock.adjust("10 seconds")
      const before = venue.asked.length
      yield* cut(opened, 1)
      const down = [stateOf(opened, "A"), stateOf(opened, "A/fallback")]
      venue.trades.push(4)
      yield* TestClock.adjust("20 seconds")
      const back = [stateOf(opened, "A"), opened.feed.states.value.has("A/fallback")]
      const asked = venue.asked.length
      opened.driver.last.receive({ trade: ["A", 4] })
      opened.driver.last.receive({ trade: ["A", 5] })
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [before, down, back, venue.asked.length],
        [0, ["Failed", "Active"], ["Active", false], asked]
      )
      assert.deepStrictEqual(opened.market(), [
        "A trade 1",
        "A trade 2 polling",
        "A trade 3 polling",
        "A trade 4 polling",
        "A trade 5"
      ])
      const told = reasons(opened, "trades")
      assert.deepStrictEqual(told.slice(told.findIndex((each) => each.includes("Lost"))).slice(0, 6), [
        "pending: ConnectionLost: closed with 1006",
        "pending: polled while the socket is down",
        "live",
        "pending",
        "pending: the socket is back",
        "live"
      ])
    })
  )

  it.effect("a trade between the last poll and the socket is fetched where ids are consecutive", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["trades"], venue.numbered)
      venue.trades = [1, 2]
      opened.driver.last.receive({ trade: ["A", 1] })
      yield* cut(opened, 1)
      yield* TestClock.adjust("20 seconds")
      venue.trades.push(3, 4)
      opened.driver.last.receive({ trade: ["A", 4] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(opened.market(), [
        "A trade 1",
        "A trade 2 polling",
        "A trade 3 backfill",
        "A gap trades sequence 2..4 repaired 1",
        "A trade 4"
      ])
    })
  )

  it.effect("where ids say nothing, the latest are read once more when the socket is back", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["trades"], venue.unnumbered)
      venue.trades = [7, 3]
      opened.driver.last.receive({ trade: ["A", 7] })
      yield* cut(opened, 1)
      yield* TestClock.adjust("20 seconds")
      venue.trades.push(9, 5)
      opened.driver.last.receive({ trade: ["A", 5] })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(opened.market(), [
        "A trade 7",
        "A trade 3 polling",
        "A trade 9 backfill",
        "A gap trades disconnect 3..5 repaired 1",
        "A trade 5"
      ])
    })
  )

  it.effect("a book is whole with every poll, and the socket's own takes its place", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["book"], {
        ...venue.numbered,
        snapshot: ({ symbol }) =>
          Effect.succeed({ symbol, sequence: venue.sequence, bids: [[8, 1]], asks: [[11, 1]], receivedTime: 5 })
      })
      opened.driver.last.receive({ delta: ["A", 11, 11] })
      venue.sequence = 20
      yield* cut(opened, 1)
      venue.sequence = 30
      yield* TestClock.adjust("3 seconds")
      const view = opened.feed.book("A")
      const seen = view?.state === "live" && view.book.sequence
      yield* TestClock.adjust("17 seconds")
      opened.driver.last.receive({ delta: ["A", 31, 31] })
      assert.strictEqual(seen, 30)
      assert.deepStrictEqual(opened.market(), [
        "A book syncing",
        "A snapshot 10",
        "A book live",
        "A delta 11",
        "A book stale",
        "A book syncing",
        "A snapshot 20",
        "A gap book disconnect 11..20",
        "A book live",
        "A snapshot 30",
        "A book syncing",
        "A snapshot 30",
        "A book live",
        "A delta 31"
      ])
    })
  )

  it.effect("a bar is final once, whoever saw it close, and quotes of another count go on", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["bars:1m", "quotes"], venue.numbered, { bars: "10 seconds" })
      opened.driver.last.receive({ bar: ["A", 0, false, 900] })
      opened.driver.last.receive({ quote: ["A", 500] })
      yield* TestClock.adjust("50 seconds")
      yield* cut(opened, 1)
      venue.bid = 77
      yield* TestClock.adjust("25 seconds")
      opened.driver.last.receive({ quote: ["A", 3] })
      opened.driver.last.receive({ bar: ["A", 0, true] })
      opened.driver.last.receive({ bar: ["A", 1, false, 50_000] })
      opened.driver.last.receive({ bar: ["A", 1, true] })
      const bars = opened.market().filter((each) => each.includes(" bar "))
      assert.deepStrictEqual(bars, [
        "A bar 0",
        "A bar 0 polling",
        "A bar 0 final polling",
        "A bar 1 polling",
        "A bar 1",
        "A bar 1 final"
      ])
      const quotes = opened.market().filter((each) => each.includes("quote"))
      assert.deepStrictEqual(
        quotes.map((each) => each.replace(/[\d.]+$/, "…")),
        ["A quote …", "A gap quotes disconnect …", "A quote …", "A quote …", "A quote …"]
      )
      assert.strictEqual(quotes.at(-1), "A quote 3")
    })
  )

  it.effect("what the socket has begun to bring is not told of polls any more, though it is not Active yet", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.update = 1_000
      const opened = yield* openHybrid(["quotes", "book"], venue.numbered)
      opened.driver.last.receive({ quote: ["A", 5] })
      yield* cut(opened, 1)
      opened.driver.acknowledges = false
      yield* TestClock.adjust("20 seconds")
      const before = opened.market().length
      opened.driver.last.receive({ quote: ["A", 6] })
      venue.bid = 2
      venue.update = 2_000
      venue.sequence = 20
      yield* TestClock.adjust("3 seconds")
      const states = [stateOf(opened, "A"), stateOf(opened, "A/fallback"), opened.feed.book("A")?.state]
      assert.deepStrictEqual([states, tail(opened, before)], [["Subscribing", "Active", "syncing"], ["A quote 6"]])
    })
  )

  it.effect("a book that polls do not bring any more is stale", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["book"], venue.numbered)
      yield* cut(opened, 1)
      const before = opened.market().length
      venue.failure = new VenueError.VenueUnavailable({ message: "closed" })
      yield* TestClock.adjust("3 seconds")
      const view = opened.feed.book("A")?.state
      venue.failure = undefined
      venue.sequence = 12
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(
        [view, tail(opened, before)],
        ["stale", ["A book stale", "A book syncing", "A snapshot 12", "A gap book disconnect 10..12", "A book live"]]
      )
    })
  )

  it.effect("only what asks for it is polled; a connection that is well is not touched", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      venue.trades = [1]
      const wanted = [
        ...subscriptions(["A"], ["trades", "quotes"], "hybrid"),
        ...subscriptions(["A"], ["book"]),
        ...subscriptions(["B"], ["trades"], "hybrid")
      ]
      const opened = yield* open(wanted, { ...venue.numbered, connection: { reconnect } })
      opened.driver.carrying("A.trades").close()
      opened.driver.refusals = 1
      yield* TestClock.adjust("6 seconds")
      assert.deepStrictEqual([venue.reads("book"), stateOf(opened, "A"), stateOf(opened, "B")], [0, "Failed", "Active"])
      assert.include(opened.market(), "A quote 1")
      assert.deepStrictEqual(
        opened.market().filter((each) => each.startsWith("B")),
        []
      )
    })
  )

  it.effect("while neither answers, both are told as they are; what comes back first is taken", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const opened = yield* openHybrid(["trades"], venue.numbered)
      venue.trades = [1, 2]
      opened.driver.last.receive({ trade: ["A", 1] })
      venue.failure = new VenueError.VenueUnavailable({ message: "closed" })
      yield* cut(opened, 1)
      yield* TestClock.adjust("5 seconds")
      const both = [stateOf(opened, "A"), stateOf(opened, "A/fallback")]
      venue.failure = undefined
      yield* TestClock.adjust("16 seconds")
      opened.driver.last.receive({ trade: ["A", 3] })
      assert.deepStrictEqual(both, ["Failed", "Failed"])
      yield* TestClock.adjust("1 second")
      assert.strictEqual(stateOf(opened, "A"), "Active")
      assert.deepStrictEqual(
        opened.market().filter((each) => each.startsWith("A trade")),
        ["A trade 1", "A trade 2 backfill", "A trade 3"]
      )
    })
  )

  it.effect("a subscription that ends while it is polled is polled no more", () =>
    Effect.gen(function* () {
      const venue = new Readable()
      const wanted = subscriptions(["A"], ["quotes", "book"], "hybrid")
      const opened = yield* open(wanted, { ...venue.numbered, connection: { reconnect } })
      yield* cut(opened, 1)
      yield* opened.feed.update(wanted.slice(0, 1))
      const books = venue.reads("book")
      const quotes = venue.reads("quote")
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual([venue.reads("book"), venue.reads("quote")], [books, quotes + 5])
    })
  )
})
