/**
 * Trades at random on every venue of a chaos run, the same in every run with the same seed: orders that rest, that take, that are
 * refused; changes and cancels of them. Then it ends all its orders and only tells what it knows, each second.
 */
import { Amount } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"

export interface Traded {
  readonly venue: string
  readonly symbol: string
  /** Lots that an order has at the least. */
  readonly size: number
  readonly assets: ReadonlyArray<string>
}

export interface Options {
  readonly traded: ReadonlyArray<Traded>
  /** Epoch ms: from then on it trades no more. */
  readonly until: number
  readonly everyMs: number
}

/** What it knows, as the log has it. */
export interface Standing {
  readonly isCalm: boolean
  readonly open: ReadonlyArray<string>
  /** `venue symbol` to size, of contracts. */
  readonly positions: Readonly<Record<string, string>>
  /** `venue asset` to total. */
  readonly balances: Readonly<Record<string, string>>
}

export const STANDING = "standing"

const MOST_OPEN = 6

export const strategy = (given: unknown): Strategy.Strategy => {
  const { everyMs, traded, until } = given as Options
  let last = 0
  const act = (context: Strategy.Context): void => {
    const now = context.now()
    if (now >= until || now - last < everyMs) return
    last = now
    const one = traded[Math.floor(context.random() * traded.length)]!
    const view = context.book(one.venue, one.symbol)
    const instrument = context.instrument(one.venue, one.symbol)
    if (view?.state !== "live" || instrument === undefined) return
    const [bid, ask] = [view.book.bestBid()?.[0], view.book.bestAsk()?.[0]]
    if (bid === undefined || ask === undefined) return
    const tick = Number(instrument.tickSize)
    const priced = (near: number): string =>
      canonical((Math.round(near / tick) * tick).toFixed(digitsOf(instrument.tickSize)))
    const sized = (): string =>
      canonical((one.size * (1 + Math.floor(context.random() * 4))).toFixed(digitsOf(instrument.lotSize)))
    const open = context.orders({ venue: one.venue, symbol: one.symbol })
    const chosen = open[Math.floor(context.random() * open.length)]
    const dice = context.random()
    if (chosen !== undefined && (dice < 0.3 || open.length >= MOST_OPEN)) {
      context.cancel(chosen.clientOrderId)
      return
    }
    const side = context.random() < 0.5 ? "buy" : "sell"
    const { symbol, venue } = one
    const away = Math.floor(context.random() * 8) * tick
    if (chosen?.price !== undefined && dice < 0.4) {
      context.amend(chosen.clientOrderId, { price: priced(chosen.side === "buy" ? bid - away : ask + away) })
    } else if (dice < 0.55) {
      context.submit({ venue, symbol, side, kind: "market", size: sized() })
    } else if (dice < 0.7) {
      const price = priced(side === "buy" ? ask + away : bid - away)
      context.submit({ venue, symbol, side, kind: "limit", size: sized(), price, timeInForce: "ioc" })
    } else {
      const price = priced(side === "buy" ? bid - away : ask + away)
      const timeInForce = dice < 0.85 ? "postOnly" : "gtc"
      context.submit({ venue, symbol, side, kind: "limit", size: sized(), price, timeInForce })
    }
  }
  return {
    subscriptions: traded.map(({ symbol, venue }) => ({ venue, symbol, channels: ["book", "trades"] })),
    // what the next process finds is what this one left
    onStopped: "cancel",
    onTrade: (_, context) => act(context),
    onBook: (_, context) => act(context),
    onTimer: (_, context) => {
      act(context)
      if (context.now() >= until) context.cancelAll()
      context.log.info(STANDING, { ...standingOf(traded, context, until) })
    }
  }
}

const standingOf = (traded: ReadonlyArray<Traded>, context: Strategy.Context, until: number): Standing => {
  const open = context.orders().map(({ clientOrderId, status, venue }) => `${venue} ${clientOrderId} ${status}`)
  return {
    isCalm: context.now() >= until && open.length === 0,
    open,
    positions: Object.fromEntries(
      traded.map(({ symbol, venue }) => [`${venue} ${symbol}`, context.accountPosition(venue, symbol)?.size ?? "0"])
    ),
    balances: Object.fromEntries(
      traded.flatMap(({ assets, venue }) =>
        assets.map((asset) => [`${venue} ${asset}`, context.balance(venue, asset)?.total ?? "0"])
      )
    )
  }
}

const digitsOf = (step: string): number => (step.includes(".") ? step.replace(/0+$/, "").split(".")[1]!.length : 0)

const canonical = (text: string): string => Amount.canonicalOf(text)!
