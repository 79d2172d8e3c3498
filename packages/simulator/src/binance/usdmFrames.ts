/**
 * USDⓈ-M payloads, in the shapes since the merge of USDⓈ-M and COIN-M on 2026-06-30 (`st`, `ps`, `nq`).
 * Source: Binance derivatives docs, "USDⓈ-M Futures, WebSocket Market Streams". `kline` has no `st`; `ticker` has no
 * best bid and ask; numbers are not padded to eight digits.
 */
import { mark as markOf } from "../market/mark.ts"
import type { Market } from "../market/market.ts"
import type { Aggregate } from "../market/tape.ts"
import type { FuturesFrames } from "./frames.ts"
import * as common from "./frames.ts"
import * as written from "../market/written.ts"

const pairOf = (market: Market): string => market.definition.base + market.definition.quote

/** Size without orders of the retail price improvement programme: one aggregate in sixteen has some. */
const plainSize = (aggregate: Aggregate): number =>
  aggregate.id % 16 === 0 ? Math.floor(aggregate.size * 0.8) : aggregate.size

const eight = (market: Market, ticks: number): string =>
  ((ticks * market.priceGrid.unit) / 10 ** market.priceGrid.decimals).toFixed(8)

/** What is told of a mark. */
export const mark = (market: Market) => {
  const { average, index, mark: price, nextFunding = 0, rate, settle } = markOf(market)
  return {
    mark: eight(market, price),
    average: eight(market, average),
    index: eight(market, index),
    settle: eight(market, settle),
    rate: rate === undefined ? "" : rate.toFixed(8),
    nextFunding
  }
}

export const usdmFrames: FuturesFrames = {
  trade: (market, trade, at) => ({
    e: "trade",
    E: at(market.time),
    T: at(trade.time),
    s: market.definition.symbol,
    t: trade.id,
    p: written.price(market, trade.price),
    q: written.size(market, trade.size),
    X: "MARKET",
    m: trade.buyerIsMaker
  }),
  aggTrade: (market, aggregate, at) => ({
    e: "aggTrade",
    E: at(market.time),
    s: market.definition.symbol,
    a: aggregate.id,
    p: written.price(market, aggregate.price),
    q: written.size(market, aggregate.size),
    nq: written.size(market, plainSize(aggregate)),
    f: aggregate.first,
    l: aggregate.last,
    T: at(aggregate.time),
    m: aggregate.buyerIsMaker,
    st: 1
  }),
  kline: (market, bar, at) => ({
    e: "kline",
    E: at(market.time),
    s: market.definition.symbol,
    k: common.kline(market, bar, at)
  }),
  continuousKline: (market, bar, at) => {
    const { s: _symbol, ...k } = common.kline(market, bar, at)
    return { e: "continuous_kline", E: at(market.time), ps: pairOf(market), ct: "PERPETUAL", k }
  },
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
      q: day.quote,
      ps: pairOf(market),
      st: 1
    }
  },
  ticker: (market, at) => {
    const day = common.day(market)
    return {
      e: "24hrTicker",
      E: at(market.time),
      s: market.definition.symbol,
      p: day.change,
      P: day.percent,
      w: day.average,
      c: day.last,
      Q: day.lastSize,
      o: day.open,
      h: day.high,
      l: day.low,
      v: day.volume,
      q: day.quote,
      O: at(day.stats.openTime),
      C: at(day.stats.closeTime),
      F: day.stats.firstId,
      L: day.stats.lastId,
      n: day.stats.count,
      ps: pairOf(market),
      st: 1
    }
  },
  bookTicker: (market, at) => {
    const [bid = [0, 0], ask = [0, 0]] = market.best()
    return {
      e: "bookTicker",
      u: market.book.updateId,
      E: at(market.time),
      T: at(market.bookTime),
      s: market.definition.symbol,
      ps: pairOf(market),
      b: written.price(market, bid[0]),
      B: written.size(market, bid[1]),
      a: written.price(market, ask[0]),
      A: written.size(market, ask[1]),
      st: 1
    }
  },
  depth: (market, change, at) => ({
    e: "depthUpdate",
    E: at(market.time),
    T: at(market.bookTime),
    s: market.definition.symbol,
    U: change.first,
    u: change.last,
    pu: change.previous,
    b: written.levels(market, change.bids),
    a: written.levels(market, change.asks),
    ps: pairOf(market),
    st: 1
  }),
  partialDepth: (market, limit, previous, at) => ({
    e: "depthUpdate",
    E: at(market.time),
    T: at(market.bookTime),
    s: market.definition.symbol,
    U: previous + 1,
    u: market.book.updateId,
    pu: previous,
    b: written.top(market, "bid", limit),
    a: written.top(market, "ask", limit),
    ps: pairOf(market),
    st: 1
  }),
  markPrice: (market, at) => {
    const values = mark(market)
    return {
      e: "markPriceUpdate",
      E: at(market.time),
      s: market.definition.symbol,
      p: values.mark,
      ap: values.average,
      i: values.index,
      P: values.settle,
      r: values.rate,
      T: at(values.nextFunding),
      st: 1
    }
  },
  forceOrder: (market, liquidation, at) => ({
    e: "forceOrder",
    E: at(market.time),
    o: {
      s: market.definition.symbol,
      S: liquidation.side,
      o: "LIMIT",
      f: "IOC",
      q: written.size(market, liquidation.size),
      p: written.price(market, liquidation.price),
      ap: written.price(market, liquidation.averagePrice),
      X: "FILLED",
      l: written.size(market, liquidation.lastSize),
      z: written.size(market, liquidation.size),
      T: at(liquidation.time)
    },
    ps: pairOf(market),
    st: 1
  }),
  coinMargined: (row) => ({ ...row, s: "BTCUSD_PERP", ...(row["ps"] === undefined ? {} : { ps: "BTCUSD" }), st: 2 })
}
