import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { type Opened, open, stateOf, subscriptions } from "./opened.ts"
import { ScriptedDriver, trade, type VenueOptions } from "./referenceVenue.ts"

const alive = () => {
  const driver = new ScriptedDriver()
  driver.answersPings = true
  return driver
}

/** A venue on which every symbol trades once a second. */
const trading: NonNullable<VenueOptions["lastTrade"]> = () =>
  Effect.map(
    Effect.clockWith((clock) => clock.currentTimeMillis),
    (now) => ({ time: Math.floor(now / 1_000) * 1_000 })
  )

const states = ({ events }: Opened, channel: string) =>
  events.flatMap((each) => (each.type === "subscription" && each.channel === channel ? [each.state] : []))

/** Says something on each of these channels once a second, for so many seconds. */
const talk = (opened: Opened, seconds: number, say: (second: number) => void) =>
  Effect.gen(function* () {
    for (let second = 0; second < seconds; second++) {
      say(second)
      yield* TestClock.adjust("1 second")
    }
    return opened
  })

describe("silence", () => {
  it.effect(
    "S-A8 a stream that is acknowledged and says nothing while its symbol trades is resubscribed within 10 s",
    () =>
      Effect.gen(function* () {
        const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes"]), {
          driver: alive(),
          lastTrade: trading
        })
        const { driver } = opened
        yield* talk(opened, 10, (second) => driver.last.receive({ quote: ["AAA", second] }))
        const asked = driver.last.sent.slice(1).map(({ sub, unsub }) => [sub, unsub])
        driver.last.receive({ trade: ["AAA", 1] })
        assert.deepStrictEqual(
          [asked, driver.dials, states(opened, "trades"), states(opened, "quotes"), stateOf(opened, "AAA")],
          [
            [
              [undefined, ["AAA.trades"]],
              [["AAA.trades"], undefined]
            ],
            1,
            ["pending", "silent", "pending", "live"],
            ["pending", "live"],
            "Active"
          ]
        )
      })
  )

  it.effect("S-A8 a connection on which nothing at all comes is replaced within 15 s", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes", "book"]), {
        driver: alive(),
        lastTrade: trading
      })
      const { driver } = opened
      yield* TestClock.adjust("14 seconds")
      driver.last.receive({ trade: ["AAA", 1] })
      assert.deepStrictEqual(
        [
          driver.dials,
          driver.sockets.map((each) => each.isOpen),
          states(opened, "trades"),
          opened.feed.counts().rotations
        ],
        [2, [false, true], ["pending", "live"], 1]
      )
    })
  )

  it.effect("S-A8 when too much is on one connection for the venue to deliver, it is spread until it does", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes", "book", "bars:1m", "mark"]), {
        driver: alive(),
        lastTrade: trading
      })
      const { driver, feed } = opened
      // more than three topics on one socket get nothing
      const carries = (socket: typeof driver.last) => {
        const topics = new Set<string>()
        for (const { sub = [], unsub = [] } of socket.sent) {
          for (const topic of sub) topics.add(topic)
          for (const topic of unsub) topics.delete(topic)
        }
        return topics
      }
      yield* talk(opened, 45, (second) => {
        for (const socket of driver.sockets.filter((each) => each.isOpen)) {
          const topics = carries(socket)
          if (topics.size > 3) continue
          if (topics.has("AAA.trades")) socket.receive({ trade: ["AAA", second] })
          if (topics.has("AAA.quotes")) socket.receive({ quote: ["AAA", second] })
          if (topics.has("AAA.book")) socket.receive({ delta: ["AAA", 1, second + 10] })
          if (topics.has("AAA.bars:1m")) socket.receive({ bar: ["AAA", 0, false, second] })
          if (topics.has("AAA.stats")) socket.receive({ mark: ["AAA", second] })
        }
      })
      const last = ["trades", "quotes", "book", "bars:1m", "mark"].map((channel) => states(opened, channel).at(-1))
      assert.deepStrictEqual(
        [[...feed.states.value.keys()].length, last, opened.market().some((each) => each.startsWith("AAA book live"))],
        [2, ["live", "live", "live", "live", "live"], true]
      )
    })
  )

  it.effect("S-A8 the symbol's own trades show that its quotes should speak, without a question to the venue", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes"]), { driver: alive() })
      const { driver } = opened
      yield* talk(opened, 8, (second) => driver.last.receive({ trade: ["AAA", second] }))
      driver.last.receive({ quote: ["AAA", 1] })
      assert.deepStrictEqual(
        [states(opened, "trades"), states(opened, "quotes")],
        [
          ["pending", "live"],
          ["pending", "silent", "pending", "live"]
        ]
      )
    })
  )

  it.effect("a stream that speaks while it is being resubscribed is subscribed to all the same", () =>
    Effect.gen(function* () {
      const driver = alive()
      const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes"]), { driver, lastTrade: trading })
      const { feed } = opened
      for (let second = 0; driver.last.sent.length < 2; second++) {
        driver.last.receive({ quote: ["AAA", second] })
        yield* TestClock.adjust("100 millis")
      }
      const left = driver.last.sent.at(-1)
      driver.acknowledges = false
      driver.last.receive({ trade: ["AAA", 1] })
      const between = feed.states.value.get("AAA")?.state
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [left?.unsub, driver.last.sent.slice(2).map(({ sub }) => sub), between],
        [["AAA.trades"], [["AAA.trades"]], "Subscribing"]
      )
    })
  )

  it.effect("a quiet symbol is left alone, and said to be quiet", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
        driver: alive(),
        lastTrade: () =>
          Effect.map(
            Effect.clockWith((clock) => clock.currentTimeMillis),
            (now) => {
              asked.push(now)
              return { time: 1 }
            }
          )
      })
      yield* TestClock.adjust("10 minutes")
      const { driver } = opened
      const quiet = states(opened, "trades")
      driver.last.receive({ trade: ["AAA", 1] })
      assert.deepStrictEqual(
        [driver.dials, driver.last.sent.length, quiet, states(opened, "trades"), asked.length < 20],
        [1, 1, ["pending", "quiet"], ["pending", "quiet", "live"], true]
      )
    })
  )

  it.effect("a stream that spoke while the venue took its time to answer is not taken for dead", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
        driver: alive(),
        // as when the budget of REST is used up
        lastTrade: (symbol) => Effect.delay(trading(symbol), "20 seconds")
      })
      const { driver } = opened
      yield* TestClock.adjust("39 seconds")
      driver.last.receive({ trade: ["AAA", 1] })
      yield* TestClock.adjust("13 seconds")
      assert.deepStrictEqual([driver.last.sent.length, states(opened, "trades")], [1, ["pending", "live"]])
    })
  )

  it.effect("a stream that cannot be made to speak is reported, and does not go round in circles", () =>
    Effect.gen(function* () {
      const opened = yield* open(subscriptions(["AAA"], ["trades", "quotes"]), { driver: alive(), lastTrade: trading })
      const { driver } = opened
      yield* talk(opened, 300, (second) => {
        for (const socket of driver.sockets) if (socket.isOpen) socket.receive({ quote: ["AAA", second] })
      })
      const reasons = opened.events.flatMap((each) =>
        each.type === "subscription" && each.channel === "trades" && each.state === "silent" ? [each.reason] : []
      )
      assert.deepStrictEqual(
        [
          driver.dials,
          states(opened, "trades"),
          states(opened, "quotes"),
          reasons.length,
          /did not help/.test(reasons[1] ?? "")
        ],
        [2, ["pending", "silent", "pending", "silent"], ["pending", "live"], 2, true]
      )
    })
  )

  it.effect(
    "after a reconnect, trades of a symbol that has gone quiet are looked up without waiting for the next",
    () =>
      Effect.gen(function* () {
        const opened = yield* open(subscriptions(["AAA"], ["trades"]), {
          driver: alive(),
          lastTrade: () => Effect.succeed({ time: 3 }),
          trades: ({ fromId, symbol }) =>
            Effect.succeed([2, 3].filter((id) => id >= Number(fromId)).map((id) => trade(symbol, id, "backfill")))
        })
        opened.driver.last.receive({ trade: ["AAA", 1] })
        opened.driver.last.close()
        yield* TestClock.adjust("15 seconds")
        assert.deepStrictEqual(opened.market(), [
          "AAA trade 1",
          "AAA trade 2 backfill",
          "AAA trade 3 backfill",
          "AAA gap trades disconnect 1..4 repaired 2"
        ])
      })
  )

  it.effect("a socket that died before it answered is known by the answers of the others", () =>
    Effect.gen(function* () {
      const driver = alive()
      const opened = yield* open(subscriptions(["AAA"], ["liquidations"]), {
        driver,
        heartbeat: { _tag: "ServerPings", deadAfter: "10 minutes" }
      })
      driver.answersPings = false
      driver.last.close()
      yield* TestClock.adjust("2 seconds")
      const before = driver.dials
      driver.answersPings = true
      yield* TestClock.adjust("16 seconds")
      assert.deepStrictEqual([before, driver.dials, stateOf(opened, "AAA")], [2, 3, "Active"])
    })
  )

  it.effect("a socket that is open and dead is replaced by its missing answer, long before the venue's own limit", () =>
    Effect.gen(function* () {
      const driver = alive()
      const opened = yield* open(subscriptions(["AAA"], ["liquidations"]), {
        driver,
        heartbeat: { _tag: "ServerPings", deadAfter: "10 minutes" }
      })
      yield* TestClock.adjust("1 minute")
      const before = driver.dials
      driver.last.answersPings = false
      yield* TestClock.adjust("16 seconds")
      assert.deepStrictEqual([before, driver.dials, stateOf(opened, "AAA")], [1, 2, "Active"])
    })
  )
})
