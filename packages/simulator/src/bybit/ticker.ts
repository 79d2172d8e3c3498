/**
 * 24-hour statistics as the tickers of each category tell them. All values are texts. Open interest is invented; it moves
 * with the trades. Source: Bybit v5 docs, "Ticker".
 */
import * as grid from "../market/grid.ts"
import { mark } from "../market/mark.ts"
import type { Market } from "../market/market.ts"
import { price, size, worth } from "../market/written.ts"
import { tickDirection } from "./tradeRow.ts"

export type Ticker = Readonly<Record<string, string>>

const HOUR_MS = 3_600_000

const share = (now: number, before: number): string => ((now - before) / before).toFixed(6)

/** A price that need not be on the grid, with the market's digits. */
const fine = ({ priceGrid }: Market, ticks: number): string => grid.toNumber(priceGrid, ticks).toFixed(priceGrid.shown)

const hourAgo = (market: Market): number => {
  const minutes = market.bars.series.get("1m")!
  return (minutes.at(minutes.search(market.time - HOUR_MS, ({ openTime }) => openTime)) ?? minutes.last()!).open
}

const day = (market: Market) => {
  const { high, last, low, open, quote, volume } = market.day()
  return {
    last,
    texts: {
      price24hPcnt: share(last, open),
      lastPrice: price(market, last),
      prevPrice24h: price(market, open),
      highPrice24h: price(market, high),
      lowPrice24h: price(market, low),
      turnover24h: worth(market, quote),
      volume24h: size(market, volume)
    }
  }
}

/** Spot tells no best prices. */
export const spot = (market: Market): Ticker => {
  const { texts } = day(market)
  const isDollar = market.definition.quote.startsWith("USD")
  return { symbol: market.definition.symbol, ...texts, usdIndexPrice: isDollar ? texts.lastPrice : "" }
}

const openInterest = (market: Market) => {
  const { definition, priceGrid, sizeGrid, tape } = market
  const { takerBuyVolume, volume } = tape.totals
  const steps = Math.max(1, grid.units(sizeGrid, definition.typicalSize)) * 100_000 + takerBuyVolume * 2 - volume
  const amount = grid.toNumber(sizeGrid, steps)
  const at = grid.toNumber(priceGrid, market.participants.fair)
  const value = definition.market === "bybit-inverse" ? amount / at : amount * at
  return { amount: size(market, steps), value: value.toFixed(definition.market === "bybit-inverse" ? 4 : 2) }
}

export const futures = (market: Market): Ticker => {
  const { definition } = market
  const { texts } = day(market)
  const [bid = [0, 0], ask = [0, 0]] = market.best()
  const { index, mark: marked, nextFunding, rate } = mark(market)
  const { amount, value } = openInterest(market)
  const last = market.tape.trades.last()
  return {
    symbol: definition.symbol,
    tickDirection: last === undefined ? "ZeroPlusTick" : tickDirection(last),
    ...texts,
    prevPrice1h: price(market, hourAgo(market)),
    markPrice: fine(market, marked),
    indexPrice: fine(market, index),
    openInterest: amount,
    openInterestValue: value,
    singleOpenInterest: amount,
    singleOpenInterestValue: value,
    nextFundingTime: nextFunding === undefined ? "" : String(nextFunding),
    fundingRate: rate?.toFixed(8) ?? "",
    fundingIntervalHour: rate === undefined ? "" : "8",
    fundingCap: rate === undefined ? "" : "0.005",
    bid1Price: price(market, bid[0]),
    bid1Size: size(market, bid[1]),
    ask1Price: price(market, ask[0]),
    ask1Size: size(market, ask[1]),
    ...(definition.deliveryTime === undefined ? {} : dated(definition.deliveryTime))
  }
}

const dated = (deliveryTime: number) => ({
  deliveryTime: new Date(deliveryTime).toISOString().replace(".000", ""),
  basis: "0.0001",
  basisRate: "0.00010000",
  basisRateYear: "0.00120000",
  deliveryFeeRate: "0",
  predictedDeliveryPrice: ""
})
