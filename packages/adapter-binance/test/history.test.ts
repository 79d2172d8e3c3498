import { RestBudget, type VenueAdapter } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { BinanceSpot } from "../src/BinanceSpot.ts"
import { BinanceUsdm } from "../src/BinanceUsdm.ts"
import { makeVenue } from "../src/venue.ts"
import { type Answer, stub } from "./support/http.ts"

const MINUTE = 60_000

/** A venue named `mine` whose REST answers come from a function. */
const make = (venue: string, answer: (url: URL) => Answer, rest = "http://here") => {
  const http = stub(answer)
  return makeVenue({ venue, name: "mine", environment: "mainnet", endpoints: { rest } }).pipe(
    Effect.map(({ book, history, instruments }) => ({ asked: http.asked, book, history: history!, instruments })),
    Effect.provide(http.layer)
  )
}

/** A venue that has a bar for each minute from `from` to `to`, open times inclusive. */
const minutes =
  (from: number, to: number, page: number) =>
  (url: URL): Answer => {
    const parameter = (name: string) => Number(url.searchParams.get(name))
    const limit = Math.min(page, parameter("limit"))
    const rows: Array<ReadonlyArray<unknown>> = []
    for (let open = from; open <= to && rows.length < limit; open += MINUTE) {
      if (open < parameter("startTime") || open > parameter("endTime")) continue
      rows.push([open, "1.0", "2.0", "0.5", "1.5", "10", open + MINUTE - 1, "15", 3, "5", "7", "0"])
    }
    return { body: rows }
  }

const everything = new URL(`http://here?startTime=0&endTime=${Number.MAX_SAFE_INTEGER}&limit=1000`)

const range = (from: number, to: number): VenueAdapter.BarsRequest => ({ symbol: "BTCUSDT", interval: "1m", from, to })

describe("past trades", () => {
  it.effect("spot reads historicalTrades, whose ids are those of the stream", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_790_000_009_000)
      const { asked, history } = yield* make("binance", () => ({
        body: [
          {
            id: 6,
            price: "2.00",
            qty: "3.0",
            quoteQty: "6",
            time: 1790000000002,
            isBuyerMaker: false,
            isBestMatch: true
          },
          {
            id: 5,
            price: "1.00",
            qty: "3.0",
            quoteQty: "3",
            time: 1790000000001,
            isBuyerMaker: true,
            isBestMatch: true
          }
        ]
      }))
      const trades = yield* history.trades!({ symbol: "币安人生USDT", fromId: "5", limit: 5000 })
      const shared = { type: "trade", venue: "mine", symbol: "币安人生USDT", receivedTime: 1_790_000_009_000 }
      expect({ asked, trades }).toEqual({
        asked: [
          `GET http://here/api/v3/historicalTrades?symbol=${encodeURIComponent("币安人生USDT")}&fromId=5&limit=1000`
        ],
        trades: [
          { ...shared, exchangeTime: 1790000000001, id: "5", price: 1, size: 3, side: "sell", origin: "backfill" },
          { ...shared, exchangeTime: 1790000000002, id: "6", price: 2, size: 3, side: "buy", origin: "backfill" }
        ]
      })
    })
  )

  it.effect("USDⓈ-M reads aggTrades by the aggregate's id, with the text of what is inexact", () =>
    Effect.gen(function* () {
      const { asked, history } = yield* make("binance-usdm", () => ({
        body: [{ a: 9, p: "0.1234567890123456", q: "3", f: 1, l: 2, T: 1790000000001, m: false }]
      }))
      const trades = yield* history.trades!({ symbol: "BTCUSDT", fromId: "9", limit: 100 })
      expect({ asked, trades }).toEqual({
        asked: ["GET http://here/fapi/v1/aggTrades?symbol=BTCUSDT&fromId=9&limit=100"],
        trades: [
          {
            type: "trade",
            venue: "mine",
            symbol: "BTCUSDT",
            exchangeTime: 1790000000001,
            receivedTime: 0,
            id: "9",
            price: 0.1234567890123456,
            size: 3,
            side: "buy",
            origin: "backfill",
            exact: { price: "0.1234567890123456" }
          }
        ]
      })
    })
  )

  it.effect("S-C3 an impossible value fails the read and keeps a sample", () =>
    Effect.gen(function* () {
      const body = [{ a: 9, p: "0", q: "3", f: 1, l: 2, T: 1790000000001, m: false }]
      const { history } = yield* make("binance-usdm", () => ({ body }))
      const error = yield* Effect.flip(history.trades!({ symbol: "BTCUSDT", fromId: "9", limit: 100 }))
      expect(error).toMatchObject({
        venue: "mine",
        operation: "GET /fapi/v1/aggTrades",
        reason: { _tag: "DecodeFailed", sample: JSON.stringify(body) }
      })
    })
  )

  it.effect("a refusal keeps its reason", () =>
    Effect.gen(function* () {
      const tooMany = () => ({
        status: 429,
        headers: { "Retry-After": "3" },
        body: { code: -1003, msg: "Too many requests." }
      })
      const { history } = yield* make("binance", tooMany, "http://refusing")
      const error = yield* Effect.flip(history.trades!({ symbol: "BTCUSDT", fromId: "9", limit: 100 }))
      expect(error.reason).toMatchObject({ _tag: "RateLimited", retryAfterMs: 3000 })
    })
  )
})

describe("past bars", () => {
  it.effect("come out final, in the shape of the stream's", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10 * MINUTE)
      const { asked, history } = yield* make("binance", minutes(0, 20 * MINUTE, 1000))
      const bars = yield* history.bars!(range(2 * MINUTE, 2 * MINUTE))
      expect({ asked, bars }).toEqual({
        asked: ["GET http://here/api/v3/klines?symbol=BTCUSDT&interval=1m&startTime=120000&endTime=180000&limit=2"],
        bars: [
          {
            type: "bar",
            venue: "mine",
            symbol: "BTCUSDT",
            receivedTime: 10 * MINUTE,
            interval: "1m",
            openTime: 120_000,
            closeTime: 179_999,
            open: 1,
            high: 2,
            low: 0.5,
            close: 1.5,
            volume: 10,
            quoteVolume: 15,
            trades: 3,
            isFinal: true,
            origin: "backfill"
          }
        ]
      })
    })
  )

  it.effect("a bar is left out until the venue has the next, whatever our clock says", () =>
    Effect.gen(function* () {
      const opens = (newest: number) =>
        Effect.gen(function* () {
          const { history } = yield* make("binance", minutes(0, newest * MINUTE, 1000))
          const bars = yield* history.bars!(range(0, 2 * MINUTE))
          return bars.map(({ openTime }) => openTime / MINUTE)
        })
      yield* TestClock.setTime(1_000 * MINUTE)
      const ahead = yield* opens(2)
      yield* TestClock.setTime(0)
      expect([ahead, yield* opens(3)]).toEqual([
        [0, 1],
        [0, 1, 2]
      ])
    })
  )

  it.effect("a long range is read page by page, each bar once", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10_000 * MINUTE)
      const spot = yield* make("binance", minutes(0, 9999 * MINUTE, 1000))
      const usdm = yield* make("binance-usdm", minutes(0, 9999 * MINUTE, 1500))
      const found = []
      for (const { asked, history } of [spot, usdm]) {
        const bars = yield* history.bars!(range(0, 2499 * MINUTE))
        const opens = new Set(bars.map(({ openTime }) => openTime))
        found.push({ bars: bars.length, distinct: opens.size, last: bars.at(-1)!.openTime, pages: asked.length })
      }
      const last = 2499 * MINUTE
      expect(found).toEqual([
        { bars: 2500, distinct: 2500, last, pages: 3 },
        { bars: 2500, distinct: 2500, last, pages: 2 }
      ])
    })
  )

  it.effect("the read ends where the venue has no more", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10_000 * MINUTE)
      const { asked, history } = yield* make("binance", minutes(0, 4 * MINUTE, 1000))
      const bars = yield* history.bars!(range(2 * MINUTE, 5000 * MINUTE))
      const none = yield* history.bars!(range(9 * MINUTE, 5000 * MINUTE))
      expect({ opens: bars.map(({ openTime }) => openTime / MINUTE), none, pages: asked.length }).toEqual({
        opens: [2, 3],
        none: [],
        pages: 2
      })
    })
  )

  it.effect("a venue that ignores the range does not hold the read up", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10_000 * MINUTE)
      const { asked, history } = yield* make("binance", () => minutes(0, 999 * MINUTE, 1000)(everything))
      const bars = yield* history.bars!(range(500 * MINUTE, 5000 * MINUTE))
      expect({ bars: bars.length, pages: asked.length }).toEqual({ bars: 499, pages: 2 })
    })
  )

  it.effect("months are counted by the calendar", () =>
    Effect.gen(function* () {
      const { asked, history } = yield* make("binance-usdm", () => ({ body: [] }))
      const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 1)]
      yield* history.bars!({ symbol: "BTCUSDT", interval: "1M", from, to })
      expect(asked).toEqual([
        `GET http://here/fapi/v1/klines?symbol=BTCUSDT&interval=1M&startTime=${from}&endTime=${Date.UTC(2026, 3, 1)}&limit=4`
      ])
    })
  )
})

describe("the latest trade", () => {
  it.effect("is read where that weighs least", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance", () => ({
        body: [{ a: 9, p: "1.5", q: "3", f: 1, l: 2, T: 1790000000001, m: false, M: true }]
      }))
      const usdm = yield* make("binance-usdm", () => ({
        body: [{ id: 5, price: "1.00", qty: "3.0", quoteQty: "3", time: 1790000000002, isBuyerMaker: true }]
      }))
      const none = yield* make("binance-usdm", () => ({ body: [] }))
      const found = [
        yield* spot.history.lastTrade!("币安人生USDT"),
        yield* usdm.history.lastTrade!("BTCUSDT"),
        yield* none.history.lastTrade!("BTCUSDT")
      ]
      expect({ found, asked: [...spot.asked, ...usdm.asked] }).toEqual({
        found: [{ time: 1790000000001 }, { time: 1790000000002 }, undefined],
        asked: [
          `GET http://here/api/v3/aggTrades?symbol=${encodeURIComponent("币安人生USDT")}&limit=1`,
          "GET http://here/fapi/v1/trades?symbol=BTCUSDT&limit=1"
        ]
      })
    })
  )
})

describe("what reads weigh", () => {
  /** The weight of each of these reads, as the budget of the host counts it. */
  const weigh = (venue: string) =>
    Effect.gen(function* () {
      const market = venue === "binance" ? BinanceSpot : BinanceUsdm
      const budget = RestBudget.shared(`${venue} weighing`, { weight: market.weights.perMinute, windowMs: 60_000 })
      const { book, history, instruments } = yield* make(venue, () => ({ body: [] }), "http://weighing")
      const weight = (read: Effect.Effect<unknown, unknown>) =>
        Effect.gen(function* () {
          yield* TestClock.adjust("1 minute")
          yield* Effect.exit(read)
          return budget.state(yield* Clock.currentTimeMillis).used
        })
      const symbol = "BTCUSDT"
      const books: Record<string, number> = {}
      for (const channel of ["book", "book:50", "book:100", "book:500", "book:1000", "book:5000"] as const) {
        books[channel] = yield* weight(book.snapshot!({ symbol, channel }))
      }
      const bars: Record<number, number> = {}
      for (const count of [1, 99, 100, 499, 500, 1000, 1001, 1500]) {
        bars[count] = yield* weight(history.bars!(range(0, (count - 1) * MINUTE)))
      }
      return {
        usable: budget.state(0).usable,
        books,
        bars,
        trades: yield* weight(history.trades!({ symbol, fromId: "1", limit: 1000 })),
        lastTrade: yield* weight(history.lastTrade!(symbol)),
        instruments: yield* weight(instruments)
      }
    })

  it.effect("is what the venue counts", () =>
    Effect.gen(function* () {
      expect({ spot: yield* weigh("binance"), usdm: yield* weigh("binance-usdm") }).toEqual({
        spot: {
          usable: 4200,
          books: { book: 50, "book:50": 5, "book:100": 5, "book:500": 25, "book:1000": 50, "book:5000": 250 },
          bars: { 1: 2, 99: 2, 100: 2, 499: 2, 500: 2, 1000: 2, 1001: 2, 1500: 2 },
          trades: 25,
          lastTrade: 4,
          instruments: 20
        },
        usdm: {
          usable: 1680,
          // there is no depth of 5000 on futures
          books: { book: 20, "book:50": 2, "book:100": 5, "book:500": 10, "book:1000": 20, "book:5000": 20 },
          // one more is read than is wanted
          bars: { 1: 1, 99: 2, 100: 2, 499: 5, 500: 5, 1000: 10, 1001: 10, 1500: 10 },
          trades: 20,
          lastTrade: 5,
          instruments: 1
        }
      })
    })
  )

  it.effect("is corrected by what the venue tells with every answer", () =>
    Effect.gen(function* () {
      const told = ["37", "junk", "3000"]
      const answer = () => ({ headers: { "X-MBX-USED-WEIGHT-1M": told.shift()! }, body: [] })
      const { history } = yield* make("binance", answer, "http://telling")
      const budget = RestBudget.shared("binance telling", { weight: 6000, windowMs: 60_000 })
      const found: Array<number> = []
      for (let read = 0; read < 3; read++) {
        yield* history.lastTrade!("BTCUSDT")
        found.push(budget.state(yield* Clock.currentTimeMillis).used)
      }
      expect(found).toEqual([37, 41, 3000])
    })
  )
})

describe("whole books", () => {
  const body = {
    lastUpdateId: 8123456789,
    E: 1790000000200,
    T: 1790000000199,
    bids: [
      ["1.0", "2.0"],
      ["1.5", "3.0"]
    ],
    asks: [["2.0", "12345678901.123456"]]
  }

  it.effect("have as many levels as the channel says, best first", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(7)
      const { asked, book } = yield* make("binance-usdm", () => ({ body }))
      const snapshot = yield* book.snapshot!({ symbol: "BTCUSDT", channel: "book" })
      yield* book.snapshot!({ symbol: "BTCUSDT", channel: "book:50" })
      expect({ asked, snapshot }).toEqual({
        asked: [
          "GET http://here/fapi/v1/depth?symbol=BTCUSDT&limit=1000",
          "GET http://here/fapi/v1/depth?symbol=BTCUSDT&limit=50"
        ],
        snapshot: {
          symbol: "BTCUSDT",
          sequence: 8123456789,
          bids: [
            [1.5, 3],
            [1, 2]
          ],
          asks: [[2, Number("12345678901.123456")]],
          exchangeTime: 1790000000199,
          receivedTime: 7,
          exact: { "asks[0][1]": "12345678901.123456" }
        }
      })
    })
  )

  it.effect("an unknown symbol is no use asking for again", () =>
    Effect.gen(function* () {
      const { book } = yield* make("binance", () => ({ status: 400, body: { code: -1121, msg: "Invalid symbol." } }))
      const error = yield* Effect.flip(book.snapshot!({ symbol: "NOPE", channel: "book:5000" }))
      expect(error).toMatchObject({
        operation: "GET /api/v3/depth",
        reason: { _tag: "InvalidRequest", code: -1121, message: "Invalid symbol. (HTTP 400, code -1121)" }
      })
    })
  )
})
