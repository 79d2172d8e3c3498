/**
 * Public market data over REST, answered from what the market keeps. Guarantees that lists are newest first, that the
 * first bar is the open one when it is in range, and that the book is that of the 1000-level topic at its `u`.
 * Source: Bybit v5 docs, "Market".
 */
import type { Market } from "../market/market.ts"
import * as written from "../market/written.ts"
import type { RestContext } from "../rest/Endpoint.ts"
import { categoryOf } from "./category.ts"
import { invalidPeriod } from "./failure.ts"
import { intervalOf } from "./interval.ts"
import * as query from "./query.ts"
import * as ticker from "./ticker.ts"
import * as tradeRow from "./tradeRow.ts"

export const time = ({ now }: RestContext): unknown => {
  const ms = Math.floor(now())
  return { timeSecond: String(Math.floor(ms / 1000)), timeNano: `${ms}000000` }
}

/** With an end, or without bounds, the newest up to it; with a start alone, the first ones from it on. */
export const kline = ({ venue }: RestContext, params: URLSearchParams): unknown => {
  const market = query.market(venue, params)
  const interval = intervalOf(params.get("interval") ?? "")
  const series = interval === undefined ? undefined : market.bars.series.get(interval)
  if (series === undefined) throw invalidPeriod()
  const start = query.integer(params, "start")
  const end = query.integer(params, "end")
  const limit = query.limit(params, 200, 1000)
  const from = start === undefined ? 0 : series.search(start, (bar) => bar.openTime)
  const to = end === undefined ? series.length : series.search(end + 1, (bar) => bar.openTime)
  const isForward = start !== undefined && end === undefined
  const rows = isForward
    ? series.slice(from, limit)
    : series.slice(Math.max(from, to - limit), to - Math.max(from, to - limit))
  const list = rows.toReversed().map((bar) => {
    const { close, high, low, open, turnover, volume } = written.bar(market, bar)
    return [String(bar.openTime), open, high, low, close, volume, turnover]
  })
  return { category: categoryOf(venue.kind), symbol: market.definition.symbol, list }
}

/** There is no way into the past but the newest. */
export const recentTrades = ({ venue }: RestContext, params: URLSearchParams): unknown => {
  const market = query.market(venue, params)
  const category = categoryOf(venue.kind)
  const limit = category === "spot" ? query.limit(params, 60, 60) : query.limit(params, 500, 1000)
  const { trades } = market.tape
  const rows = trades.slice(Math.max(0, trades.length - limit), limit)
  return { category, list: rows.toReversed().map((trade) => tradeRow.listed(market, trade)) }
}

const tickerRow = (market: Market): unknown => {
  if (market.definition.market !== "bybit-spot") return ticker.futures(market)
  const [bid = [0, 0], ask = [0, 0]] = market.best()
  return {
    ...ticker.spot(market),
    bid1Price: written.price(market, bid[0]),
    bid1Size: written.size(market, bid[1]),
    ask1Price: written.price(market, ask[0]),
    ask1Size: written.size(market, ask[1])
  }
}

export const tickers = ({ venue }: RestContext, params: URLSearchParams): unknown => {
  const markets = params.has("symbol") ? [query.market(venue, params)] : venue.all()
  return { category: categoryOf(venue.kind), list: markets.map(tickerRow) }
}

export const orderbook = ({ now, skewMs, snapshots, topics, venue }: RestContext, params: URLSearchParams): unknown => {
  const market = query.market(venue, params)
  const limit = query.limit(params, venue.kind === "bybit-spot" ? 1 : 25, 1000)
  const { asks, bids, lastUpdateId, sequence, time: bookTime } = snapshots.answer(market, topics)
  return {
    s: market.definition.symbol,
    b: written.levels(market, bids.slice(0, limit)),
    a: written.levels(market, asks.slice(0, limit)),
    ts: Math.floor(now()),
    u: lastUpdateId,
    seq: sequence,
    cts: bookTime + skewMs
  }
}
