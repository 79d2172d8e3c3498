/**
 * Bars, by CCXT's cache of a symbol and interval, whose rows are changed in place. A bar is final when the next one opens:
 * CCXT does not say when one closes.
 */
import { type Event, Interval } from "@tidewire/core"
import type { Candle } from "../Exchange.ts"
import { isNumber, type Place, stamps, unreadable, type Watch, type WatchContext } from "../Watch.ts"

/** The bar of a row; `undefined` when the row lacks a number. */
export const barOf = (
  place: Place,
  interval: Interval.Interval,
  [openTime, open, high, low, close, volume]: Candle,
  { origin, receivedTime }: Pick<Event.Bar, "origin" | "receivedTime">,
  isFinal: boolean
): Event.Bar | undefined => {
  const numbers = [openTime, open, high, low, close, volume]
  if (!numbers.every(isNumber)) return undefined
  const [opens, ...rest] = numbers as [number, number, number, number, number, number]
  return {
    type: "bar",
    ...stamps(place, receivedTime),
    interval,
    openTime: opens,
    closeTime: Interval.nextOpenTime(interval, opens) - 1,
    open: rest[0],
    high: rest[1],
    low: rest[2],
    close: rest[3],
    volume: rest[4],
    isFinal,
    origin
  }
}

export const watchBars = (context: WatchContext, interval: Interval.Interval): Watch => {
  const { exchange, leg, market } = context
  /** The open time of the bar that is open, and its row as it was told. */
  let openTime: number | undefined
  let told = ""
  return {
    next: () => exchange.watchOHLCV(market.symbol, interval),
    drain: (answer, receivedTime) => {
      const cache = exchange.ohlcvs?.[market.symbol]?.[interval] ?? (answer as ReadonlyArray<Candle>)
      // what was over before this session is the past's
      const from = openTime ?? cache.at(-1)?.[0] ?? Number.POSITIVE_INFINITY
      for (const [index, row] of cache.entries()) {
        const time = row[0] ?? Number.NaN
        if (!(time >= from)) continue
        const isFinal = index < cache.length - 1
        const text = row.join()
        if (!isFinal && text === told) continue
        const bar = barOf(context, interval, row, { receivedTime, origin: "stream" }, isFinal)
        if (bar === undefined) unreadable(context, "a number of a bar", row)
        else leg.event(bar)
        openTime = isFinal ? Interval.nextOpenTime(interval, time) : time
        told = text
      }
    },
    ...(exchange.unWatchOHLCV !== undefined && { stop: () => exchange.unWatchOHLCV!(market.symbol, interval) })
  }
}
