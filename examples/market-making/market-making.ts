/**
 * Quotes a bid and an ask around the middle of the book, leaning against what it holds: the more it has bought, the lower
 * both quotes, so that the next fill is rather a sale.
 *
 * Guarantees: its quotes never take (post-only); it never holds or owes more than `most`, whatever fills while requests are
 * on their way; while its book is not live it quotes nothing. It does not know where the price goes, and whoever does wins.
 */
import { Amount, type Order } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"

const Size = Amount.Amount.check(Schema.isPattern(/^(?!-|0$)/, { expected: "a decimal text above 0" }))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.1 }))

const Options = Schema.Struct({
  venue: Schema.NonEmptyString,
  symbol: Schema.NonEmptyString,
  /** Of each quote, and the most that may be held or owed; in the instrument's unit, as texts, because that is money. */
  size: Size,
  most: Size,
  /** How far each quote is from the middle, as a share of the price: 0.0005 is five basis points. */
  halfSpread: Share,
  /** How far both quotes are moved when `most` is held. */
  skew: Share
})
const decode = Schema.decodeUnknownSync(Options, { onExcessProperty: "error", errors: "all" })

export const strategy = (options: unknown): Strategy.Strategy => {
  const { halfSpread, most, size, skew, symbol, venue } = decode(options)
  const [mostHeld, quoted] = [BigDecimal.fromStringUnsafe(most), BigDecimal.fromStringUnsafe(size)]

  /** One quote a side, never two: what is open and what is held then cannot come to more than `most`. */
  const quote = (context: Strategy.Context, side: Order.Side, price: Amount.Amount, room: BigDecimal.BigDecimal) => {
    const [order] = context.orders({ venue, symbol }).filter((each) => each.side === side)
    if (order === undefined) {
      const wanted = Amount.write(BigDecimal.min(quoted, room))
      if (!BigDecimal.isPositive(room)) return
      const told = context.submit({ venue, symbol, side, kind: "limit", size: wanted, price, timeInForce: "postOnly" })
      if (told._tag === "Refused") context.log.warn(`not quoted: ${told.refusal.message}`)
      return
    }
    // one that is still on its way is left to arrive
    if (order.status !== "open" || order.price === price) return
    // an old quote is a gift to others: what cannot be moved (the venue does not amend, a limit of risk) is taken back
    if (context.amend(order.clientOrderId, { price })._tag === "Refused") context.cancel(order.clientOrderId)
  }

  return {
    subscriptions: [{ venue, symbol, channels: ["book", "trades"] }],
    onBookState: ({ state }, context) => {
      if (state !== "live") context.cancelAll()
    },
    onTimer: (_, context) => {
      const view = context.book(venue, symbol)
      // the type lets nobody read a book that is not live
      const [bid, ask] = view?.state === "live" ? [view.book.bestBid()?.[0], view.book.bestAsk()?.[0]] : []
      const tickSize = context.instrument(venue, symbol)?.tickSize
      if (bid === undefined || ask === undefined || tickSize === undefined) return void context.cancelAll()
      const held = BigDecimal.fromStringUnsafe(context.position(venue, symbol).size)
      // where to quote is an opinion, and floats will do for those; it becomes money as a whole number of ticks, exactly
      const tick = Number(tickSize)
      const lean = (BigDecimal.toNumberUnsafe(held) / Number(most)) * skew
      const fair = ((bid + ask) / 2) * (1 - lean)
      const buyAt = Math.min(Math.floor((fair * (1 - halfSpread)) / tick), Math.round(ask / tick) - 1)
      const sellAt = Math.max(Math.ceil((fair * (1 + halfSpread)) / tick), Math.round(bid / tick) + 1)
      const price = (ticks: number) =>
        Amount.write(BigDecimal.multiply(BigDecimal.fromBigInt(BigInt(ticks)), BigDecimal.fromStringUnsafe(tickSize)))
      quote(context, "buy", price(buyAt), BigDecimal.subtract(mostHeld, held))
      quote(context, "sell", price(sellAt), BigDecimal.sum(mostHeld, held))
    }
  }
}
