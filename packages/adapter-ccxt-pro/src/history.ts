/**
 * Reads of the past through CCXT, paced by its own limits: the latest trades, with the ids of the stream where CCXT has
 * them the same, and bars that another one follows, which is what shows that they have closed.
 */
import { type Capabilities, Interval, Supervision, type VenueAdapter } from "@tidewire/core"
import { Effect } from "effect"
import type { Maker } from "./Maker.ts"
import { quirksOf } from "./quirks.ts"
import { TradeReader } from "./TradeReader.ts"
import { barOf } from "./watch/bars.ts"

/** Rows that one read asks for at most. */
const PAGE = 1_000

export const historyOf = (
  venue: string,
  maker: Maker,
  { history }: Capabilities.Capabilities
): VenueAdapter.History | undefined => {
  /** The latest, or what the parameters ask for, oldest first. */
  const trades = (symbol: string, limit: number, from: string | undefined) =>
    Effect.gen(function* () {
      const { exchange, market } = yield* maker.market(symbol)
      const { fetchTrades, fetchTradesFrom, mostTrades } = quirksOf(exchange.id, market)
      const params = { ...fetchTrades, ...(from !== undefined && fetchTradesFrom(from)) }
      const count = Math.min(limit, mostTrades)
      const rows = yield* maker.call("fetchTrades", () => exchange.fetchTrades(market.symbol, undefined, count, params))
      // one that cannot be read stays missing, which the stream tells
      const reader = new TradeReader({ venue, symbol }, () => {})
      const receivedTime = Supervision.receiveTime()
      return rows.flatMap((row) => reader.read(row, receivedTime, "backfill") ?? [])
    })

  const latest = (symbol: string, limit: number) =>
    Effect.map(trades(symbol, limit, undefined), (found) => found.slice(-limit))

  const fromId: NonNullable<VenueAdapter.History["trades"]> = ({ fromId: from, limit, symbol }) =>
    // where the latest are all that can be had, they are searched
    Effect.map(trades(symbol, PAGE, from), (found) =>
      found.filter(({ id }) => Number(id) >= Number(from)).slice(0, limit)
    )

  const bars: NonNullable<VenueAdapter.History["bars"]> = ({ from, interval, symbol, to }) =>
    Effect.gen(function* () {
      const { exchange, market } = yield* maker.market(symbol)
      const wanted = Interval.countBetween(interval, from, Interval.nextOpenTime(interval, to))
      const rows = yield* maker.call("fetchOHLCV", () =>
        // the one behind the last shows that the last has closed
        exchange.fetchOHLCV(market.symbol, interval, from, Math.min(wanted + 1, PAGE))
      )
      const last = rows.at(-1)?.[0] ?? 0
      const receivedTime = Supervision.receiveTime()
      return rows.flatMap((row) => {
        const time = row[0] ?? Number.NaN
        if (!(time >= from && time <= to && time < last)) return []
        return barOf({ venue, symbol }, interval, row, { receivedTime, origin: "backfill" }, true) ?? []
      })
    })

  if (!history.recentTrades && !history.bars) return undefined
  return {
    ...(history.trades && { trades: fromId }),
    ...(history.recentTrades && {
      recentTrades: latest,
      lastTrade: (symbol: string) =>
        Effect.map(latest(symbol, 1), (trades) => {
          const time = trades.at(-1)?.exchangeTime
          return time === undefined ? undefined : { time }
        })
    }),
    ...(history.bars && { bars })
  }
}
