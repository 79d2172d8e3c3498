import { RestBudget } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { makeVenue } from "../src/venue.ts"
import { type Answer, stub } from "./support/http.ts"

const NOW = 1_790_000_009_000

/** What is now on a venue named `mine` whose REST answers come from a function. */
const make = (venue: string, answer: (url: URL) => Answer, rest = "http://now") => {
  const http = stub(answer)
  return makeVenue({ venue, name: "mine", environment: "mainnet", endpoints: { rest } }).pipe(
    Effect.map(({ present }) => ({ asked: http.asked, present: present! })),
    Effect.provide(http.layer),
    Effect.tap(TestClock.setTime(NOW))
  )
}

const shared = { venue: "mine", symbol: "BTCUSDT", receivedTime: NOW }

const best = { symbol: "BTCUSDT", bidPrice: "61250.10", bidQty: "1.5", askPrice: "61250.11", askQty: "0.82" }

const day = {
  symbol: "BTCUSDT",
  lastPrice: "61250.1",
  openPrice: "60800",
  highPrice: "61900",
  lowPrice: "60500",
  volume: "1200",
  quoteVolume: "73000000.12345678901",
  closeTime: 1790000000200
}

const statistics = { last: 61250.1, open: 60800, high: 61900, low: 60500, volume: 1200 }

describe("what is now", () => {
  it.effect("the quote: spot's has neither time nor update id, futures' has both", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance", () => ({ body: best }))
      const usdm = yield* make("binance-usdm", () => ({ body: { ...best, time: 1790000000199, lastUpdateId: 7 } }))
      const quote = { type: "quote", ...shared, bid: 61250.1, bidSize: 1.5, ask: 61250.11, askSize: 0.82 }
      expect([
        yield* spot.present.quote!("BTCUSDT"),
        yield* usdm.present.quote!("BTCUSDT"),
        spot.asked,
        usdm.asked
      ]).toEqual([
        quote,
        { ...quote, exchangeTime: 1790000000199, sequence: 7 },
        ["GET http://now/api/v3/ticker/bookTicker?symbol=BTCUSDT"],
        ["GET http://now/fapi/v1/ticker/bookTicker?symbol=BTCUSDT"]
      ])
    })
  )

  it.effect("the book, as deep as its channel", () =>
    Effect.gen(function* () {
      const { asked, present } = yield* make("binance", () => ({
        body: { lastUpdateId: 9, bids: [["4.0", "431.0"]], asks: [["4.2", "12.0"]] }
      }))
      yield* present.book!("BTCUSDT", "book")
      const event = { type: "book", ...shared, kind: "snapshot", bids: [[4, 431]], asks: [[4.2, 12]], sequence: 9 }
      expect([yield* present.book!("BTCUSDT", "book:20"), asked]).toEqual([
        event,
        ["GET http://now/api/v3/depth?symbol=BTCUSDT&limit=1000", "GET http://now/api/v3/depth?symbol=BTCUSDT&limit=20"]
      ])
    })
  )

  it.effect("the ticker, read as that of the stream: no best prices on futures, none of an empty side", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance", () => ({ body: { ...day, bidPrice: "61250.0", askPrice: "0.0" } }))
      const usdm = yield* make("binance-usdm", () => ({ body: day }))
      const ticker = {
        type: "ticker",
        ...shared,
        ...statistics,
        exchangeTime: 1790000000200,
        quoteVolume: 73000000.12345679,
        exact: { quoteVolume: "73000000.12345678901" }
      }
      expect([yield* spot.present.ticker!("BTCUSDT"), yield* usdm.present.ticker!("BTCUSDT")]).toEqual([
        { ...ticker, bid: 61250 },
        ticker
      ])
    })
  )

  it.effect("the mark, without funding where a contract has a date; spot has none", () =>
    Effect.gen(function* () {
      const row = { symbol: "BTCUSDT", markPrice: "61250.55", indexPrice: "61251.1", time: 1790000000200 }
      const funding = { lastFundingRate: "0.0001", nextFundingTime: 1790006400000 }
      const perpetual = yield* make("binance-usdm", () => ({ body: { ...row, ...funding } }))
      const dated = yield* make("binance-usdm", () => ({ body: { ...row, lastFundingRate: "", nextFundingTime: 0 } }))
      const mark = { type: "mark", ...shared, exchangeTime: 1790000000200, mark: 61250.55, index: 61251.1 }
      const spot = yield* make("binance", () => ({ body: {} }))
      expect([
        yield* perpetual.present.mark!("BTCUSDT"),
        yield* dated.present.mark!("BTCUSDT"),
        spot.present.mark
      ]).toEqual([{ ...mark, fundingRate: 0.0001, nextFundingTime: 1790006400000 }, mark, undefined])
    })
  )

  it.effect("the bar that is open, and none where the venue shows none", () =>
    Effect.gen(function* () {
      const row = [1790000000000, "1.0", "2.0", "0.5", "1.5", "10", 1790000059999, "15", 3, "5", "7", "0"]
      const some = yield* make("binance", () => ({ body: [row] }))
      const none = yield* make("binance", () => ({ body: [] }))
      expect([yield* some.present.bar!("BTCUSDT", "1m"), some.asked]).toEqual([
        {
          type: "bar",
          ...shared,
          interval: "1m",
          openTime: 1790000000000,
          closeTime: 1790000059999,
          open: 1,
          high: 2,
          low: 0.5,
          close: 1.5,
          volume: 10,
          quoteVolume: 15,
          trades: 3,
          isFinal: false,
          origin: "backfill"
        },
        ["GET http://now/api/v3/klines?symbol=BTCUSDT&interval=1m&limit=1"]
      ])
      expect(yield* Effect.flip(none.present.bar!("BTCUSDT", "1m"))).toMatchObject({
        operation: "GET /api/v3/klines",
        reason: { _tag: "DecodeFailed" }
      })
    })
  )

  it.effect("stamps with the time of the answer, however long it waited for the budget", () =>
    Effect.gen(function* () {
      const rest = "http://now-late"
      const { present } = yield* make("binance", () => ({ body: best }), rest)
      const late = yield* makeVenue({
        venue: "binance",
        name: "mine",
        environment: "mainnet",
        endpoints: { rest }
      }).pipe(
        Effect.provide(
          stub(() => ({ body: [{ id: 5, price: "1.0", qty: "3.0", time: 1790000000001, isBuyerMaker: true }] })).layer
        )
      )
      yield* RestBudget.shared("binance now-late", { weight: 6000, windowMs: 60_000 }).take(4_200, "resync")
      const reads = yield* Effect.forkChild(
        Effect.all([
          present.quote!("BTCUSDT"),
          Effect.map(late.history!.recentTrades!("BTCUSDT", 1), ([trade]) => trade!)
        ])
      )
      yield* TestClock.adjust("1 minute")
      const window = Math.ceil(NOW / 60_000) * 60_000
      expect((yield* Fiber.join(reads)).map(({ receivedTime }) => receivedTime)).toEqual([window, window])
    })
  )

  it.effect("S-C3 an impossible value fails the read", () =>
    Effect.gen(function* () {
      const { present } = yield* make("binance", () => ({ body: { ...best, bidQty: "-1" } }))
      expect(yield* Effect.flip(present.quote!("BTCUSDT"))).toMatchObject({
        venue: "mine",
        operation: "GET /api/v3/ticker/bookTicker",
        reason: { _tag: "DecodeFailed" }
      })
    })
  )

  for (const [venue, weight, weights] of [
    ["binance", 6000, [2, 5, 2, 2]],
    ["binance-usdm", 2400, [2, 2, 1, 1, 1]]
  ] as const) {
    it.effect(`${venue}: each read weighs what the venue counts`, () =>
      Effect.gen(function* () {
        const budget = RestBudget.shared(`${venue} now-${venue}`, { weight, windowMs: 60_000 })
        const { present } = yield* make(venue, () => ({ body: {} }), `http://now-${venue}`)
        const reads: ReadonlyArray<Effect.Effect<unknown, unknown> | undefined> = [
          present.quote!("A"),
          present.book!("A", "book:5"),
          present.ticker!("A"),
          present.bar!("A", "1m"),
          present.mark?.("A")
        ]
        const counted: Array<number> = []
        for (const read of reads) {
          if (read === undefined) continue
          const { used } = budget.state(NOW)
          yield* Effect.ignore(read)
          counted.push(budget.state(NOW).used - used)
        }
        expect(counted).toEqual(weights)
      })
    )
  }
})
