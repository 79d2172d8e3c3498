/**
 * The demo's strategy: a bid and an ask at the best prices, renewed as the market moves, within a bound on what it holds.
 *
 * It shows how a strategy is written, and earns nothing to speak of: it knows nothing of where the price goes. Written in
 * JavaScript, because runtimes do not strip types below node_modules.
 */
import { Decimal } from "@tidewire/core"

/**
 * @param {any} options `most`: how much it may hold, or owe, in the instrument's unit.
 * @returns {import("@tidewire/engine").Strategy.Strategy}
 */
export const strategy = ({ most, size, symbol, venue }) => {
  const quote = (context, side, best, isWanted) => {
    const price = best === undefined || !isWanted ? undefined : Decimal.format(best[0])
    const [order] = context.orders({ venue, symbol }).filter((each) => each.side === side)
    if (order !== undefined && order.price !== price) context.cancel(order.clientOrderId)
    if (order !== undefined || price === undefined) return
    const told = context.submit({ venue, symbol, side, kind: "limit", size, price, timeInForce: "postOnly" })
    if (told._tag === "Refused") context.log.warn(`not quoted: ${told.refusal.message}`)
  }
  return {
    subscriptions: [{ venue, symbol, channels: ["book", "trades", "mark"] }],
    onTimer: (_, context) => {
      const view = context.book(venue, symbol)
      if (view?.state !== "live") return
      const held = Number(context.position(venue, symbol).size)
      quote(context, "buy", view.book.bestBid(), held < Number(most))
      quote(context, "sell", view.book.bestAsk(), held > -Number(most))
    }
  }
}
