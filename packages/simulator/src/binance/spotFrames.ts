/**
 * Spot payloads. Source: Binance Spot docs, "WebSocket Streams" (2026-07-21). Neither `bookTicker` nor the partial book
 * says what kind of event it is, and the partial book does not even name its symbol.
 */
import type { At, Frames } from "./frames.ts"
import type { Payload } from "../topics/Frame.ts"
import * as common from "./frames.ts"
import * as written from "../market/written.ts"
import type { Market } from "../market/market.ts"

/** Volume-weighted price of the last five minutes. */
export const avgPrice = (market: Market, at: At): Payload => {
  const minutes = market.bars.series.get("1m")!
  const from = minutes.at(Math.max(0, minutes.length - 5))!.from
  const { quote, volume } = market.tape.totals
  const traded = volume - from.volume
  const ticks = traded > 0 ? Math.round(Number(quote - from.quote) / traded) : minutes.last()!.close
  return {
    e: "avgPrice",
    E: at(market.time),
    s: market.definition.symbol,
    i: "5m",
    w: written.price(market, ticks),
    T: at(market.tape.trades.last()?.time ?? market.time)
  }
}

export const spotFrames: Frames = {
  trade: (market, trade, at) => ({
    e: "trade",
    E: at(market.time),
    s: market.definition.symbol,
    t: trade.id,
    p: written.price(market, trade.price),
    q: written.size(market, trade.size),
    T: at(trade.time),
    m: trade.buyerIsMaker,
    M: true
  }),
  aggTrade: (market, aggregate, at) => ({
    e: "aggTrade",
    E: at(market.time),
    s: market.definition.symbol,
    a: aggregate.id,
    p: written.price(market, aggregate.price),
    q: written.size(market, aggregate.size),
    f: aggregate.first,
    l: aggregate.last,
    T: at(aggregate.time),
    m: aggregate.buyerIsMaker,
    M: true
  }),
  kline: (market, bar, at) => ({
    e: "kline",
    E: at(market.time),
    s: market.definition.symbol,
    k: common.kline(market, bar, at)
  }),
  miniTicker: (market, at) => {
    const day = common.day(market)
    return {
      e: "24hrMiniTicker",
      E: at(market.time),
      s: market.definition.symbol,
      c: day.last,
      o: day.open,
      h: day.high,
      l: day.low,
      v: day.volume,
      q: day.quote
    }
  },
  ticker: (market, at) => {
    const day = common.day(market)
    const [bid = [0, 0], ask = [0, 0]] = market.best()
    return {
      e: "24hrTicker",
      E: at(market.time),
      s: market.definition.symbol,
      p: day.change,
      P: day.percent,
      w: day.average,
      x: day.open,
      c: day.last,
      Q: day.lastSize,
      b: written.price(market, bid[0]),
      B: written.size(market, bid[1]),
      a: written.price(market, ask[0]),
      A: written.size(market, ask[1]),
      o: day.open,
      h: day.high,
      l: day.low,
      v: day.volume,
      q: day.quote,
      O: at(day.stats.openTime),
      C: at(day.stats.closeTime),
      F: day.stats.firstId,
      L: day.stats.lastId,
      n: day.stats.count
    }
  },
  bookTicker: (market) => {
    const [bid = [0, 0], ask = [0, 0]] = market.best()
    return {
      u: market.book.updateId,
      s: market.definition.symbol,
      b: written.price(market, bid[0]),
      B: written.size(market, bid[1]),
      a: written.price(market, ask[0]),
      A: written.size(market, ask[1])
    }
  },
  depth: (market, change, at) => ({
    e: "depthUpdate",
    E: at(market.time),
    s: market.definition.symbol,
    U: change.first,
    u: change.last,
    b: written.levels(market, change.bids),
    a: written.levels(market, change.asks)
  }),
  partialDepth: (market, limit) => ({
    lastUpdateId: market.book.updateId,
    bids: written.top(market, "bid", limit),
    asks: written.top(market, "ask", limit)
  })
}
