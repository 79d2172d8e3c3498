/**
 * USDⓈ-M's public REST endpoints under `/fapi/v1`, and COIN-M's `exchangeInfo` with no symbols, which clients load
 * beside it. Source: Binance derivatives docs, "USDⓈ-M Futures, Market Data".
 */
import type { Market } from "../market/market.ts"
import * as written from "../market/written.ts"
import { day as dayOf } from "./frames.ts"
import { mark } from "./usdmFrames.ts"
import { always, type Endpoints, type RestContext } from "../rest/Endpoint.ts"
import { usdmRateLimits, usdmSymbol } from "./exchangeInfo.ts"
import { RestFailure } from "./failure.ts"
import { aggTrades, klines, trades } from "./history.ts"
import * as query from "./query.ts"

const depthLimits: Readonly<Record<number, number>> = { 5: 2, 10: 2, 20: 2, 50: 2, 100: 5, 500: 10, 1000: 20 }

const klineWeight = (params: URLSearchParams): number => {
  const limit = Number(params.get("limit") ?? 500)
  return limit < 100 ? 1 : limit < 500 ? 2 : limit <= 1000 ? 5 : 10
}

const oneOrAll =
  (one: number, all: number) =>
  (params: URLSearchParams): number =>
    params.has("symbol") ? one : all

const depth = (context: RestContext, params: URLSearchParams): unknown => {
  const market = query.market(context.venue, params)
  const limit = query.integer(params, "limit") ?? 500
  if (depthLimits[limit] === undefined) {
    throw new RestFailure(-4021, `${limit} is not valid depth limit.`)
  }
  const snapshot = context.snapshots.answer(market, context.topics)
  return {
    lastUpdateId: snapshot.lastUpdateId,
    E: market.time + context.skewMs,
    T: snapshot.time + context.skewMs,
    bids: written.levels(market, snapshot.bids.slice(0, limit)),
    asks: written.levels(market, snapshot.asks.slice(0, limit))
  }
}

const listed =
  (row: (market: Market) => unknown) =>
  (context: RestContext, params: URLSearchParams): unknown =>
    params.has("symbol") ? row(query.market(context.venue, params)) : context.venue.all().map(row)

const dayRow = (market: Market) => {
  const day = dayOf(market)
  return {
    symbol: market.definition.symbol,
    priceChange: day.change,
    priceChangePercent: day.percent,
    weightedAvgPrice: day.average,
    lastPrice: day.last,
    lastQty: day.lastSize,
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

const bookRow = (market: Market) => {
  const [bid = [0, 0], ask = [0, 0]] = market.best()
  return {
    symbol: market.definition.symbol,
    bidPrice: written.price(market, bid[0]),
    bidQty: written.size(market, bid[1]),
    askPrice: written.price(market, ask[0]),
    askQty: written.size(market, ask[1]),
    time: market.bookTime,
    lastUpdateId: market.book.updateId
  }
}

const markRow = (market: Market) => {
  const values = mark(market)
  return {
    symbol: market.definition.symbol,
    markPrice: values.mark,
    indexPrice: values.index,
    estimatedSettlePrice: values.settle,
    lastFundingRate: values.rate,
    interestRate: values.rate === "" ? "" : "0.00010000",
    nextFundingTime: values.nextFunding,
    time: market.time
  }
}

/** The full list always: a `symbol` parameter is ignored. */
const exchangeInfo = ({ now, venue, weightPerMinute }: RestContext): unknown => ({
  timezone: "UTC",
  serverTime: Math.floor(now()),
  futuresType: "U_MARGINED",
  rateLimits: usdmRateLimits(weightPerMinute),
  exchangeFilters: [],
  assets: [
    { asset: "USDT", marginAvailable: true, autoAssetExchange: "-10000" },
    { asset: "BTC", marginAvailable: true, autoAssetExchange: "-0.10000000" },
    { asset: "USDC", marginAvailable: true, autoAssetExchange: "-10000" }
  ],
  symbols: [...venue.definitions.values()].map((one) => usdmSymbol(one, venue.born.get(one.symbol)))
})

export const usdmEndpoints: Endpoints = {
  "/fapi/v1/ping": { weight: always(1), answer: () => ({}) },
  "/fapi/v1/time": { weight: always(1), answer: ({ now }) => ({ serverTime: Math.floor(now()) }) },
  "/fapi/v1/exchangeInfo": { weight: always(1), answer: exchangeInfo },
  "/fapi/v1/depth": {
    weight: (params) => depthLimits[Number(params.get("limit") ?? 500)] ?? 10,
    answer: depth
  },
  "/fapi/v1/klines": { weight: klineWeight, answer: klines },
  "/fapi/v1/aggTrades": { weight: always(20), answer: aggTrades },
  "/fapi/v1/trades": { weight: always(5), answer: trades(false, () => 1000) },
  "/fapi/v1/historicalTrades": { weight: always(20), answer: trades(true, () => 500) },
  "/fapi/v1/premiumIndex": { weight: oneOrAll(1, 10), answer: listed(markRow) },
  "/fapi/v1/ticker/24hr": { weight: oneOrAll(1, 40), answer: listed(dayRow) },
  "/fapi/v1/ticker/price": {
    weight: oneOrAll(1, 2),
    answer: listed((market) => ({
      symbol: market.definition.symbol,
      price: written.price(market, market.bars.current("1m").close),
      time: market.time
    }))
  },
  "/fapi/v1/ticker/bookTicker": { weight: oneOrAll(2, 5), answer: listed(bookRow) },
  "/dapi/v1/exchangeInfo": {
    weight: always(1),
    answer: ({ now, weightPerMinute }) => ({
      timezone: "UTC",
      serverTime: Math.floor(now()),
      rateLimits: usdmRateLimits(weightPerMinute),
      exchangeFilters: [],
      symbols: []
    })
  }
}
