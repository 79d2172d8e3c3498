import { Channel, RestBudget, type VenueAdapter } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { type Answer, result } from "./support/http.ts"
import { make } from "./support/made.ts"

const MINUTE = 60_000

const tradeRow = (execId: string, time: number, change: object = {}) => ({
  execId,
  symbol: "BTCUSDT",
  price: "61250.90",
  size: "0.015",
  side: "Sell",
  time: String(time),
  isBlockTrade: false,
  ...change
})

/** A venue that has a bar for each minute from `from` to `to`, open times inclusive; newest first. */
const minutes =
  (from: number, to: number) =>
  (url: URL): Answer => {
    const parameter = (name: string) => Number(url.searchParams.get(name))
    const list: Array<ReadonlyArray<string>> = []
    for (let open = to; open >= from && list.length < Math.min(1000, parameter("limit")); open -= MINUTE) {
      if (open < parameter("start") || open > parameter("end")) continue
      list.push([String(open), "1.0", "2.0", "0.5", "1.5", "10", "15"])
    }
    return result({ category: "linear", symbol: "BTCUSDT", list })
  }

const range = (from: number, to: number): VenueAdapter.BarsRequest => ({ symbol: "BTCUSDT", interval: "1m", from, to })

const opens = (bars: ReadonlyArray<{ readonly openTime: number }>) => bars.map(({ openTime }) => openTime / MINUTE)

describe("the latest trades", () => {
  it.effect("come oldest first, with the ids of the stream and as many as the market shows", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(1_790_000_009_000)
      const list = [
        tradeRow("c", 2, { side: "Buy" }),
        tradeRow("b", 1),
        tradeRow("a", 1, { size: "0.1234567890123456" })
      ]
      const spot = yield* make("bybit", () => result({ category: "spot", list }))
      const linear = yield* make("bybit-linear", () => result({ category: "linear", list: [] }))
      const trades = yield* spot.history.recentTrades!("BTCUSDT", 500)
      const none = yield* linear.history.recentTrades!("BTCUSDT", 5000)
      const shared = {
        type: "trade",
        venue: "mine",
        symbol: "BTCUSDT",
        receivedTime: 1_790_000_009_000,
        price: 61250.9
      }
      expect({ asked: [...spot.asked(), ...linear.asked()], trades, none }).toEqual({
        asked: [
          "recent-trade?category=spot&symbol=BTCUSDT&limit=60",
          "recent-trade?category=linear&symbol=BTCUSDT&limit=1000"
        ],
        trades: [
          {
            ...shared,
            id: "a",
            exchangeTime: 1,
            size: 0.1234567890123456,
            side: "sell",
            origin: "backfill",
            exact: { size: "0.1234567890123456" }
          },
          { ...shared, id: "b", exchangeTime: 1, size: 0.015, side: "sell", origin: "backfill" },
          { ...shared, id: "c", exchangeTime: 2, size: 0.015, side: "buy", origin: "backfill" }
        ],
        none: []
      })
    })
  )

  it.effect("S-C3 an impossible value fails the read and keeps a sample", () =>
    Effect.gen(function* () {
      const { history } = yield* make("bybit", () => result({ list: [tradeRow("a", 1, { price: "0" })] }))
      const error = yield* Effect.flip(history.recentTrades!("BTCUSDT", 1))
      expect(error).toMatchObject({
        venue: "mine",
        operation: "GET /v5/market/recent-trade",
        reason: { _tag: "DecodeFailed", sample: expect.stringContaining('"retCode":0') }
      })
    })
  )

  it.effect("the last one's time is read by itself", () =>
    Effect.gen(function* () {
      const some = yield* make("bybit-inverse", () => result({ list: [tradeRow("c", 1790000000001)] }))
      const none = yield* make("bybit", () => result({ list: [] }))
      expect([
        yield* some.history.lastTrade!("BTCUSD"),
        yield* none.history.lastTrade!("BTCUSDT"),
        ...some.asked()
      ]).toEqual([{ time: 1790000000001 }, undefined, "recent-trade?category=inverse&symbol=BTCUSD&limit=1"])
    })
  )

  it.effect("further back there is no way", () =>
    Effect.gen(function* () {
      const { history } = yield* make("bybit", () => result({}))
      expect(Object.keys(history)).toEqual(["recentTrades", "bars", "lastTrade"])
    })
  )
})

describe("past bars", () => {
  it.effect("come out final, in the shape of the stream's", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(10 * MINUTE)
      const { asked, history } = yield* make("bybit-linear", minutes(0, 20 * MINUTE))
      const bars = yield* history.bars!(range(2 * MINUTE, 2 * MINUTE))
      expect({ asked: asked(), bars }).toEqual({
        asked: ["kline?category=linear&symbol=BTCUSDT&interval=1&start=120000&end=180000&limit=2"],
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
            isFinal: true,
            origin: "backfill"
          }
        ]
      })
    })
  )

  it.effect("of inverse contracts have their volume in USD", () =>
    Effect.gen(function* () {
      const { history } = yield* make("bybit-inverse", minutes(0, 20 * MINUTE))
      const [bar] = yield* history.bars!(range(2 * MINUTE, 2 * MINUTE))
      expect(bar).toMatchObject({ volume: 10, quoteVolume: 10 })
    })
  )

  it.effect("a bar is left out until the venue has the next, whatever our clock says", () =>
    Effect.gen(function* () {
      const read = (newest: number) =>
        Effect.gen(function* () {
          const { history } = yield* make("bybit", minutes(0, newest * MINUTE))
          return opens(yield* history.bars!(range(0, 2 * MINUTE)))
        })
      yield* TestClock.setTime(1_000 * MINUTE)
      const ahead = yield* read(2)
      yield* TestClock.setTime(0)
      expect([ahead, yield* read(3)]).toEqual([
        [0, 1],
        [0, 1, 2]
      ])
    })
  )

  it.effect("a long range is read page by page from its end, each bar once and oldest first", () =>
    Effect.gen(function* () {
      const { asked, history } = yield* make("bybit", minutes(0, 9999 * MINUTE))
      const bars = yield* history.bars!(range(0, 2499 * MINUTE))
      expect({ opens: opens(bars), ends: asked().map((line) => /end=(\d+)/.exec(line)![1]) }).toEqual({
        opens: Array.from({ length: 2500 }, (_, index) => index),
        ends: [2500 * MINUTE, 1501 * MINUTE - 1, 501 * MINUTE - 1].map(String)
      })
    })
  )

  it.effect("the read ends where the venue has no more", () =>
    Effect.gen(function* () {
      const { asked, history } = yield* make("bybit", minutes(1998 * MINUTE, 2000 * MINUTE))
      const bars = yield* history.bars!(range(0, 5000 * MINUTE))
      const none = yield* history.bars!(range(3000 * MINUTE, 5000 * MINUTE))
      expect({ opens: opens(bars), none, pages: asked().length }).toEqual({ opens: [1998, 1999], none: [], pages: 2 })
    })
  )

  it.effect("a venue that ignores the range, or the order, does not hold the read up", () =>
    Effect.gen(function* () {
      const everything = new URL(`http://x?start=0&end=${Number.MAX_SAFE_INTEGER}&limit=1000`)
      const { asked, history } = yield* make("bybit", (url) => {
        const { body } = minutes(0, 999 * MINUTE)(url.searchParams.get("end") === null ? url : everything)
        const { list } = (body as { result: { list: ReadonlyArray<unknown> } }).result
        return result({ list: list.toReversed() })
      })
      const bars = yield* history.bars!(range(0, 5000 * MINUTE))
      const late = yield* history.bars!(range(4000 * MINUTE, 9000 * MINUTE))
      const coming = yield* make("bybit", () => minutes(8000 * MINUTE, 8999 * MINUTE)(everything))
      const early = yield* coming.history.bars!(range(0, 5000 * MINUTE))
      expect({
        bars: bars.length,
        last: opens(bars).at(-1),
        others: [late, early],
        pages: asked().length + coming.asked().length
      }).toEqual({ bars: 999, last: 998, others: [[], []], pages: 3 })
    })
  )

  it.effect("months are counted by the calendar", () =>
    Effect.gen(function* () {
      const { asked, history } = yield* make("bybit-linear", () => result({ list: [] }))
      const [from, to] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 1)]
      yield* history.bars!({ symbol: "BTCUSDT", interval: "1M", from, to })
      expect(asked()).toEqual([
        `kline?category=linear&symbol=BTCUSDT&interval=M&start=${from}&end=${Date.UTC(2026, 3, 1)}&limit=4`
      ])
    })
  )
})

describe("books to compare with", () => {
  const book = {
    s: "BTCUSDT",
    b: [
      ["1.0", "2.0"],
      ["1.5", "3.0"]
    ],
    a: [["2.0", "12345678901.123456"]],
    ts: 1790000000200,
    u: 700100,
    seq: 88000100,
    cts: 1790000000196
  }

  it.effect("there is one for 1000 levels, best first, and none for fewer", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(7)
      const { asked, audit } = yield* make("bybit-linear", () => result(book))
      const of = (channel: Channel.Channel) => audit({ symbol: "BTCUSDT", channel })
      const snapshot = yield* of("book")!
      yield* of("book:1000")!
      expect({ asked: asked(), fewer: [of("book:50"), of("book:200")], snapshot }).toEqual({
        asked: Array.from({ length: 2 }, () => "orderbook?category=linear&symbol=BTCUSDT&limit=1000"),
        fewer: [undefined, undefined],
        snapshot: {
          symbol: "BTCUSDT",
          sequence: 700100,
          bids: [
            [1.5, 3],
            [1, 2]
          ],
          asks: [[2, Number("12345678901.123456")]],
          exchangeTime: 1790000000196,
          receivedTime: 7,
          exact: { "asks[0][1]": "12345678901.123456" }
        }
      })
    })
  )
})

describe("the budget of reads", () => {
  /** The budget that the markets of a host share; it was made by the first who read there. */
  const budgetOf = (host: string) =>
    Effect.map(Clock.currentTimeMillis, (now) =>
      RestBudget.shared(`bybit ${host}`, { weight: Number.NaN, windowMs: Number.NaN }).state(now)
    )

  it.effect("is one for all markets, whose every read counts as one: 70 % of 600 in any 5 seconds", () =>
    Effect.gen(function* () {
      for (const venue of ["bybit", "bybit-linear", "bybit-inverse"]) {
        const { history, instruments } = yield* make(venue, () => result({ list: [] }), "http://counting")
        yield* history.lastTrade!("A")
        yield* history.bars!(range(0, 500 * MINUTE))
        yield* instruments
      }
      const { usable, used } = yield* budgetOf("counting")
      // any 5 seconds meet two windows
      expect({ used, anyFiveSeconds: 2 * usable }).toEqual({ used: 9, anyFiveSeconds: 0.7 * 600 })
    })
  )

  it.effect("rests for 10 minutes after a 403, and until the next window after too many visits", () =>
    Effect.gen(function* () {
      const forbidden = yield* make("bybit", () => ({ status: 403, body: "access too frequent" }), "http://forbidding")
      const visited = yield* make(
        "bybit",
        () => ({ body: { retCode: 10006, retMsg: "Too many visits!", result: {} } }),
        "http://visited"
      )
      const errors = [
        yield* Effect.flip(forbidden.history.lastTrade!("A")),
        yield* Effect.flip(visited.history.lastTrade!("A"))
      ]
      expect({
        tags: errors.map(({ reason }) => reason._tag),
        forbidden: (yield* budgetOf("forbidding")).restingUntilMs,
        visited: (yield* budgetOf("visited")).restingUntilMs
      }).toEqual({ tags: ["RateLimited", "RateLimited"], forbidden: 10 * MINUTE, visited: 5000 })
    })
  )
})
