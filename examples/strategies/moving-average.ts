/**
 * Moving averages: holds the instrument while the fast average of closing prices is above the slow one, and nothing otherwise.
 *
 * What it is not: an edge. Crossings come late, and in a market without trend each costs two fees. It is here to show bars: they
 * begin with the venue's past, and each is final once.
 */
import type { Interval } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import { onGrid } from "./grid.ts"

interface Options {
  readonly venue: string
  readonly symbol: string
  readonly interval: Interval.Interval
  /** Bars. */
  readonly fast: number
  readonly slow: number
  readonly size: string
}

const least = (left: string, right: string): string => (Number(left) < Number(right) ? left : right)

const average = (values: ReadonlyArray<number>): number => values.reduce((sum, each) => sum + each, 0) / values.length

export const strategy = (options: unknown): Strategy.Strategy => {
  const { fast, interval, size, slow, symbol, venue } = options as Options
  if (!(fast > 0 && fast < slow)) throw new Error(`fast (${fast}) is to be above 0 and below slow (${slow})`)
  return {
    // a book, because orders are only sent into a market that is seen
    subscriptions: [{ venue, symbol, channels: [`bars:${interval}`, "book"] }],
    onBar: (bar, context) => {
      if (!bar.isFinal) return
      const closes = context.bars(venue, symbol, interval, slow).map(({ close }) => close)
      // one order at a time: what it holds is not known before that has ended
      if (closes.length < slow || context.orders({ venue, symbol }).length > 0) return
      const isUp = average(closes.slice(-fast)) > average(closes)
      const { base, lotSize } = context.instrument(venue, symbol)!
      // a fee may be taken from what was bought, so that less is there than was asked for
      const free = onGrid(Number(context.balance(venue, base)?.free ?? "0"), lotSize, "floor")
      const isHeld = Number(context.position(venue, symbol).size) > 0 && free !== "0"
      if (isUp === isHeld) return
      const side = isUp ? "buy" : "sell"
      const told = context.submit({ venue, symbol, side, kind: "market", size: isUp ? size : least(size, free) })
      if (told._tag === "Refused") context.log.warn(told.refusal.message)
      else context.log.info(isUp ? "above: bought" : "below: sold", { close: bar.close })
    },
    onFill: ({ fee, feeAsset, price, side }, context) => context.log.info("filled", { side, price, fee, feeAsset })
  }
}
