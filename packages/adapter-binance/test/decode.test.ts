import { describe, expect, it } from "@effect/vitest"
import * as examples from "./support/examples.ts"
import { fallbacks, type MarketId, type Outcome, outcomes, RECEIVED } from "./support/outcomes.ts"

const stamps = { venue: "here", symbol: "BTCUSDT", receivedTime: RECEIVED }

const combined = (stream: string, data: unknown) => ({ stream, data })

describe("events", () => {
  const table: ReadonlyArray<readonly [string, MarketId, object, Outcome]> = [
    [
      "a spot trade whose buyer is the maker is a sell",
      "binance",
      examples.spotTrade,
      {
        event: {
          type: "trade",
          ...stamps,
          exchangeTime: 1790000000122,
          id: "5550001",
          price: 61250.1,
          size: 0.015,
          side: "sell",
          origin: "stream"
        }
      }
    ],
    [
      "a futures aggregate has the aggregate's id",
      "binance-usdm",
      examples.aggregateTrade,
      {
        event: {
          type: "trade",
          ...stamps,
          exchangeTime: 1790000000101,
          id: "2220001",
          price: 61251,
          size: 0.045,
          side: "buy",
          origin: "stream"
        }
      }
    ],
    [
      "a spot quote has no exchange time",
      "binance",
      examples.spotQuote,
      {
        event: {
          type: "quote",
          ...stamps,
          bid: 61250.1,
          bidSize: 1.5,
          ask: 61250.11,
          askSize: 0.82,
          sequence: 8123456789
        }
      }
    ],
    [
      "a futures quote has the matching time",
      "binance-usdm",
      examples.usdmQuote,
      {
        event: {
          type: "quote",
          ...stamps,
          exchangeTime: 1790000000149,
          bid: 61250.9,
          bidSize: 3.21,
          ask: 61251,
          askSize: 2.005,
          sequence: 9000000123
        }
      }
    ],
    [
      "an empty side of a quote is 0",
      "binance",
      { ...examples.spotQuote, a: "0.00000000", A: "0.00000000" },
      {
        event: { type: "quote", ...stamps, bid: 61250.1, bidSize: 1.5, ask: 0, askSize: 0, sequence: 8123456789 }
      }
    ],
    [
      "a spot change of a book",
      "binance",
      examples.spotChange,
      {
        delta: {
          symbol: "BTCUSDT",
          first: 8123456780,
          last: 8123456789,
          bids: [[61249, 0]],
          asks: [[61250.11, 0.82]],
          exchangeTime: 1790000000200,
          receivedTime: RECEIVED
        }
      }
    ],
    [
      "a futures change of a book names the one before, its ascending bids are turned around",
      "binance-usdm",
      examples.usdmChange,
      {
        delta: {
          symbol: "BTCUSDT",
          first: 9000000101,
          last: 9000000123,
          previous: 9000000099,
          bids: [
            [61250.9, 3.21],
            [61249, 0]
          ],
          asks: [[61251, 2.005]],
          exchangeTime: 1790000000149,
          receivedTime: RECEIVED
        }
      }
    ],
    [
      "a bar that stands",
      "binance",
      examples.spotBar,
      {
        event: {
          type: "bar",
          ...stamps,
          exchangeTime: 1790000001999,
          interval: "1m",
          openTime: 1789999980000,
          closeTime: 1790000039999,
          open: 61240,
          high: 61260,
          low: 61239.9,
          close: 61250.1,
          volume: 12.5,
          quoteVolume: 765501,
          trades: 91,
          isFinal: false,
          origin: "stream"
        }
      }
    ],
    [
      "a spot ticker has bid and ask",
      "binance",
      examples.spotTicker,
      {
        event: {
          type: "ticker",
          ...stamps,
          exchangeTime: 1790000000200,
          last: 61250.1,
          open: 60800,
          high: 61900,
          low: 60500,
          volume: 18234.1,
          quoteVolume: 1114000000,
          bid: 61250.1,
          ask: 61250.11
        }
      }
    ],
    [
      "a futures ticker has neither",
      "binance-usdm",
      examples.usdmTicker,
      {
        event: {
          type: "ticker",
          ...stamps,
          exchangeTime: 1790000000200,
          last: 61250.1,
          open: 60800,
          high: 61900,
          low: 60500,
          volume: 18234.1,
          quoteVolume: 1114000000
        }
      }
    ],
    [
      "a mark of a perpetual",
      "binance-usdm",
      examples.mark,
      {
        event: {
          type: "mark",
          ...stamps,
          exchangeTime: 1790000001000,
          mark: 61250.55,
          index: 61251.1,
          fundingRate: -0.0001,
          nextFundingTime: 1790006400000
        }
      }
    ],
    [
      "a mark of a dated contract has no funding",
      "binance-usdm",
      examples.deliveryMark,
      {
        event: {
          type: "mark",
          ...stamps,
          symbol: "BTCUSDT_261225",
          exchangeTime: 1790000001000,
          mark: 61250.55,
          index: 61251.1
        }
      }
    ],
    [
      "a liquidation has the average price and what was filled",
      "binance-usdm",
      examples.liquidation,
      {
        event: {
          type: "liquidation",
          ...stamps,
          exchangeTime: 1790000000390,
          side: "sell",
          price: 61010.2,
          size: 0.1
        }
      }
    ],
    [
      "an unfilled liquidation has the order's price and size",
      "binance-usdm",
      { ...examples.liquidation, o: { ...examples.liquidation.o, ap: "0", z: "0", S: "BUY" } },
      {
        event: {
          type: "liquidation",
          ...stamps,
          exchangeTime: 1790000000390,
          side: "buy",
          price: 60990,
          size: 0.12
        }
      }
    ]
  ]

  it.each(table)("%s", (_, market, row, outcome) => {
    const stream = examples.streams.find(
      ([of, , data]) => of === market && (data as { e?: string }).e === (row as { e?: string }).e
    )!
    expect([outcomes(market, row), outcomes(market, combined(stream[1], row))]).toEqual([[outcome], [outcome]])
  })

  it("a bar is final when the venue says that it is closed", () => {
    const [closed] = outcomes("binance", { ...examples.spotBar, k: { ...examples.spotBar.k, x: true } })
    expect(closed).toMatchObject({ event: { type: "bar", isFinal: true } })
  })

  it("a time falls back from the matching time to the event time to none", () => {
    const { T: _T, ...withoutMatching } = examples.spotTrade
    const { E: _E, ...withoutBoth } = withoutMatching
    const times = [examples.spotTrade, withoutMatching, withoutBoth]
      .flatMap((row) => outcomes("binance", row))
      .map((told) => (typeof told === "object" && "event" in told ? Object.entries(told.event)[3] : told))
    expect(times).toEqual([
      ["exchangeTime", 1790000000122],
      ["exchangeTime", 1790000000123],
      ["receivedTime", RECEIVED]
    ])
  })
})

describe("whole books of few levels", () => {
  const bids = [
    [61250.1, 1.5],
    [61250, 0.5]
  ]

  it("spot takes the symbol from the stream's name", () => {
    expect(outcomes("binance", combined("btcusdt@depth20@100ms", examples.spotWhole))).toEqual([
      { event: { type: "book", ...stamps, kind: "snapshot", bids, asks: [[61250.11, 0.82]], sequence: 8123456789 } }
    ])
  })

  it("spot cannot place one without a stream", () => {
    expect([
      outcomes("binance", examples.spotWhole),
      outcomes("binance", combined("@depth20@100ms", examples.spotWhole))
    ]).toEqual([
      [{ unknown: "frame without an event kind" }],
      [{ malformed: 's: expected a symbol, got "@depth20@100ms"' }]
    ])
  })

  it("futures tell it from a change by the stream's name alone", () => {
    const kinds = [
      "btcusdt@depth5",
      "btcusdt@depth20@100ms",
      "btcusdt@depth",
      "btcusdt@depth@100ms",
      "btcusdt@rpiDepth@500ms"
    ]
    expect(
      kinds
        .flatMap((stream) => outcomes("binance-usdm", combined(stream, examples.usdmChange)))
        .map((told) => Object.keys(told)[0])
    ).toEqual(["event", "event", "delta", "delta", "unknown"])
  })

  it("levels come best first from any order, equal prices in the order they came", () => {
    const pairs = [
      ["2", "1"],
      ["3", "2"],
      ["2", "3"],
      ["1", "4"]
    ]
    const row = { ...examples.spotChange, b: pairs, a: pairs }
    expect(outcomes("binance", row)).toMatchObject([
      {
        delta: {
          bids: [
            [3, 2],
            [2, 1],
            [2, 3],
            [1, 4]
          ],
          asks: [
            [1, 4],
            [2, 1],
            [2, 3],
            [3, 2]
          ]
        }
      }
    ])
  })
})

describe("trade ids", () => {
  it("are the text of the venue's number, of any length and in any order", () => {
    const edges = [0, 7, 999, 1_000, 1_001, 9_999, 123_456, 999_999, 1_000_000, 3_735_683_259, Number.MAX_SAFE_INTEGER]
    const ids = [...edges, ...edges.toReversed().map((edge) => Math.max(0, edge - 1))]
    const told = ids.flatMap((t) => outcomes("binance", combined("btcusdt@trade", { ...examples.spotTrade, t })))
    expect(told).toMatchObject(ids.map((id) => ({ event: { id: String(id) } })))
  })
})

describe("values with more than 15 significant digits", () => {
  it("have their text beside them and are counted one by one", () => {
    const row = { ...examples.spotTrade, p: "123456789.123456789", q: "0.1234567890123456" }
    expect(outcomes("binance", row)).toEqual([
      "inexact",
      "inexact",
      {
        event: {
          type: "trade",
          ...stamps,
          exchangeTime: 1790000000122,
          id: "5550001",
          price: 123456789.12345679,
          size: 0.1234567890123456,
          side: "sell",
          origin: "stream",
          exact: { price: "123456789.123456789", size: "0.1234567890123456" }
        }
      }
    ])
  })

  it("keep the place that their level has in the event", () => {
    const row = {
      ...examples.usdmChange,
      b: [
        ["1", "1234567890.1234567"],
        ["2", "1"]
      ],
      a: [["1234567890.1234567", "1"]]
    }
    const [first, second, told] = outcomes("binance-usdm", row)
    expect([first, second, told]).toMatchObject([
      "inexact",
      "inexact",
      { delta: { exact: { "bids[1][1]": "1234567890.1234567", "asks[0][0]": "1234567890.1234567" } } }
    ])
  })
})

describe("S-C3 bad values are rejected with the reason", () => {
  const trade = (change: object) => outcomes("binance", { ...examples.spotTrade, ...change })

  it("names the field of a trade, what it takes and what it got", () => {
    expect([
      trade({ p: "0.00000000" }),
      trade({ p: "-1" }),
      trade({ q: "0" }),
      trade({ q: 1 }),
      trade({ p: "1e400" }),
      trade({ q: "1e-400" }),
      trade({ p: " 1" }),
      trade({ p: null }),
      trade({ s: "" }),
      trade({ s: undefined }),
      trade({ t: -1 }),
      trade({ t: 2 ** 53 }),
      trade({ t: "5550001" }),
      trade({ m: "true" }),
      trade({ T: "1790000000122" }),
      trade({ e: 5 })
    ]).toEqual(
      [
        'p: expected a price above 0, got "0.00000000"',
        'p: expected a price above 0, got "-1"',
        'q: expected a size above 0, got "0"',
        "q: expected a size above 0, got 1",
        'p: expected a price above 0, got "1e400"',
        'q: expected a size above 0, got "1e-400"',
        'p: expected a price above 0, got " 1"',
        "p: expected a price above 0, got null",
        's: expected a symbol, got ""',
        "s: expected a symbol, got nothing",
        "t: expected a trade id, got -1",
        "t: expected a trade id, got 9007199254740992",
        't: expected a trade id, got "5550001"',
        'm: expected true or false, got "true"',
        'T or E: expected a time, got "1790000000122"',
        "e: expected an event kind, got 5"
      ].map((malformed) => [{ malformed }])
    )
  })

  it("names the level of a book", () => {
    const change = (b: unknown) => outcomes("binance", { ...examples.spotChange, b })
    expect([
      change([["1", "2"], ["1"]]),
      change([["0", "2"]]),
      change([["1", "-2"]]),
      change([[1, 2]]),
      change([["1", "2", "3"]]),
      change({}),
      outcomes("binance", { ...examples.spotChange, U: 8123456790 }),
      outcomes("binance-usdm", examples.spotChange)
    ]).toEqual(
      [
        "bids[1]: expected a price and a size, got a list of 1",
        'bids[0][0]: expected a price above 0, got "0"',
        'bids[0][1]: expected a size of 0 or more, got "-2"',
        "bids[0][0]: expected a price above 0, got 1",
        "bids[0]: expected a price and a size, got a list of 3",
        "bids: expected levels, got an object",
        "u: expected an update id not below U, got 8123456789",
        "pu: expected an update id, got nothing"
      ].map((malformed) => [{ malformed }])
    )
  })
})

describe("frames that are no market data", () => {
  const told = (frame: string | object) => outcomes("binance-usdm", frame)

  it("acknowledgements and refusals, both shapes, with and without an id", () => {
    expect([
      told({ result: null, id: 7 }),
      told({ code: 2, msg: "Invalid request: bad", id: 1 }),
      told({ error: { code: 2, msg: "Invalid request: bad" }, id: 1 }),
      told({ error: { code: 3, msg: "Invalid JSON" } }),
      told({ error: { code: 4, msg: "Too many subscriptions" }, id: 9 }),
      told({ error: { code: 99 }, id: null })
    ]).toEqual([
      [{ acknowledged: 7 }],
      [{ rejected: 1, permanent: true, code: 2, message: "Invalid request: bad" }],
      [{ rejected: 1, permanent: true, code: 2, message: "Invalid request: bad" }],
      [{ rejected: undefined, permanent: true, code: 3, message: "Invalid JSON" }],
      [{ rejected: 9, permanent: false, code: 4, message: "Too many subscriptions" }],
      [{ rejected: undefined, permanent: false, code: 99, message: "refused without a message" }]
    ])
  })

  it("answers to questions, and to nothing of ours, are ignored", () => {
    expect([
      told({ result: ["btcusdt@aggTrade"], id: 9 }),
      told({ result: true, id: 11 }),
      told({ result: null, id: null }),
      told({ result: null, id: "a" }),
      told([])
    ]).toEqual([["ignored"], ["ignored"], ["ignored"], ["ignored"], ["ignored"]])
  })

  it("a shutdown is told in all its shapes", () => {
    const data = { e: "serverShutdown", E: 1790000000123 }
    expect([
      outcomes("binance", data),
      outcomes("binance", combined("!serverShutdown", data)),
      outcomes("binance", combined("!serverShutdown", { E: 1790000000123 })),
      outcomes("binance", { event: data }),
      told(data)
    ]).toEqual([["shutdown"], ["shutdown"], ["shutdown"], ["shutdown"], ["shutdown"]])
  })

  it("other kinds are unknown by name", () => {
    expect([
      told({ ...examples.spotTrade, X: "MARKET" }),
      outcomes("binance", examples.aggregateTrade),
      outcomes("binance", combined("btcusdt@avgPrice", { e: "avgPrice" })),
      outcomes("binance", combined("btcusdt@news", { headline: "" })),
      outcomes("binance", { ...examples.spotBar, k: { ...examples.spotBar.k, i: "7m" } }),
      told(examples.spotQuote),
      told({ hello: 1 })
    ]).toEqual([
      [{ unknown: "trade" }],
      [{ unknown: "aggTrade" }],
      [{ unknown: "avgPrice" }],
      [{ unknown: "btcusdt@news" }],
      [{ unknown: "kline 7m" }],
      [{ unknown: "frame without an event kind" }],
      [{ unknown: "frame without an event kind" }]
    ])
  })

  it("rows of other contract families are ignored, row by row", () => {
    const other = { ...examples.mark, s: "BTCUSD_PERP", st: 2 }
    const rows = told(combined("!markPrice@arr@1s", [examples.mark, other, examples.deliveryMark]))
    expect(rows.map((row) => (typeof row === "object" && "event" in row ? row.event.type : row))).toEqual([
      "mark",
      "ignored",
      "mark"
    ])
  })

  it("a row whose family cannot be read is malformed, not another family's", () => {
    expect(["x", null, -1, 1.5].map((st) => told({ ...examples.mark, st }))).toEqual(
      ['"x"', "null", "-1", "1.5"].map((given) => [{ malformed: `st: expected a kind of contract, got ${given}` }])
    )
  })

  it("what is no JSON object is malformed", () => {
    expect([told(""), told("null"), told("5"), told("{"), told(combined("a@trade", null))]).toEqual([
      [{ malformed: "not JSON" }],
      [{ malformed: "data: expected an object, got null" }],
      [{ malformed: "data: expected an object, got 5" }],
      [{ malformed: "not JSON" }],
      [{ malformed: "data: expected an object, got null" }]
    ])
  })
})

describe("a frame of a channel that is read from its bytes", () => {
  it("is a fallback when it is written otherwise, and told all the same", () => {
    const frame = JSON.stringify(combined("btcusdt@trade", examples.spotTrade))
    const spaced = frame.replace(":", ": ")
    const found = [fallbacks("binance", frame), fallbacks("binance", spaced), outcomes("binance", spaced)]
    expect(found).toEqual([0, 1, outcomes("binance", frame)])
  })

  it("is none when it is of no such channel: a control frame, a liquidation, no JSON", () => {
    const liquidation = JSON.stringify(combined("btcusdt@forceOrder", examples.liquidation), undefined, 1)
    const shutdown = combined("!serverShutdown", { e: "serverShutdown", E: 1 })
    const frames = [liquidation, shutdown, { result: null, id: 7 }, "no JSON"]
    expect(frames.map((frame) => fallbacks("binance-usdm", frame))).toEqual([0, 0, 0, 0])
  })
})
