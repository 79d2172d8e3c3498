/**
 * Numbers of one market as its venue writes them. Guarantees exact digits: nothing here is rounded.
 */
import type { Bar } from "./bars.ts"
import type { LevelSize, Side } from "./book.ts"
import * as grid from "./grid.ts"
import type { Market } from "./market.ts"

const digits = ({ rules }: Market, text: string): string =>
  rules.trimsZeros && text.includes(".") ? text.replace(/\.?0+$/, "") : text

export const price = (market: Market, ticks: number): string => digits(market, grid.format(market.priceGrid, ticks))

export const size = (market: Market, steps: number): string => digits(market, grid.format(market.sizeGrid, steps))

/** What trades were worth: a sum as the market's tape counts it. */
export const worth = (market: Market, sum: bigint): string => digits(market, market.rules.writeWorth(market, sum))

export const levels = (market: Market, rows: ReadonlyArray<LevelSize>): Array<[string, string]> =>
  rows.map(([ticks, steps]) => [price(market, ticks), size(market, steps)])

export const top = (market: Market, side: Side, limit: number): Array<[string, string]> =>
  levels(market, market.book.top(side, limit))

/** The numbers of a bar. */
export const bar = (market: Market, { close, from, high, low, open, to }: Bar) => ({
  open: price(market, open),
  high: price(market, high),
  low: price(market, low),
  close: price(market, close),
  volume: size(market, to.volume - from.volume),
  turnover: worth(market, to.quote - from.quote),
  trades: to.count - from.count
})
