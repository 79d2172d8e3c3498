/**
 * Market making: a bid and an ask around the middle, leaning against what is held, renewed when the market has moved.
 *
 * What it is not: profitable. It knows nothing of where the price goes, so it buys before falls and sells before rises; a real
 * one would measure that, widen with volatility, and know its fees. On paper nobody trades against it on purpose either.
 */
import type { Order } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import { onGrid } from "./grid.ts"

interface Options {
  readonly venue: string
  readonly symbol: string
  readonly size: string
  /** Half of what lies between bid and ask, in ticks. */
  readonly halfSpread: number
  /** How much may be held, or owed. */
  readonly most: number
}

/** A quote is left where it is while it is off by fewer ticks. */
const PATIENCE_TICKS = 3

export const strategy = (options: unknown): Strategy.Strategy => {
  const { halfSpread, most, size, symbol, venue } = options as Options

  const quote = (context: Strategy.Context, side: Order.Side, wanted: number | undefined, tick: string): void => {
    const price = wanted === undefined ? undefined : onGrid(wanted, tick, side === "buy" ? "floor" : "ceil")
    const [order] = context.orders({ venue, symbol }).filter((each) => each.side === side)
    if (order !== undefined) {
      const off = price === undefined ? Infinity : Math.abs(Number(order.price) - Number(price))
      if (off >= PATIENCE_TICKS * Number(tick)) context.cancel(order.clientOrderId)
      return
    }
    if (price === undefined) return
    const told = context.submit({ venue, symbol, side, kind: "limit", size, price, timeInForce: "postOnly" })
    if (told._tag === "Refused") context.log.debug(told.refusal.message)
  }

  return {
    subscriptions: [{ venue, symbol, channels: ["book", "trades"] }],
    onTimer: (_, context) => {
      const view = context.book(venue, symbol)
      const instrument = context.instrument(venue, symbol)
      const [bid, ask] = view?.state === "live" ? [view.book.bestBid(), view.book.bestAsk()] : []
      if (instrument === undefined || bid === undefined || ask === undefined) {
        // a market that is not seen is not quoted
        context.cancelAll({ venue, symbol })
        return
      }
      const tick = Number(instrument.tickSize)
      const held = Number(context.position(venue, symbol).size)
      // the more is held, the lower both quotes
      const middle = (bid[0] + ask[0]) / 2 - (held / most) * halfSpread * tick
      const buyAt = Math.min(middle - halfSpread * tick, bid[0])
      const sellAt = Math.max(middle + halfSpread * tick, ask[0])
      quote(context, "buy", held < most ? buyAt : undefined, instrument.tickSize)
      quote(context, "sell", held > -most ? sellAt : undefined, instrument.tickSize)
    }
  }
}
