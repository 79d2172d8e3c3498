/**
 * One frame of every kind, with invented numbers.
 */
export const orderbook = (depth: number, type: string, change: object = {}) => ({
  topic: `orderbook.${depth}.BTCUSDT`,
  type,
  ts: 1790000000200,
  data: { s: "BTCUSDT", b: [["61250.90", "3.21"]], a: [["61251.00", "2.005"]], u: 700100, seq: 88000100, ...change },
  cts: 1790000000196
})

export const snapshot = orderbook(50, "snapshot")
export const delta = orderbook(50, "delta", { b: [["61249.00", "0"]], a: [], u: 700101 })
export const best = orderbook(1, "snapshot")

export const tradeRow = {
  T: 1790000000228,
  s: "BTCUSDT",
  S: "Sell",
  v: "0.015",
  p: "61250.90",
  L: "MinusTick",
  i: "6f0a1c9e-0000-5000-8000-0000000000aa",
  BT: false,
  RPI: false,
  seq: 88000140
}

export const trades = (...rows: ReadonlyArray<object>) => ({
  topic: "publicTrade.BTCUSDT",
  type: "snapshot",
  ts: 1790000000230,
  data: rows
})

export const barRow = {
  start: 1789999980000,
  end: 1790000039999,
  interval: "1",
  open: "61240.0",
  close: "61250.9",
  high: "61260.0",
  low: "61239.9",
  volume: "12.5",
  turnover: "765501.2",
  confirm: false,
  timestamp: 1790000000998
}

export const bars = (...rows: ReadonlyArray<object>) => ({
  topic: "kline.1.BTCUSDT",
  type: "snapshot",
  ts: 1790000001000,
  data: rows
})

export const liquidationRow = { T: 1790000000390, s: "BTCUSDT", S: "Buy", v: "0.120", p: "60990.00" }

export const liquidations = (...rows: ReadonlyArray<object>) => ({
  topic: "allLiquidation.BTCUSDT",
  type: "snapshot",
  ts: 1790000000500,
  data: rows
})

const statistics = {
  symbol: "BTCUSDT",
  lastPrice: "61250.90",
  highPrice24h: "61900.00",
  lowPrice24h: "60500.00",
  prevPrice24h: "60800.00",
  volume24h: "18234.1",
  turnover24h: "1114000000.25",
  price24hPcnt: "0.0074"
}

export const ticker = <A extends object>(type: string, data: A, ts = 1790000000300) => ({
  topic: "tickers.BTCUSDT",
  type,
  cs: 88000141,
  ts,
  data: { symbol: "BTCUSDT", ...data }
})

export const spotTicker = ticker("snapshot", { ...statistics, usdIndexPrice: "61251.2" })

export const contractTicker = ticker("snapshot", {
  ...statistics,
  tickDirection: "ZeroPlusTick",
  markPrice: "61250.55",
  indexPrice: "61251.10",
  fundingRate: "-0.0001",
  nextFundingTime: "1790006400000",
  openInterest: "58117.022",
  bid1Price: "61250.90",
  bid1Size: "3.195",
  ask1Price: "61251.00",
  ask1Size: "2.005"
})

/** One of every kind, as linear sends it. */
export const frames: ReadonlyArray<object> = [
  snapshot,
  delta,
  orderbook(200, "delta", { u: 1 }),
  orderbook(1000, "delta"),
  best,
  trades(tradeRow, { ...tradeRow, S: "Buy", i: "6f0a1c9e-0000-5000-8000-0000000000ab" }),
  bars(barRow),
  liquidations(liquidationRow, { ...liquidationRow, S: "Sell" }),
  spotTicker,
  contractTicker,
  ticker("delta", { bid1Price: "61250.80", bid1Size: "1" })
]
