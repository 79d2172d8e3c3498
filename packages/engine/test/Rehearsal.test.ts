import type { Order } from "@tidewire/core"
import { type Journal, MemoryJournal } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { limitOrder, liveBook, type OpenOptions, perpetual, ready } from "./opened.ts"
import { ScriptedAccount } from "./scriptedAccount.ts"

const EVERY = "100 millis"

/** A desk that rehearses; what was rehearsed at the account and in the journal, and how many were left where they waited. */
const rehearsing = (options: OpenOptions = {}) =>
  Effect.gen(function* () {
    const account = new ScriptedAccount()
    const requests: Array<Order.Request> = []
    const entries: Array<Journal.Entry> = []
    let left = 0
    account.script.rehearse = (request) =>
      Effect.suspend(() => {
        requests.push(request)
        return Effect.onInterrupt(Effect.never, () => Effect.sync(() => left++))
      })
    const journal = { ...MemoryJournal.make(), rehearse: (entry: Journal.Entry) => void entries.push(entry) }
    const desk = { rehearseEvery: EVERY, ...options.desk } as const
    const opened = yield* ready({ ...options, account, journal, desk })
    requests.length = 0
    return { ...opened, requests, entries, left: () => left }
  })

describe("Rehearsal", () => {
  it.effect("goes the way of an order as far as the transport, to buy and to sell at the best price", () =>
    Effect.gen(function* () {
      const instrument = { ...perpetual, minNotional: "5", lotSize: "0.01", orderRules: { minSize: "0.02" } }
      const { entries, left, requests } = yield* rehearsing({ venue: { instrument: () => instrument } })
      yield* TestClock.adjust("200 millis")
      const common = { symbol: "BTCUSDT", kind: "limit", size: "0.1", timeInForce: "gtc", clientOrderId: "rehearsal" }
      assert.deepStrictEqual<unknown>(
        [requests, left(), entries.slice(0, 1)],
        [
          [
            { ...common, side: "buy", price: "100" },
            { ...common, side: "sell", price: "101" }
          ],
          2,
          [
            {
              _tag: "Intent",
              time: 3_600_100,
              venue: "paper",
              strategy: "rehearsal",
              request: { ...common, side: "buy", price: "100" }
            }
          ]
        ]
      )
    })
  )

  it.effect("leaves nothing: no order, no event, no entry, no notice, no id, nothing in the limit of orders", () =>
    Effect.gen(function* () {
      const limits = { maxOrdersPerSecond: 1, maxOrdersPerMinute: 1, maxOpenOrders: 1 }
      const { account, desk, events, journal, notices, requests } = yield* rehearsing({ limits })
      const before = journal.entries().length
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual(
        [requests.length, account.calls, desk.open(), events, journal.entries().length - before, notices],
        [100, [], [], [], 0, []]
      )
      const submitted = desk.submit("s", limitOrder)
      assert.match(submitted._tag === "Submitted" ? submitted.order.clientOrderId : "", /-0$/)
    })
  )

  it.effect("waits while the account is not traded on, trading is halted, or the book is not live", () =>
    Effect.gen(function* () {
      let isLive = true
      const book = () => (isLive ? liveBook() : ({ state: "stale" } as ReturnType<typeof liveBook>))
      const { account, desk, requests } = yield* rehearsing({ venue: { book } })
      const during = Effect.map(TestClock.adjust("1 second"), () => requests.splice(0).length)
      const seen = [yield* during]
      yield* account.down
      seen.push(yield* during)
      yield* account.up(2)
      seen.push(yield* during)
      isLive = false
      seen.push(yield* during)
      isLive = true
      desk.halt("enough")
      seen.push(yield* during)
      desk.resume("again")
      seen.push(yield* during)
      assert.deepStrictEqual(seen, [10, 0, 10, 0, 0, 10])
    })
  )

  it.effect.each([
    ["nine times as long as it took", 300_000n, 3],
    ["no more than 5 ms, when it was kept from going on", 50_000_000n, 5]
  ] as const)("rests after each: %s", ([, took, restMs]) =>
    Effect.gen(function* () {
      const clock = yield* Clock.Clock
      let nanos = 0n
      const slow: Clock.Clock = Object.create(clock, { monotonicTimeNanosUnsafe: { value: () => (nanos += took) } })
      const opened = rehearsing({ desk: { rehearseEvery: "1 millis" } })
      const { requests } = yield* Effect.provideService(opened, Clock.Clock, slow)
      yield* TestClock.adjust("1 millis")
      const first = requests.length
      yield* TestClock.adjust(10 * restMs)
      assert.deepStrictEqual([first, requests.length], [1, 11])
    })
  )

  it.effect("ends, and says so, when one fails as no order may", () =>
    Effect.gen(function* () {
      let asked = 0
      const book = () => {
        // each rehearsal looks at it twice
        if (asked++ >= 4) throw new Error("no book")
        return liveBook()
      }
      const { desk, notices, requests, tags } = yield* rehearsing({ venue: { book } })
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        [requests.length, tags(), notices[0]?.level, desk.closed("paper")],
        [2, ["RehearsalFailed"], "warn", undefined]
      )
    })
  )

  it.effect("is not asked for unless it is wanted", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      for (const desk of [{ rehearseEvery: 0 }, { rehearseEvery: EVERY }] as const) {
        const { requests } = yield* rehearsing({ desk })
        yield* TestClock.adjust("1 second")
        seen.push(requests.length)
      }
      assert.deepStrictEqual(seen, [0, 10])
    })
  )
})
