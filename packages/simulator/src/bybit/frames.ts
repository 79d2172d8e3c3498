/**
 * Whole messages of Bybit's public topics, as plain objects. Fields are the venue's, no more and no less, and so is the
 * order of keys, which differs: `ts` stands before `type` on spot and on one level of depth.
 * Source: Bybit v5 docs, "WebSocket Stream, Public".
 */
import type { Bar } from "../market/bars.ts"
import type { LevelSize } from "../market/book.ts"
import type { DepthMessage } from "../market/DepthChain.ts"
import type { Liquidation, Market } from "../market/market.ts"
import type { Trade } from "../market/tape.ts"
import * as written from "../market/written.ts"
import type { Payload } from "../topics/Frame.ts"
import * as tradeRow from "./tradeRow.ts"

export interface Body {
  readonly topic: string
  readonly type: "snapshot" | "delta"
  /** When it was made, epoch milliseconds. */
  readonly ts: number
  readonly data: unknown
  /** Of the matching engine. */
  readonly cts?: number
  /** The cross-topic clock. */
  readonly cs?: number
}

const spotOrder = ["topic", "ts", "type", "data", "cts"] as const
const usualOrder = ["topic", "type", "cs", "ts", "data", "cts"] as const

export const envelope = (body: Body, order: ReadonlyArray<keyof Body>): Payload =>
  Object.fromEntries(order.flatMap((key) => (body[key] === undefined ? [] : [[key, body[key]]])))

const orderOf = (market: Market): ReadonlyArray<keyof Body> =>
  market.definition.market === "bybit-spot" ? spotOrder : usualOrder

export const message = (market: Market, body: Omit<Body, "ts">): Payload =>
  envelope({ ...body, ts: market.time }, orderOf(market))

/** A level that is gone has the size "0", whatever digits sizes have. */
const rows = (market: Market, levels: ReadonlyArray<LevelSize>): Array<[string, string]> =>
  levels.map(([ticks, steps]) => [written.price(market, ticks), steps === 0 ? "0" : written.size(market, steps)])

export const depth = (market: Market, topic: string, told: DepthMessage, isTop: boolean): Payload => {
  const data = {
    s: market.definition.symbol,
    b: rows(market, told.bids),
    a: rows(market, told.asks),
    u: told.number,
    seq: told.sequence
  }
  const body = { topic, type: told.kind, ts: market.time, data, cts: told.time }
  return envelope(body, isTop ? spotOrder : orderOf(market))
}

export const trades = (market: Market, topic: string, rows: ReadonlyArray<Trade>): Payload =>
  message(market, { topic, type: "snapshot", data: rows.map((trade) => tradeRow.streamed(market, trade)) })

export const kline = (market: Market, topic: string, name: string, bar: Bar): Payload => {
  const { close, high, low, open, turnover, volume } = written.bar(market, bar)
  const last = market.tape.trades.last()?.time ?? bar.openTime
  return message(market, {
    topic,
    type: "snapshot",
    data: [
      {
        start: bar.openTime,
        end: bar.closeTime,
        interval: name,
        open,
        close,
        high,
        low,
        volume,
        turnover,
        confirm: bar.final,
        timestamp: Math.min(Math.max(last, bar.openTime), bar.closeTime)
      }
    ]
  })
}

/** `S` is the side of the position: a long that is liquidated is sold, and told as "Buy". */
export const liquidations = (market: Market, topic: string, rows: ReadonlyArray<Liquidation>): Payload =>
  message(market, {
    topic,
    type: "snapshot",
    data: rows.map(({ price, side, size, time }) => ({
      T: time,
      s: market.definition.symbol,
      S: side === "SELL" ? "Buy" : "Sell",
      v: written.size(market, size),
      p: written.price(market, price)
    }))
  })

/** Prices beyond which no order is taken. */
export const priceLimit = (market: Market, topic: string): Payload => {
  const { fair } = market.participants
  const at = (share: number) => written.price(market, Math.round(fair * share))
  const data = { symbol: market.definition.symbol, buyLmt: at(1.05), sellLmt: at(0.95) }
  return { topic, ts: market.time, data }
}
