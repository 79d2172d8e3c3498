/**
 * CCXT sorts lists of trades by time, and those of one millisecond by their ids as texts, which puts the fills of one order
 * in any order. Here they stay as the exchange listed them, whichever end it begins with.
 */
import type { Exchange, Trade } from "./Exchange.ts"

export const keepOrder = (exchange: Exchange): void => {
  const sortBy2 = exchange.sortBy2?.bind(exchange)
  if (sortBy2 === undefined) return
  exchange.sortBy2 = (rows, first, second, isDescending) =>
    first === "timestamp" && second === "id" && isDescending !== true
      ? inTime(rows as ReadonlyArray<Trade>)
      : sortBy2(rows, first, second, isDescending)
}

/** Oldest first. */
export const inTime = (rows: ReadonlyArray<Trade>): Array<Trade> => {
  const isNewestFirst = timeOf(rows[0]) > timeOf(rows.at(-1))
  return (isNewestFirst ? rows.toReversed() : rows).toSorted((one, other) => timeOf(one) - timeOf(other))
}

const timeOf = (row: Trade | undefined): number => row?.timestamp ?? 0
