import type { Event } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import * as examples from "./support/examples.ts"
import { fallbacks, type MarketId, type Outcome, outcomes, RECEIVED, session } from "./support/outcomes.ts"

const stamps = { venue: "here", symbol: "BTCUSDT", receivedTime: RECEIVED }

const bids: ReadonlyArray<Event.Level> = [[61250.9, 3.21]]
const asks: ReadonlyArray<Event.Level> = [[61251, 2.005]]

const level = { symbol: "BTCUSDT", exchangeTime: 1790000000196, receivedTime: RECEIVED, bids, asks }

const statistics = { last: 61250.9, open: 60800, high: 61900, low: 60500, volume: 18234.1 }

describe("events", () => {
  const table: ReadonlyArray<readonly [string, MarketId, object, ReadonlyArray<Outcome>]> = [
    [
      "a trade has the taker's side and the venue's id",
      "bybit",
      examples.trades(examples.tradeRow),
      [
        {
          event: {
            type: "trade",
            ...stamps,
            exchangeTime: 1790000000228,
            id: "6f0a1c9e-0000-5000-8000-0000000000aa",
            price: 61250.9,
            size: 0.015,
            side: "sell",
            origin: "stream"
          }
        }
      ]
    ],
    [
      "the best level of each side is a quote and a whole book, with the matching engine's time",
      "bybit-linear",
      examples.best,
      [
        {
          event: {
            type: "quote",
            ...stamps,
            exchangeTime: 1790000000196,
            bid: 61250.9,
            bidSize: 3.21,
            ask: 61251,
            askSize: 2.005,
            sequence: 700100
          }
        },
        { event: { type: "book", kind: "snapshot", venue: "here", ...level, sequence: 700100 } }
      ]
    ],
    [
      "an empty side of the market is price 0 and size 0",
      "bybit",
      examples.orderbook(1, "snapshot", { a: [] }),
      [
        {
          event: {
            type: "quote",
            ...stamps,
            exchangeTime: 1790000000196,
            bid: 61250.9,
            bidSize: 3.21,
            ask: 0,
            askSize: 0,
            sequence: 700100
          }
        },
        { event: { type: "book", kind: "snapshot", venue: "here", ...level, asks: [], sequence: 700100 } }
      ]
    ],
    ["the snapshot of a book", "bybit", examples.snapshot, [{ snapshot: { ...level, sequence: 700100 } }]],
    [
      "a change of a book covers its one update",
      "bybit",
      examples.delta,
      [{ delta: { ...level, first: 700101, last: 700101, bids: [[61249, 0]], asks: [] } }]
    ],
    [
      "an update id of 1 is a snapshot whatever the frame says of itself",
      "bybit-linear",
      examples.orderbook(1000, "delta", { u: 1 }),
      [{ snapshot: { ...level, sequence: 1 } }]
    ],
    [
      "a bar that stands, with the interval in our spelling and the symbol of its topic",
      "bybit-linear",
      { ...examples.bars({ ...examples.barRow, interval: "60" }), topic: "kline.60.ETHUSDT-26DEC25" },
      [
        {
          event: {
            type: "bar",
            ...stamps,
            symbol: "ETHUSDT-26DEC25",
            exchangeTime: 1790000001000,
            interval: "1h",
            openTime: 1789999980000,
            closeTime: 1790000039999,
            open: 61240,
            high: 61260,
            low: 61239.9,
            close: 61250.9,
            volume: 12.5,
            quoteVolume: 765501.2,
            isFinal: false,
            origin: "stream"
          }
        }
      ]
    ],
    [
      "a long that was liquidated was sold",
      "bybit-linear",
      examples.liquidations(examples.liquidationRow),
      [
        {
          event: { type: "liquidation", ...stamps, exchangeTime: 1790000000390, side: "sell", price: 60990, size: 0.12 }
        }
      ]
    ],
    [
      "a spot ticker has no bid and no ask",
      "bybit",
      examples.spotTicker,
      [
        {
          event: { type: "ticker", ...stamps, exchangeTime: 1790000000300, ...statistics, quoteVolume: 1114000000.25 }
        }
      ]
    ],
    [
      "a contract's ticker is a ticker and a mark",
      "bybit-linear",
      examples.contractTicker,
      [
        {
          event: {
            type: "ticker",
            ...stamps,
            exchangeTime: 1790000000300,
            ...statistics,
            quoteVolume: 1114000000.25,
            bid: 61250.9,
            ask: 61251
          }
        },
        {
          event: {
            type: "mark",
            ...stamps,
            exchangeTime: 1790000000300,
            mark: 61250.55,
            index: 61251.1,
            fundingRate: -0.0001,
            nextFundingTime: 1790006400000
          }
        }
      ]
    ]
  ]
  for (const [name, market, frame, told] of table) {
    it(name, () => {
      expect(outcomes(market, frame)).toEqual(told)
    })
  }

  it("a liquidated short was bought back", () => {
    const frame = examples.liquidations({ ...examples.liquidationRow, S: "Sell" })
    expect(outcomes("bybit-inverse", frame)).toMatchObject([{ event: { side: "buy" } }])
  })

  it("every interval has its spelling, and a bar is final when the venue confirms it", () => {
    const spellings = ["1", "3", "5", "15", "30", "60", "120", "240", "360", "720", "D", "W", "M"]
    const rows = spellings.map((interval) => ({ ...examples.barRow, interval, confirm: true }))
    const told = outcomes("bybit", examples.bars(...rows))
    expect(told.map((each) => (typeof each === "object" && "event" in each ? each.event : each))).toMatchObject(
      ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d", "1w", "1M"].map((interval) => ({
        interval,
        isFinal: true
      }))
    )
  })

  it("of inverse contracts the volume is in USD, and so is the volume of the quote asset", () => {
    const tell = session("bybit-inverse")
    expect([tell(examples.bars(examples.barRow)), tell(examples.spotTicker)]).toMatchObject([
      [{ event: { volume: 12.5, quoteVolume: 12.5 } }],
      [{ event: { volume: 18234.1, quoteVolume: 18234.1 } }]
    ])
  })

  it("each trade of a frame has an outcome of its own, and a frame without any is no news", () => {
    const other = { ...examples.tradeRow, S: "Buy", i: "b" }
    const told = outcomes("bybit", {
      ...examples.trades(),
      data: [examples.tradeRow, { ...other, p: "0" }, null, other]
    })
    expect([told, outcomes("bybit", examples.trades())]).toMatchObject([
      [
        { event: { side: "sell" } },
        { malformed: 'p: expected a price above 0, got "0"' },
        { malformed: "data[2]: expected an object, got null" },
        { event: { side: "buy", id: "b" } }
      ],
      ["ignored"]
    ])
  })

  it("the order of keys and keys of tomorrow change nothing", () => {
    const { cts, data, topic, ts, type } = examples.snapshot
    const { a, b, s, seq, u } = data as Record<string, unknown>
    const shuffled = { future: { x: 1 }, cts, data: { seq, u, kind: "new", a, b, s }, ts, type, topic }
    expect(outcomes("bybit", shuffled)).toEqual(outcomes("bybit", examples.snapshot))
  })

  it("the frame's own time stands where the row has none, and none at all is no fault", () => {
    const { T: _, ...untimed } = examples.tradeRow
    const { ts: __, ...undated } = examples.trades(untimed)
    const { cts: ___, ...unmatched } = examples.delta
    const times = [examples.trades(untimed), undated, unmatched].flatMap((frame) =>
      outcomes("bybit", frame).map((told) => {
        const [data] = Object.values(told) as ReadonlyArray<{ exchangeTime?: number }>
        return "exchangeTime" in data! ? data.exchangeTime : "none"
      })
    )
    expect(times).toEqual([1790000000230, "none", 1790000000200])
  })

  it("levels come best first from any order", () => {
    const pairs = [
      ["2", "1"],
      ["3", "2"],
      ["1", "4"]
    ]
    expect(outcomes("bybit", examples.orderbook(200, "delta", { b: pairs, a: pairs }))).toMatchObject([
      {
        delta: {
          bids: [
            [3, 2],
            [2, 1],
            [1, 4]
          ],
          asks: [
            [1, 4],
            [2, 1],
            [3, 2]
          ]
        }
      }
    ])
  })
})

describe("values with more than 15 significant digits", () => {
  it("have their text beside them and are counted one by one", () => {
    const row = { ...examples.tradeRow, p: "123456789.123456789", v: "0.1234567890123456" }
    expect(outcomes("bybit", examples.trades(row))).toMatchObject([
      "inexact",
      "inexact",
      { event: { price: 123456789.12345679, exact: { price: "123456789.123456789", size: "0.1234567890123456" } } }
    ])
  })

  it("stand in the quote and in the book of the same frame, counted once", () => {
    const frame = examples.orderbook(1, "snapshot", { b: [["61250.90", "1234567890.1234567"]] })
    expect(outcomes("bybit", frame)).toMatchObject([
      "inexact",
      { event: { type: "quote", bidSize: 1234567890.1234567, exact: { bidSize: "1234567890.1234567" } } },
      { event: { type: "book", exact: { "bids[0][1]": "1234567890.1234567" } } }
    ])
  })

  it("keep the place that their level has in a change and in a snapshot", () => {
    const b = [
      ["1", "1234567890.1234567"],
      ["2", "1"]
    ]
    const told = [examples.orderbook(50, "delta", { b }), examples.orderbook(50, "snapshot", { b })].flatMap((frame) =>
      outcomes("bybit", frame)
    )
    const exact = { "bids[1][1]": "1234567890.1234567" }
    expect(told).toMatchObject(["inexact", { delta: { exact } }, "inexact", { snapshot: { exact } }])
  })
})

describe("S-C3 bad values are rejected with the reason", () => {
  it("names the field of a trade, what it takes and what it got", () => {
    const trade = (change: object) => outcomes("bybit", examples.trades({ ...examples.tradeRow, ...change }))
    expect([
      trade({ p: "0" }),
      trade({ p: 1 }),
      trade({ v: "-1" }),
      trade({ v: "1e-400" }),
      trade({ s: "" }),
      trade({ i: 5 }),
      trade({ S: "BUY" }),
      trade({ T: "1790000000228" })
    ]).toEqual(
      [
        'p: expected a price above 0, got "0"',
        "p: expected a price above 0, got 1",
        'v: expected a size above 0, got "-1"',
        'v: expected a size above 0, got "1e-400"',
        's: expected a symbol, got ""',
        "i: expected a trade id, got 5",
        'S: expected Buy or Sell, got "BUY"',
        'T or ts: expected a time, got "1790000000228"'
      ].map((malformed) => [{ malformed }])
    )
  })

  it("names what is wrong in a book, a bar, a liquidation and a frame", () => {
    const { type: _, ...typeless } = examples.delta
    const told = (frame: object | string) => outcomes("bybit-linear", frame)
    expect([
      told(examples.orderbook(50, "delta", { b: [["1"]] })),
      told(examples.orderbook(50, "delta", { a: [["1", "-2"]] })),
      told(examples.orderbook(50, "delta", { u: 1.5 })),
      told(examples.orderbook(1, "delta")),
      told(typeless),
      told({ ...examples.delta, data: [] }),
      told({ ...examples.delta, cts: "now" }),
      told(examples.bars({ ...examples.barRow, confirm: "true" })),
      told(examples.bars({ ...examples.barRow, end: null })),
      told({ ...examples.bars(examples.barRow), topic: "kline.1." }),
      told(examples.liquidations({ ...examples.liquidationRow, p: "" })),
      told({ ...examples.trades(), data: {} }),
      told({ topic: 5 }),
      told("[]"),
      told("{")
    ]).toEqual(
      [
        "bids[0]: expected a price and a size, got a list of 1",
        'asks[0][1]: expected a size of 0 or more, got "-2"',
        "u: expected an update id, got 1.5",
        'type: expected snapshot, got "delta"',
        "type: expected snapshot or delta, got nothing",
        "data: expected an object, got a list of 0",
        'cts or ts: expected a time, got "now"',
        'confirm: expected true or false, got "true"',
        "end: expected a time, got null",
        'topic: expected a symbol, got "kline.1."',
        'p: expected a price above 0, got ""',
        "data: expected a list, got an object",
        "topic: expected a topic, got 5",
        "frame: expected an object, got a list of 0",
        "not JSON"
      ].map((malformed) => [{ malformed }])
    )
  })
})

describe("topics that are not read", () => {
  it("are unknown by name", () => {
    const topics = ["orderbook.rpi.BTCUSDT", "orderbook.500.BTCUSDT", "liquidation.BTCUSDT", "kline_lt.5.X", "order"]
    expect(topics.map((topic) => outcomes("bybit-linear", { ...examples.delta, topic }))).toEqual(
      topics.map((unknown) => [{ unknown }])
    )
  })

  it("an interval of tomorrow is unknown, not malformed", () => {
    expect(outcomes("bybit", examples.bars({ ...examples.barRow, interval: "7" }))).toEqual([{ unknown: "kline 7" }])
  })

  it("spot has no liquidations", () => {
    expect(outcomes("bybit", examples.liquidations(examples.liquidationRow))).toEqual([
      { unknown: "allLiquidation.BTCUSDT" }
    ])
  })
})

describe("a frame of a topic that is read from its bytes", () => {
  it("is a fallback when it is written otherwise, and told all the same", () => {
    const spaced = JSON.stringify(examples.delta).replace(":", ": ")
    const found = [fallbacks("bybit", examples.delta), fallbacks("bybit", spaced), outcomes("bybit", spaced)]
    expect(found).toEqual([0, 1, outcomes("bybit", examples.delta)])
  })

  it("is read with its envelope in any order", () => {
    const reversed = Object.fromEntries(Object.entries(examples.trades(examples.tradeRow)).toReversed())
    const found = [fallbacks("bybit", reversed), outcomes("bybit", reversed)]
    expect(found).toEqual([0, outcomes("bybit", examples.trades(examples.tradeRow))])
  })

  it("is none when it is of no such topic: an answer, a pong, a liquidation, no JSON", () => {
    const liquidation = JSON.stringify(examples.liquidations(examples.liquidationRow), undefined, 1)
    const frames = [liquidation, { success: true, op: "subscribe" }, { op: "pong" }, "no JSON"]
    expect(frames.map((frame) => fallbacks("bybit-linear", frame))).toEqual([0, 0, 0, 0])
  })
})
