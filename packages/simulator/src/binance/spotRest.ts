/**
 * Spot's public REST endpoints under `/api/v3`. Source: Binance Spot docs, "Market data endpoints" (2026-07-21).
 */
import type { Market } from "../market/market.ts"
import * as written from "../market/written.ts"
import { day as dayOf } from "./frames.ts"
import { avgPrice } from "./spotFrames.ts"
import { always, type Endpoints, type RestContext } from "../rest/Endpoint.ts"
import { spotRateLimits, spotSymbol } from "./exchangeInfo.ts"
import { aggTrades, klines, trades } from "./history.ts"
import * as query from "./query.ts"

const depthWeight = (params: URLSearchParams): number => {
  const limit = Number(params.get("limit") ?? 100)
  return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250
}

const listWeight =
  (few: number, some: number, all: number) =>
  (params: URLSearchParams): number => {
    if (params.has("symbol")) return few
    const count = (params.get("symbols") ?? "").split(",").length
    return !params.has("symbols") || count > 100 ? all : count > 20 ? some : few
  }

const depth = (context: RestContext, params: URLSearchParams): unknown => {
  const market = query.market(context.venue, params)
  const limit = query.limit(context.venue, params, 100, 5000)
  const { asks, bids, lastUpdateId } = context.snapshots.answer(market, context.topics)
  return {
    lastUpdateId,
    bids: written.levels(market, bids.slice(0, limit)),
    asks: written.levels(market, asks.slice(0, limit))
  }
}

/** One object for `symbol`, a list otherwise. */
const listed =
  (row: (market: Market) => unknown) =>
  (context: RestContext, params: URLSearchParams): unknown => {
    const symbols = query.symbols(context.venue, params)
    const markets = (symbols ?? [...context.venue.definitions.keys()]).flatMap(
      (name) => context.venue.market(name) ?? []
    )
    return params.has("symbol") ? row(query.market(context.venue, params)) : markets.map(row)
  }

const bookRow = (market: Market) => {
  const [bid = [0, 0], ask = [0, 0]] = market.best()
  return {
    bidPrice: written.price(market, bid[0]),
    bidQty: written.size(market, bid[1]),
    askPrice: written.price(market, ask[0]),
    askQty: written.size(market, ask[1])
  }
}

const dayRow = (market: Market) => {
  const day = dayOf(market)
  return {
    symbol: market.definition.symbol,
    priceChange: day.change,
    priceChangePercent: day.percent,
    weightedAvgPrice: day.average,
    prevClosePrice: day.open,
    lastPrice: day.last,
    lastQty: day.lastSize,
    ...bookRow(market),
    openPrice: day.open,
    highPrice: day.high,
    lowPrice: day.low,
    volume: day.volume,
    quoteVolume: day.quote,
    openTime: day.stats.openTime,
    closeTime: day.stats.closeTime,
    firstId: day.stats.firstId,
    lastId: day.stats.lastId,
    count: day.stats.count
  }
}

const exchangeInfo = (context: RestContext, params: URLSearchParams): unknown => {
  const symbols = query.symbols(context.venue, params)
  const status = query.optional(params, "symbolStatus")
  const definitions = [...context.venue.definitions.values()].filter(
    (definition) =>
      (symbols === undefined || symbols.includes(definition.symbol)) &&
      (status === undefined || (definition.status ?? "TRADING") === status)
  )
  return {
    timezone: "UTC",
    serverTime: Math.floor(context.now()),
    rateLimits: spotRateLimits(context.weightPerMinute),
    exchangeFilters: [],
    symbols: definitions.map(spotSymbol)
  }
}

export const spotEndpoints: Endpoints = {
  "/api/v3/ping": { weight: always(1), answer: () => ({}) },
  "/api/v3/time": { weight: always(1), answer: ({ now }) => ({ serverTime: Math.floor(now()) }) },
  "/api/v3/exchangeInfo": { weight: always(20), answer: exchangeInfo },
  "/api/v3/depth": { weight: depthWeight, answer: depth },
  "/api/v3/klines": { weight: always(2), answer: klines },
  "/api/v3/uiKlines": { weight: always(2), answer: klines },
  "/api/v3/aggTrades": { weight: always(4), answer: aggTrades },
  "/api/v3/trades": { weight: always(25), answer: trades(false, () => 1000) },
  "/api/v3/historicalTrades": { weight: always(25), answer: trades(true, () => 1000) },
  "/api/v3/avgPrice": {
    weight: always(2),
    answer: (context, params) => {
      const market = query.market(context.venue, params)
      const average = avgPrice(market, (ms) => ms)
      return { mins: 5, price: average["w"], closeTime: average["T"] }
    }
  },
  "/api/v3/ticker/24hr": { weight: listWeight(2, 40, 80), answer: listed(dayRow) },
  "/api/v3/ticker/price": {
    weight: listWeight(2, 4, 4),
    answer: listed((market) => ({
      symbol: market.definition.symbol,
      price: written.price(market, market.bars.current("1m").close)
    }))
  },
  "/api/v3/ticker/bookTicker": {
    weight: listWeight(2, 4, 4),
    answer: listed((market) => ({ symbol: market.definition.symbol, ...bookRow(market) }))
  }
}
