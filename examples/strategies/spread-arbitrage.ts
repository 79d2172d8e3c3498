/**
 * Spread arbitrage: sells the contract where its bid is above the other venue's ask and buys it there, up to a bound; goes back
 * when the prices have come together again.
 *
 * What it is not: riskless. Its two orders are filled apart, or one of them alone (it then takes the difference off at once, at a
 * loss); money is needed on both venues; funding differs; and a gap that others have not taken is mostly a price that is old.
 */
import type { Order } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import { onGrid } from "./grid.ts"

interface Options {
  readonly symbol: string
  /** Two of them. */
  readonly venues: readonly [string, string]
  readonly size: string
  /** How far a bid must be above the other's ask to begin, in parts of 10 000; at 0 it ends. */
  readonly threshold: number
  /** How much may be held on one venue. */
  readonly most: number
}

export const strategy = (options: unknown): Strategy.Strategy => {
  const { most, size, symbol, threshold, venues } = options as Options
  const [first, second] = venues

  const best = (context: Strategy.Context, venue: string) => {
    const view = context.book(venue, symbol)
    const [bid, ask] = view?.state === "live" ? [view.book.bestBid()?.[0], view.book.bestAsk()?.[0]] : []
    return bid === undefined || ask === undefined ? undefined : { bid, ask }
  }
  const held = (context: Strategy.Context, venue: string): number => Number(context.position(venue, symbol).size)
  const isBusy = (context: Strategy.Context): boolean => context.orders({ symbol }).length > 0

  /** At its price or not at all. */
  const take = (context: Strategy.Context, venue: string, side: Order.Side, near: number): void => {
    const { tickSize } = context.instrument(venue, symbol)!
    const price = onGrid(near, tickSize, side === "buy" ? "ceil" : "floor")
    const told = context.submit({ venue, symbol, side, kind: "limit", size, price, timeInForce: "ioc" })
    if (told._tag === "Refused") context.log.debug(told.refusal.message)
  }

  /** The leg that is alone is taken off. */
  const even = (context: Strategy.Context): boolean => {
    const [here, there] = [held(context, first), held(context, second)]
    const over = here + there
    if (Math.abs(over) < 1e-9) return true
    const venue = Math.abs(here) > Math.abs(there) ? first : second
    const amount = onGrid(Math.abs(over), context.instrument(venue, symbol)!.lotSize, "floor")
    context.submit({ venue, symbol, side: over > 0 ? "sell" : "buy", kind: "market", size: amount })
    return false
  }

  const look = (context: Strategy.Context): void => {
    const [here, there] = [best(context, first), best(context, second)]
    if (here === undefined || there === undefined || isBusy(context) || !even(context)) return
    const position = held(context, first)
    const begins = 1 + threshold / 10_000
    const sellHere = here.bid > there.ask * (position > 0 ? 1 : begins) && position > -most
    const sellThere = there.bid > here.ask * (position < 0 ? 1 : begins) && position < most
    if (sellHere === sellThere) return
    take(context, first, sellHere ? "sell" : "buy", sellHere ? here.bid : here.ask)
    take(context, second, sellHere ? "buy" : "sell", sellHere ? there.ask : there.bid)
  }

  return {
    subscriptions: venues.map((venue) => ({ venue, symbol, channels: ["book", "trades"] })),
    onBook: (_, context) => look(context),
    onOrder: (_, context) => look(context)
  }
}
