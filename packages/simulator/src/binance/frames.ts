/**
 * The payload of each stream as plain objects, one set of functions a market. Fields and their order are the venue's,
 * no more and no less. Times go through `at`, which is milliseconds or microseconds.
 */
import type { Bar } from "../market/bars.ts"
import type { LevelSize } from "../market/book.ts"
import type { Liquidation, Market } from "../market/market.ts"
import type { Aggregate, Trade } from "../market/tape.ts"
import * as written from "../market/written.ts"
import type { Payload } from "../topics/Frame.ts"

const { price, size, worth } = written

export type At = (ms: number) => number

export interface DepthChange {
  readonly first: number
  readonly last: number
  /** The last update id of the frame before. */
  readonly previous: number
  readonly bids: ReadonlyArray<LevelSize>
  readonly asks: ReadonlyArray<LevelSize>
}

export interface Frames {
  readonly trade: (market: Market, trade: Trade, at: At) => Payload
  readonly aggTrade: (market: Market, aggregate: Aggregate, at: At) => Payload
  readonly kline: (market: Market, bar: Bar, at: At) => Payload
  readonly miniTicker: (market: Market, at: At) => Payload
  readonly ticker: (market: Market, at: At) => Payload
  readonly bookTicker: (market: Market, at: At) => Payload
  readonly depth: (market: Market, change: DepthChange, at: At) => Payload
  readonly partialDepth: (market: Market, levels: number, previous: number, at: At) => Payload
}

/** Frames that USDⓈ-M alone has. */
export interface FuturesFrames extends Frames {
  readonly markPrice: (market: Market, at: At) => Payload
  readonly forceOrder: (market: Market, liquidation: Liquidation, at: At) => Payload
  readonly continuousKline: (market: Market, bar: Bar, at: At) => Payload
  /** The COIN-M rows that all-market streams carry too. */
  readonly coinMargined: (row: Payload) => Payload
}

/** The object `k` of a bar's frame. */
export const kline = (market: Market, bar: Bar, at: At): Record<string, unknown> => {
  const { close, high, low, open, trades, turnover, volume } = written.bar(market, bar)
  return {
    t: at(bar.openTime),
    T: at(bar.closeTime),
    s: market.definition.symbol,
    i: bar.interval,
    f: bar.firstId,
    L: bar.lastId,
    o: open,
    c: close,
    h: high,
    l: low,
    v: volume,
    n: trades,
    x: bar.final,
    q: turnover,
    V: size(market, bar.to.takerBuyVolume - bar.from.takerBuyVolume),
    Q: worth(market, bar.to.takerBuyQuote - bar.from.takerBuyQuote),
    B: "0"
  }
}

/** The fields that a day's ticker has on both markets. */
export const day = (market: Market) => {
  const stats = market.day()
  const average = stats.volume > 0 ? Number(stats.quote) / stats.volume : stats.last
  return {
    stats,
    change: price(market, stats.last - stats.open),
    percent: (((stats.last - stats.open) / stats.open) * 100).toFixed(3),
    average: price(market, Math.round(average)),
    last: price(market, stats.last),
    lastSize: size(market, market.tape.trades.last()?.size ?? 0),
    open: price(market, stats.open),
    high: price(market, stats.high),
    low: price(market, stats.low),
    volume: size(market, stats.volume),
    quote: worth(market, stats.quote)
  }
}
