/**
 * Bars and trades of the past, answered from what the market keeps. Guarantees ascending order, inclusive bounds, and
 * the open bar as the last row when it is in range.
 */
import type { Bar } from "../market/bars.ts"
import { isInterval } from "../market/interval.ts"
import type { Market } from "../market/market.ts"
import type { Ring } from "../market/ring.ts"
import type { Trade } from "../market/tape.ts"
import { price, size, worth } from "../market/written.ts"
import type { RestContext } from "../rest/Endpoint.ts"
import { badCombination, invalidInterval, RestFailure } from "./failure.ts"
import * as query from "./query.ts"

interface Span {
  readonly startTime: number | undefined
  readonly endTime: number | undefined
  readonly limit: number
}

/** From the start when there is one, else the latest up to the end. */
const within = <A>(ring: Ring<A>, timeOf: (item: A) => number, span: Span): Array<A> => {
  const end = span.endTime === undefined ? ring.length : ring.search(span.endTime + 1, timeOf)
  const start = span.startTime === undefined ? Math.max(0, end - span.limit) : ring.search(span.startTime, timeOf)
  return ring.slice(start, Math.min(span.limit, end - start))
}

const row = (market: Market, bar: Bar) => [
  bar.openTime,
  price(market, bar.open),
  price(market, bar.high),
  price(market, bar.low),
  price(market, bar.close),
  size(market, bar.to.volume - bar.from.volume),
  bar.closeTime,
  worth(market, bar.to.quote - bar.from.quote),
  bar.to.count - bar.from.count,
  size(market, bar.to.takerBuyVolume - bar.from.takerBuyVolume),
  worth(market, bar.to.takerBuyQuote - bar.from.takerBuyQuote),
  "0"
]

export const klines = (context: RestContext, params: URLSearchParams): unknown => {
  const { venue } = context
  const market = query.market(venue, params)
  const interval = query.required(params, "interval")
  if (!isInterval(interval)) throw invalidInterval()
  const series = market.bars.series.get(interval)
  if (series === undefined) throw invalidInterval()
  const span = {
    startTime: query.integer(params, "startTime"),
    endTime: query.integer(params, "endTime"),
    limit: query.limit(venue, params, 500, venue.kind === "spot" ? 1000 : 1500)
  }
  return within(series, (bar) => bar.openTime, span).map((bar) => row(market, bar))
}

const DAY_MS = 86_400_000

export const aggTrades = (context: RestContext, params: URLSearchParams): unknown => {
  const { venue } = context
  const market = query.market(venue, params)
  const fromId = query.integer(params, "fromId")
  const startTime = query.integer(params, "startTime")
  const endTime = query.integer(params, "endTime")
  const limit = query.limit(venue, params, 500, 1000)
  if (fromId !== undefined && (startTime ?? endTime) !== undefined) throw badCombination()
  if (venue.kind === "usdm" && startTime !== undefined && startTime < context.now() - 2 * DAY_MS) {
    throw new RestFailure(-4166, "Search window is restricted to recent 48 hours only.")
  }
  const { aggregates } = market.tape
  const found =
    fromId === undefined
      ? within(aggregates, (one) => one.time, { startTime, endTime, limit })
      : aggregates.slice(
          aggregates.search(fromId, (one) => one.id),
          limit
        )
  return found.map((one) => ({
    a: one.id,
    p: price(market, one.price),
    q: size(market, one.size),
    f: one.first,
    l: one.last,
    T: one.time,
    m: one.buyerIsMaker,
    ...(venue.kind === "spot" ? { M: true } : {})
  }))
}

const tradeRow = (market: Market, trade: Trade) => ({
  id: trade.id,
  price: price(market, trade.price),
  qty: size(market, trade.size),
  quoteQty: worth(market, BigInt(trade.price * trade.size)),
  time: trade.time,
  isBuyerMaker: trade.buyerIsMaker,
  ...(market.definition.market === "spot" ? { isBestMatch: true } : {})
})

/** The most recent trades, or those from `fromId` on. */
export const trades =
  (byId: boolean, max: (context: RestContext) => number) =>
  (context: RestContext, params: URLSearchParams): unknown => {
    const market = query.market(context.venue, params)
    const fromId = byId ? query.integer(params, "fromId") : undefined
    const limit = query.limit(context.venue, params, Math.min(500, max(context)), max(context))
    const ring = market.tape.trades
    const from = fromId === undefined ? ring.length - limit : ring.search(fromId, (trade) => trade.id)
    return ring.slice(from, limit).map((trade) => tradeRow(market, trade))
  }
