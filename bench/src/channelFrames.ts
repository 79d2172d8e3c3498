/**
 * Frames of every channel that comes often, as the venues write them, with made numbers that change from frame to frame.
 * Source: docs/venues/binance.md and docs/venues/bybit.md.
 */
export interface ChannelFrames {
  readonly venue: "binance" | "binance-usdm" | "bybit" | "bybit-linear" | "bybit-inverse"
  readonly channel: string
  readonly frames: ReadonlyArray<string>
}

/** Different frames of a channel. */
const FRAMES = 64

const TIME = 1_790_000_000_000

const price = (index: number, digits: number): string => (61_250 + ((index * 37) % 1000) / 100).toFixed(digits)
const size = (index: number, digits: number): string => (0.001 + ((index * 7919) % 100_000) / 10_000).toFixed(digits)

const levels = (index: number, count: number, step: 1 | -1, priceDigits: number, sizeDigits: number) =>
  Array.from({ length: count }, (_, level) => [
    (61_250 + step * (level + 1 + (index % 7) / 10)).toFixed(priceDigits),
    level % 5 === 4 ? (0).toFixed(sizeDigits) : size(index + level, sizeDigits)
  ])

const of = (
  venue: ChannelFrames["venue"],
  channel: string,
  make: (index: number) => object,
  count = FRAMES
): ChannelFrames => ({
  venue,
  channel,
  frames: Array.from({ length: count }, (_, index) => JSON.stringify(make(index)))
})

/** A frame of Binance on its combined stream. */
const binance = (venue: ChannelFrames["venue"], stream: string, make: (index: number) => object): ChannelFrames =>
  of(venue, stream, (index) => ({ stream: `btcusdt@${stream}`, data: make(index) }))

const kline = (index: number, digits: number) => ({
  e: "kline",
  E: TIME + index,
  s: "BTCUSDT",
  k: {
    t: TIME,
    T: TIME + 59_999,
    s: "BTCUSDT",
    i: "1m",
    f: 5_550_000,
    L: 5_550_090 + index,
    o: price(1, digits),
    c: price(index, digits),
    h: price(99, digits),
    l: price(0, digits),
    v: size(index, digits),
    n: 91 + index,
    x: index % 60 === 59,
    q: "765501.00",
    V: size(index, digits),
    Q: "373600.00",
    B: "0"
  }
})

const statistics = (index: number, digits: number) => ({
  e: "24hrTicker",
  E: TIME + index,
  s: "BTCUSDT",
  p: "450.10",
  P: "0.740",
  w: "61080.50",
  c: price(index, digits),
  Q: size(index, digits),
  o: price(1, digits),
  h: price(99, digits),
  l: price(0, digits),
  v: "18234.10",
  q: "1394861384.71527860",
  O: TIME - 86_400_000,
  C: TIME,
  F: 5_000_000,
  L: 5_550_090,
  n: 550_091
})

const spot: ReadonlyArray<ChannelFrames> = [
  binance("binance", "trade", (index) => ({
    e: "trade",
    E: TIME + index,
    s: "BTCUSDT",
    t: 3_743_550_001 + index,
    p: price(index, 8),
    q: size(index, 8),
    T: TIME + index,
    m: index % 2 === 0,
    M: true
  })),
  binance("binance", "bookTicker", (index) => ({
    u: 50_123_456_789 + index,
    s: "BTCUSDT",
    b: price(index, 8),
    B: size(index, 8),
    a: price(index + 1, 8),
    A: size(index + 1, 8)
  })),
  binance("binance", "depth@100ms", (index) => ({
    e: "depthUpdate",
    E: TIME + index,
    s: "BTCUSDT",
    U: 50_123_456_780 + 10 * index,
    u: 50_123_456_789 + 10 * index,
    b: levels(index, 20, -1, 8, 8),
    a: levels(index, 20, 1, 8, 8)
  })),
  binance("binance", "depth20@100ms", (index) => ({
    lastUpdateId: 50_123_456_789 + index,
    bids: levels(index, 20, -1, 8, 8),
    asks: levels(index, 20, 1, 8, 8)
  })),
  binance("binance", "kline_1m", (index) => kline(index, 8)),
  binance("binance", "ticker", (index) => ({
    ...statistics(index, 8),
    x: price(3, 8),
    b: price(index, 8),
    B: size(index, 8),
    a: price(index + 1, 8),
    A: size(index, 8)
  }))
]

const usdm: ReadonlyArray<ChannelFrames> = [
  binance("binance-usdm", "aggTrade", (index) => ({
    e: "aggTrade",
    E: TIME + index,
    s: "BTCUSDT",
    a: 2_222_220_001 + index,
    p: price(index, 1),
    q: size(index, 3),
    nq: size(index, 3),
    f: 4_440_001,
    l: 4_440_003,
    T: TIME + index,
    m: index % 2 === 0,
    st: 1
  })),
  binance("binance-usdm", "bookTicker", (index) => ({
    e: "bookTicker",
    u: 9_000_000_123 + index,
    E: TIME + index,
    T: TIME + index,
    s: "BTCUSDT",
    ps: "BTCUSDT",
    b: price(index, 1),
    B: size(index, 3),
    a: price(index + 9, 1),
    A: size(index + 1, 3),
    st: 1
  })),
  ...["depth@100ms", "depth20@100ms"].map((stream) =>
    binance("binance-usdm", stream, (index) => ({
      e: "depthUpdate",
      E: TIME + index,
      T: TIME + index,
      s: "BTCUSDT",
      U: 9_000_000_101 + 100 * index,
      u: 9_000_000_123 + 100 * index,
      pu: 9_000_000_099 + 100 * index,
      b: levels(index, 20, -1, 1, 3),
      a: levels(index, 20, 1, 1, 3),
      ps: "BTCUSDT",
      st: 1
    }))
  ),
  binance("binance-usdm", "kline_1m", (index) => kline(index, 2)),
  binance("binance-usdm", "ticker", (index) => ({ ...statistics(index, 2), ps: "BTCUSDT", st: 1 })),
  binance("binance-usdm", "markPrice@1s", (index) => ({
    e: "markPriceUpdate",
    E: TIME + index,
    s: "BTCUSDT",
    p: price(index, 8),
    ap: price(index, 8),
    i: price(index + 1, 8),
    P: price(index, 8),
    r: "0.00010000",
    T: TIME + 6_400_000,
    st: 1
  }))
]

const trades = (index: number, count: number) => ({
  topic: "publicTrade.BTCUSDT",
  type: "snapshot",
  ts: TIME + index,
  data: Array.from({ length: count }, (_, row) => ({
    T: TIME + index,
    s: "BTCUSDT",
    S: row % 3 === 0 ? "Sell" : "Buy",
    v: size(index + row, 3),
    p: price(index + row, 2),
    L: "MinusTick",
    i: `6f0a1c9e-0000-5000-8000-${String(1_000_000 * index + row).padStart(12, "0")}`,
    BT: false,
    RPI: false,
    seq: 88_000_140 + row
  }))
})

const book = (index: number, depth: number, type: string, count: number) => ({
  topic: `orderbook.${depth}.BTCUSDT`,
  type,
  ts: TIME + index,
  data: {
    s: "BTCUSDT",
    b: levels(index, count, -1, 2, 3),
    a: levels(index, count, 1, 2, 3),
    u: 700_100 + index,
    seq: 88_000_100 + index
  },
  cts: TIME + index
})

const tickerOf = (index: number, type: string, data: object) => ({
  topic: "tickers.BTCUSDT",
  type,
  data: { symbol: "BTCUSDT", ...data },
  cs: 88_000_141 + index,
  ts: TIME + index
})

const contractTicker = (index: number) => ({
  tickDirection: "ZeroPlusTick",
  price24hPcnt: "0.0074",
  lastPrice: price(index, 2),
  prevPrice24h: "60800.00",
  highPrice24h: "61900.00",
  lowPrice24h: "60500.00",
  prevPrice1h: "61200.00",
  markPrice: price(index + 1, 2),
  indexPrice: price(index + 2, 2),
  openInterest: "58117.022",
  openInterestValue: "3559000000.12",
  turnover24h: "141946527.22907118",
  volume24h: "18234.100",
  nextFundingTime: "1790006400000",
  fundingRate: "0.0001",
  bid1Price: price(index, 2),
  bid1Size: size(index, 3),
  ask1Price: price(index + 5, 2),
  ask1Size: size(index, 3)
})

const linear: ReadonlyArray<ChannelFrames> = [
  of("bybit-linear", "publicTrade, 1", (index) => trades(index, 1)),
  of("bybit-linear", "publicTrade, 10", (index) => trades(index, 10)),
  of("bybit-linear", "publicTrade, 1024", (index) => trades(index, 1024), 4),
  of("bybit-linear", "orderbook.1", (index) => book(index, 1, "snapshot", 1)),
  of("bybit-linear", "orderbook.50 delta", (index) => book(index, 50, "delta", 8)),
  of("bybit-linear", "orderbook.50 snapshot", (index) => book(index, 50, "snapshot", 50)),
  of("bybit-linear", "tickers snapshot", (index) => tickerOf(index, "snapshot", contractTicker(index))),
  of("bybit-linear", "tickers delta", (index) =>
    index === 0
      ? tickerOf(index, "snapshot", contractTicker(index))
      : tickerOf(index, "delta", {
          markPrice: price(index, 2),
          indexPrice: price(index, 2),
          bid1Price: price(index, 2),
          bid1Size: size(index, 3),
          ask1Price: price(index + 5, 2),
          ask1Size: size(index, 3)
        })
  ),
  of("bybit-linear", "kline.1", (index) => ({
    topic: "kline.1.BTCUSDT",
    data: [
      {
        start: TIME,
        end: TIME + 59_999,
        interval: "1",
        open: price(1, 2),
        close: price(index, 2),
        high: price(99, 2),
        low: price(0, 2),
        volume: size(index, 3),
        turnover: "765501.2",
        confirm: index % 60 === 59,
        timestamp: TIME + index
      }
    ],
    ts: TIME + index,
    type: "snapshot"
  }))
]

/** As Binance and Bybit write them, one entry a channel. */
export const all: ReadonlyArray<ChannelFrames> = [...spot, ...usdm, ...linear]
