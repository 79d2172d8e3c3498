import { describe, expect, it } from "@effect/vitest"
import { type Outcome, session } from "./support/outcomes.ts"
import * as recordings from "./support/recordings.ts"

const brief = (outcome: Outcome): string => {
  if (typeof outcome === "string") return outcome
  if ("event" in outcome) return `${outcome.event.type} ${outcome.event.symbol}`
  if ("unknown" in outcome) return `unknown ${outcome.unknown}`
  if ("acknowledged" in outcome) return `acknowledged ${outcome.acknowledged}`
  return "rejected" in outcome ? `rejected ${outcome.rejected}` : Object.keys(outcome).join()
}

describe("recorded frames", () => {
  it.skipIf(recordings.isMissing(recordings.frames))("decode to what their fields mean, in one session", () => {
    const tell = session("bybit-linear")
    const told = recordings.lines(recordings.frames).map(tell)
    expect(told.map((each) => each.map(brief).join(", "))).toEqual([
      "acknowledged 1",
      "snapshot",
      "delta",
      "trade BTCUSDT",
      "bar BTCUSDT",
      "unknown liquidation.GALAUSDT",
      "unknown kline_lt.5.BTCUSDT",
      "unknown tickers_lt.BTCUSDT",
      "unknown lt.EOS3LUSDT",
      "ignored",
      "snapshot",
      "delta",
      "rejected 1",
      "unknown auth",
      "unknown auth",
      ...["position", "order", "wallet", "greeks", "execution", "order", "wallet"].map((topic) => `unknown ${topic}`),
      // a spot ticker
      "inexact, ticker BTCUSDT",
      // an option's has no price of a day ago
      "mark BTC-28JUN24-60000-P",
      "ticker BTCUSDT, mark BTCUSDT",
      "ticker BTCUSDT, mark BTCUSDT",
      "ticker BTCPERP, mark BTCPERP",
      "ticker BTCPERP",
      "ticker BTCUSD, mark BTCUSD",
      "ticker BTCUSD"
    ])
  })

  it.skipIf(recordings.isMissing(recordings.frames))(
    "a trade, a bar and a ticker's change have the venue's values",
    () => {
      const tell = session("bybit-linear")
      const events = recordings
        .lines(recordings.frames)
        .flatMap(tell)
        .flatMap((each) => (typeof each === "object" && "event" in each ? [each.event] : []))
      const [trade, bar] = events
      expect([trade, bar, events.findLast(({ symbol }) => symbol === "BTCPERP")]).toMatchObject([
        { id: "2200000000067341890", price: 3.6279, size: 1.3637, side: "sell", exchangeTime: 1690720953111 },
        {
          interval: "5m",
          openTime: 1672324800000,
          closeTime: 1672325099999,
          open: 16649.5,
          close: 16677,
          high: 16677,
          low: 16608,
          volume: 2.081,
          quoteVolume: 34666.4005,
          isFinal: false,
          exchangeTime: 1672324988882
        },
        // the change had a bid, the rest is of the whole before it
        { type: "ticker", bid: 61909.5, ask: 61909.6, last: 61945.7, open: 61991.2, volume: 427.375 }
      ])
    }
  )
})
