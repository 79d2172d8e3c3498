/**
 * One instrument on two venues: buys where it is cheap and sells where it is dear, when the difference pays for all four
 * trades and more, and closes both legs when the difference is gone.
 *
 * **It is not free of risk.** The two legs are two orders: one may fill and the other not, because the price had moved while it
 * was on its way. Such a lonely leg is closed at once, at whatever price there is, and that is where this loses money.
 * Guarantees: no new orders before the end and all fills of the old ones are known; each leg at most `size`; both are closed when it
 * is stopped, and it says so when orders were on their way right then, because nobody knows yet what becomes of those.
 */
import { Amount, Decimal, Order } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"

const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 0.1 }))

const Options = Schema.Struct({
  /** Two of the configured ones; contracts, because one leg sells what it does not have. */
  venues: Schema.Tuple([Schema.NonEmptyString, Schema.NonEmptyString]),
  /** The unified spelling finds the same contract on both. */
  symbol: Schema.NonEmptyString,
  /** Of each leg, in the instrument's unit, which must be the same on both venues. */
  size: Amount.Amount.check(Schema.isPattern(/^(?!-|0$)/, { expected: "a decimal text above 0" })),
  /** What a taker pays on each venue, as a share of the trade's worth. */
  fees: Schema.Tuple([Share, Share]),
  /** What must be left when all fees are paid, as a share of the price. */
  profit: Share
})
const decode = Schema.decodeUnknownSync(Options, { onExcessProperty: "error", errors: "all" })

const exact = BigDecimal.fromStringUnsafe

export const strategy = (options: unknown): Strategy.Strategy => {
  const { fees, profit, size, symbol, venues } = decode(options)
  const [one, other] = venues
  const needed = 2 * (fees[0] + fees[1]) + profit
  /** What was heard of the fills of the orders that were sent last, by client order id. */
  const heard = new Map<string, BigDecimal.BigDecimal>()

  /** What was refused is not tried again before the next second: a reason seldom goes away faster. */
  let isWaiting = false

  const held = (context: Strategy.Context, venue: string) => exact(context.position(venue, symbol).size)

  /** On a real venue an order's end may be told before its fills: a position is only believed when both are there. */
  const isSettled = (context: Strategy.Context) =>
    [...heard].every(([id, filled]) => {
      const order = context.order(id)
      return order !== undefined && Order.isEnded(order.status) && BigDecimal.equals(filled, exact(order.filled))
    })

  const send = (context: Strategy.Context, venue: string, side: Order.Side, amount: string, price?: number) => {
    const told = context.submit({
      venue,
      symbol,
      side,
      size: amount,
      // to open, at no worse than what was seen, and what is not filled at once is cancelled; to close, at any price
      ...(price === undefined
        ? { kind: "market", reduceOnly: true }
        : { kind: "limit", timeInForce: "ioc", price: Decimal.format(price) })
    })
    if (told._tag === "Submitted") {
      heard.set(told.order.clientOrderId, exact("0"))
      return true
    }
    context.log.warn(`not sent to ${venue}: ${told.refusal.message}`)
    isWaiting = true
    return false
  }

  const close = (context: Strategy.Context, venue: string, most?: BigDecimal.BigDecimal) => {
    const position = held(context, venue)
    const amount = BigDecimal.min(BigDecimal.abs(position), most ?? BigDecimal.abs(position))
    if (BigDecimal.isZero(amount)) return
    send(context, venue, BigDecimal.isPositive(position) ? "sell" : "buy", Amount.write(amount))
  }

  /** Best bid and ask; nothing while the book is not live. */
  const best = (context: Strategy.Context, venue: string) => {
    const view = context.book(venue, symbol)
    const [bid, ask] = view?.state === "live" ? [view.book.bestBid(), view.book.bestAsk()] : []
    return bid === undefined || ask === undefined ? undefined : { bid: bid[0], ask: ask[0] }
  }

  const look = (context: Strategy.Context) => {
    if (isWaiting || !isSettled(context)) return
    heard.clear()
    const legs = [held(context, one), held(context, other)] as const
    const excess = BigDecimal.sumAll(legs)
    if (!BigDecimal.isZero(excess)) {
      const lonely = BigDecimal.isGreaterThan(BigDecimal.abs(legs[0]), BigDecimal.abs(legs[1])) ? one : other
      context.log.warn(`a lonely leg on ${lonely} is closed`, { size: Amount.write(excess) })
      return close(context, lonely, BigDecimal.abs(excess))
    }
    const [first, second] = [best(context, one), best(context, other)]
    if (first === undefined || second === undefined) return
    if (BigDecimal.isZero(legs[0])) {
      const [cheap, dear, buyAt, sellAt] =
        second.bid - first.ask > first.bid - second.ask
          ? ([one, other, first.ask, second.bid] as const)
          : ([other, one, second.ask, first.bid] as const)
      if ((sellAt - buyAt) / buyAt <= needed) return
      // when the first is refused, there is no second
      if (send(context, cheap, "buy", size, buyAt)) send(context, dear, "sell", size, sellAt)
      return
    }
    // what closing both legs gives: sell what was bought, buy back what was sold
    const gain = BigDecimal.isPositive(legs[0]) ? first.bid - second.ask : second.bid - first.ask
    if (gain >= 0) for (const venue of venues) close(context, venue)
  }

  return {
    subscriptions: venues.map((venue) => ({ venue, symbol, channels: ["book"] })),
    onBook: (_, context) => look(context),
    onOrder: (_, context) => look(context),
    onFill: ({ clientOrderId = "", size: filled }, context) => {
      const before = heard.get(clientOrderId)
      if (before !== undefined) heard.set(clientOrderId, BigDecimal.sum(before, exact(filled)))
      look(context)
    },
    onTimer: (_, context) => {
      isWaiting = false
      look(context)
    },
    // the engine carries out what is ordered here before it ends
    onStop: (context) => {
      if (!isSettled(context)) context.log.warn("stopped with orders on their way: look at the positions")
      for (const venue of venues) close(context, venue)
    }
  }
}
