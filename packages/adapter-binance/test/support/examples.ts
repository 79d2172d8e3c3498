/**
 * One frame of every kind, with invented numbers.
 */
import type { MarketId } from "./outcomes.ts"

export const spotTrade = {
  e: "trade",
  E: 1790000000123,
  s: "BTCUSDT",
  t: 5550001,
  p: "61250.10000000",
  q: "0.01500000",
  T: 1790000000122,
  m: true,
  M: true
}
export const aggregateTrade = {
  e: "aggTrade",
  E: 1790000000150,
  s: "BTCUSDT",
  a: 2220001,
  p: "61251.0",
  q: "0.045",
  nq: "0.040",
  f: 4440001,
  l: 4440003,
  T: 1790000000101,
  m: false,
  st: 1
}
export const spotQuote = {
  u: 8123456789,
  s: "BTCUSDT",
  b: "61250.10000000",
  B: "1.50000000",
  a: "61250.11000000",
  A: "0.82000000"
}
export const usdmQuote = {
  e: "bookTicker",
  u: 9000000123,
  E: 1790000000151,
  T: 1790000000149,
  s: "BTCUSDT",
  ps: "BTCUSDT",
  b: "61250.9",
  B: "3.210",
  a: "61251.0",
  A: "2.005",
  st: 1
}
export const spotChange = {
  e: "depthUpdate",
  E: 1790000000200,
  s: "BTCUSDT",
  U: 8123456780,
  u: 8123456789,
  b: [["61249.00000000", "0.00000000"]],
  a: [["61250.11000000", "0.82000000"]]
}
export const usdmChange = {
  e: "depthUpdate",
  E: 1790000000152,
  T: 1790000000149,
  s: "BTCUSDT",
  U: 9000000101,
  u: 9000000123,
  pu: 9000000099,
  b: [
    ["61249.0", "0.000"],
    ["61250.9", "3.210"]
  ],
  a: [["61251.0", "2.005"]],
  ps: "BTCUSDT",
  st: 1
}
export const spotWhole = {
  lastUpdateId: 8123456789,
  bids: [
    ["61250.10000000", "1.50000000"],
    ["61250.00000000", "0.50000000"]
  ],
  asks: [["61250.11000000", "0.82000000"]]
}
export const spotBar = {
  e: "kline",
  E: 1790000001999,
  s: "BTCUSDT",
  k: {
    t: 1789999980000,
    T: 1790000039999,
    s: "BTCUSDT",
    i: "1m",
    f: 5550000,
    L: 5550090,
    o: "61240.00000000",
    c: "61250.10000000",
    h: "61260.00000000",
    l: "61239.90000000",
    v: "12.50000000",
    n: 91,
    x: false,
    q: "765501.00000000",
    V: "6.10000000",
    Q: "373600.00000000",
    B: "0"
  }
}
export const spotTicker = {
  e: "24hrTicker",
  E: 1790000000200,
  s: "BTCUSDT",
  p: "450.10000000",
  P: "0.740",
  w: "61080.50000000",
  x: "60799.90000000",
  c: "61250.10000000",
  Q: "0.01500000",
  b: "61250.10000000",
  B: "1.50000000",
  a: "61250.11000000",
  A: "0.82000000",
  o: "60800.00000000",
  h: "61900.00000000",
  l: "60500.00000000",
  v: "18234.10000000",
  q: "1114000000.00000000",
  O: 1789913600200,
  C: 1790000000200,
  F: 5000000,
  L: 5550090,
  n: 550091
}
export const usdmTicker = {
  e: "24hrTicker",
  E: 1790000000200,
  s: "BTCUSDT",
  p: "450.10",
  c: "61250.10",
  Q: "0.015",
  o: "60800.00",
  h: "61900.00",
  l: "60500.00",
  v: "18234.100",
  q: "1114000000.00",
  st: 1
}
export const mark = {
  e: "markPriceUpdate",
  E: 1790000001000,
  s: "BTCUSDT",
  p: "61250.55000000",
  ap: "61249.80000000",
  i: "61251.10000000",
  P: "61248.20000000",
  r: "-0.00010000",
  T: 1790006400000,
  st: 1
}
export const deliveryMark = { ...mark, s: "BTCUSDT_261225", r: "", T: 0 }
export const liquidation = {
  e: "forceOrder",
  E: 1790000000400,
  o: {
    s: "BTCUSDT",
    S: "SELL",
    o: "LIMIT",
    f: "IOC",
    q: "0.120",
    p: "60990.0",
    ap: "61010.2",
    X: "FILLED",
    l: "0.020",
    z: "0.100",
    T: 1790000000390
  },
  ps: "BTCUSDT",
  st: 1
}

/** The streams they come on. */
export const streams: ReadonlyArray<readonly [MarketId, string, object]> = [
  ["binance", "btcusdt@trade", spotTrade],
  ["binance", "btcusdt@bookTicker", spotQuote],
  ["binance", "btcusdt@depth@100ms", spotChange],
  ["binance", "btcusdt@depth20@100ms", spotWhole],
  ["binance", "btcusdt@kline_1m", spotBar],
  ["binance", "btcusdt@ticker", spotTicker],
  ["binance-usdm", "btcusdt@aggTrade", aggregateTrade],
  ["binance-usdm", "btcusdt@bookTicker", usdmQuote],
  ["binance-usdm", "btcusdt@depth@100ms", usdmChange],
  ["binance-usdm", "btcusdt@depth20@100ms", usdmChange],
  ["binance-usdm", "btcusdt@kline_1m", spotBar],
  ["binance-usdm", "btcusdt@ticker", usdmTicker],
  ["binance-usdm", "btcusdt@markPrice@1s", mark],
  ["binance-usdm", "btcusdt_261225@markPrice@1s", deliveryMark],
  ["binance-usdm", "btcusdt@forceOrder", liquidation]
]
