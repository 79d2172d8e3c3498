import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { result } from "./support/http.ts"
import { make } from "./support/made.ts"

const NOW = 1_790_000_009_000

const shared = { venue: "mine", symbol: "BTCUSDT", receivedTime: NOW }

const book = {
  s: "BTCUSDT",
  b: [["61250.90", "3.21"]],
  a: [["61251.00", "2.00000000000000001"]],
  ts: 1790000000200,
  u: 700100,
  seq: 88000100,
  cts: 1790000000196
}

const day = {
  symbol: "BTCUSDT",
  lastPrice: "61250.90",
  prevPrice24h: "60800",
  highPrice24h: "61900",
  lowPrice24h: "60500",
  volume24h: "1200",
  turnover24h: "73000000",
  bid1Price: "61250.80",
  ask1Price: "61251.00"
}

const contract = {
  markPrice: "61250.55",
  indexPrice: "61251.1",
  fundingRate: "0.0001",
  nextFundingTime: "1790006400000"
}

describe("what is now", () => {
  it.effect("the quote has no update id: REST counts that of another topic", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const { asked, present } = yield* make("bybit-linear", () => result(book))
      expect([yield* present.quote!("BTCUSDT"), asked()]).toEqual([
        {
          type: "quote",
          ...shared,
          exchangeTime: 1790000000196,
          bid: 61250.9,
          bidSize: 3.21,
          ask: 61251,
          askSize: 2,
          exact: { askSize: "2.00000000000000001" }
        },
        ["orderbook?category=linear&symbol=BTCUSDT&limit=1"]
      ])
    })
  )

  it.effect("the book, as deep as its channel", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const { asked, present } = yield* make("bybit", () => result(book))
      yield* present.book!("BTCUSDT", "book")
      expect([yield* present.book!("BTCUSDT", "book:50"), asked().map((each) => each.split("limit=")[1])]).toEqual([
        {
          type: "book",
          ...shared,
          kind: "snapshot",
          exchangeTime: 1790000000196,
          bids: [[61250.9, 3.21]],
          asks: [[61251, 2]],
          sequence: 700100,
          exact: { "asks[0][1]": "2.00000000000000001" }
        },
        ["1000", "50"]
      ])
    })
  )

  it.effect("ticker and mark are one answer, which is whole; volumes of inverse contracts are amounts of USD", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const answer = () => result({ category: "linear", list: [{ ...day, ...contract }] })
      const linear = yield* make("bybit-linear", answer)
      const inverse = yield* make("bybit-inverse", answer)
      const spot = yield* make("bybit", answer)
      const stamps = { ...shared, exchangeTime: 1790000000200 }
      const prices = { last: 61250.9, open: 60800, high: 61900, low: 60500, bid: 61250.8, ask: 61251 }
      const mark = { mark: 61250.55, index: 61251.1, fundingRate: 0.0001, nextFundingTime: 1790006400000 }
      expect([
        yield* linear.present.ticker!("BTCUSDT"),
        yield* inverse.present.ticker!("BTCUSDT"),
        yield* linear.present.mark!("BTCUSDT"),
        spot.present.mark
      ]).toEqual([
        { type: "ticker", ...stamps, ...prices, volume: 1200, quoteVolume: 73000000 },
        { type: "ticker", ...stamps, ...prices, volume: 1200, quoteVolume: 1200 },
        { type: "mark", ...stamps, ...mark },
        undefined
      ])
    })
  )

  it.effect("the bar that is open is the newest", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const row = ["1790000000000", "1.0", "2.0", "0.5", "1.5", "10", "15"]
      const { asked, present } = yield* make("bybit", () => result({ list: [row] }))
      expect([yield* present.bar!("BTCUSDT", "1h"), asked()]).toEqual([
        {
          type: "bar",
          ...shared,
          interval: "1h",
          openTime: 1790000000000,
          closeTime: 1790003599999,
          open: 1,
          high: 2,
          low: 0.5,
          close: 1.5,
          volume: 10,
          quoteVolume: 15,
          isFinal: false,
          origin: "backfill"
        },
        ["kline?category=spot&symbol=BTCUSDT&interval=60&limit=1"]
      ])
    })
  )

  it.effect("S-C3 what is not there, or cannot be, fails the read", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOW)
      const none = yield* make("bybit", () => result({ list: [] }))
      const wrong = yield* make("bybit", () => result({ list: [{ ...day, lastPrice: "much" }] }))
      const errors = [
        yield* Effect.flip(none.present.ticker!("BTCUSDT")),
        yield* Effect.flip(wrong.present.ticker!("BTCUSDT")),
        yield* Effect.flip(none.present.bar!("BTCUSDT", "1m"))
      ]
      expect(errors.map(({ operation, reason }) => [operation, reason._tag])).toEqual([
        ["GET /v5/market/tickers", "DecodeFailed"],
        ["GET /v5/market/tickers", "DecodeFailed"],
        ["GET /v5/market/kline", "DecodeFailed"]
      ])
    })
  )
})
