import { describe, expect, it } from "@effect/vitest"
import * as examples from "./support/examples.ts"
import { type Outcome, session } from "./support/outcomes.ts"

const types = (told: ReadonlyArray<Outcome>) =>
  told.map((each) => (typeof each === "object" && "event" in each ? each.event.type : each))

describe("tickers that come in parts", () => {
  it("what is absent is unchanged, what is there is new", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    const change = examples.ticker("delta", { bid1Price: "61249.00", markPrice: "61250.60" }, 1790000000400)
    expect(tell(change)).toMatchObject([
      { event: { type: "ticker", exchangeTime: 1790000000400, last: 61250.9, bid: 61249, ask: 61251 } },
      { event: { type: "mark", exchangeTime: 1790000000400, mark: 61250.6, index: 61251.1, fundingRate: -0.0001 } }
    ])
  })

  it("an event is told only when a field of it was in the frame", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    expect([
      types(tell(examples.ticker("delta", { lastPrice: "61250.80" }))),
      types(tell(examples.ticker("delta", { fundingRate: "0.0002" }))),
      types(tell(examples.ticker("delta", { openInterest: "58117.023", bid1Size: "4" })))
    ]).toEqual([["ticker"], ["mark"], ["ignored"]])
  })

  it("what is there and empty has no value now", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    const [ticker, mark] = tell(examples.ticker("delta", { bid1Price: "", fundingRate: "" })) as ReadonlyArray<{
      event: object
    }>
    expect([Object.keys(ticker!.event), Object.keys(mark!.event)]).toEqual([
      expect.not.arrayContaining(["bid"]),
      expect.not.arrayContaining(["fundingRate"])
    ])
    expect([ticker, mark]).toMatchObject([{ event: { ask: 61251 } }, { event: { mark: 61250.55 } }])
  })

  it("an empty side and a funding time of 0 are absent", () => {
    const tell = session("bybit-linear")
    const { data } = examples.contractTicker
    const told = tell(examples.ticker("snapshot", { ...data, bid1Price: "0", nextFundingTime: "0" }))
    expect(told.map((each) => "event" in (each as object) && Object.keys((each as { event: object }).event))).toEqual([
      expect.not.arrayContaining(["bid"]),
      expect.not.arrayContaining(["nextFundingTime"])
    ])
  })

  it("a change says nothing before the whole has come in the same session", () => {
    const change = examples.ticker("delta", { lastPrice: "61250.80" })
    const first = session("bybit-linear")
    const before = first(change)
    first(examples.contractTicker)
    expect([before, types(first(change)), session("bybit-linear")(change)]).toEqual([
      ["ignored"],
      ["ticker"],
      ["ignored"]
    ])
  })

  it("a new whole forgets what was known", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    const told = tell(examples.spotTicker)
    expect([types(told), (told[0] as { event: object }).event]).toEqual([
      ["ticker"],
      expect.not.objectContaining({ bid: 61250.9 })
    ])
  })

  it("a ticker waits for everything that it must have, a mark for anything", () => {
    const tell = session("bybit-linear")
    const { data } = examples.contractTicker
    expect([
      types(tell(examples.ticker("snapshot", { ...data, prevPrice24h: "" }))),
      types(tell(examples.ticker("delta", { lastPrice: "61250.80" }))),
      types(tell(examples.ticker("delta", { prevPrice24h: "60801" })))
    ]).toEqual([["mark"], ["ignored"], ["ticker"]])
  })

  it("a value that cannot be is told, and has none until it comes again", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    expect([
      tell(examples.ticker("delta", { lastPrice: "-1", ask1Price: "61252" })),
      tell(examples.ticker("delta", { bid1Price: "61249" })),
      tell(examples.ticker("delta", { lastPrice: "61250" })),
      tell(examples.ticker("delta", { nextFundingTime: 1790006400000 })),
      tell(examples.ticker("delta", { fundingRate: "0.0003" }))
    ]).toMatchObject([
      [{ malformed: 'lastPrice: expected a price, got "-1"' }],
      ["ignored"],
      [{ event: { last: 61250, bid: 61249, ask: 61252 } }],
      [{ malformed: "nextFundingTime: expected a time, got 1790006400000" }],
      [{ event: { type: "mark", fundingRate: 0.0003 } }]
    ])
  })

  it("the text of an inexact value is counted when it comes, and stays beside it until another comes", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    const exact = (told: ReadonlyArray<Outcome>) =>
      told.map((each) => (typeof each === "object" && "event" in each ? each.event.exact : each))
    const text = { quoteVolume: "1114000000.123456789" }
    expect([
      exact(tell(examples.ticker("delta", { turnover24h: text.quoteVolume }))),
      exact(tell(examples.ticker("delta", { lastPrice: "61250" }))),
      exact(tell(examples.ticker("delta", { markPrice: "61250.6" }))),
      exact(tell(examples.ticker("delta", { turnover24h: "1114000001" })))
    ]).toEqual([["inexact", text], [text], [undefined], [undefined]])
  })

  it("symbols do not mix, and what names none is malformed", () => {
    const tell = session("bybit-linear")
    tell(examples.contractTicker)
    expect([
      tell(examples.ticker("delta", { symbol: "ETHUSDT", lastPrice: "1" })),
      tell(examples.ticker("delta", { symbol: "" })),
      tell({ ...examples.contractTicker, type: "whole" }),
      tell({ ...examples.contractTicker, data: null }),
      tell({ ...examples.contractTicker, ts: "x" })
    ]).toEqual([
      ["ignored"],
      [{ malformed: 'symbol: expected a symbol, got ""' }],
      [{ malformed: 'type: expected snapshot or delta, got "whole"' }],
      [{ malformed: "data: expected an object, got null" }],
      [{ malformed: 'ts: expected a time, got "x"' }]
    ])
  })

  it("at most 2000 are kept: the one that began first gives way", () => {
    const tell = session("bybit-linear")
    const symbols = Array.from({ length: 2001 }, (_, index) => `S${index}`)
    for (const symbol of symbols) tell(examples.ticker("snapshot", { ...examples.contractTicker.data, symbol }))
    const after = (symbol: string) => types(tell(examples.ticker("delta", { symbol, lastPrice: "2" })))
    expect([after("S0"), after("S1"), after("S2000")]).toEqual([["ignored"], ["ticker"], ["ticker"]])
  })
})
