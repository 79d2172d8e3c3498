/**
 * How things stand for an order, as risk must know it.
 */
import { Amount, type Instrument } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import { type CheckedOrder, notional } from "./OrderCheck.ts"
import type { Situation } from "./Risk.ts"
import type { TrackedOrder } from "./TrackedOrder.ts"
import type { VenueDesk } from "./VenueDesk.ts"

const zero = BigDecimal.make(0n, 0)

/** `except` is the order that is amended: what it asks for now takes the place of what it asked for before. */
export const situation = (
  desk: VenueDesk,
  instrument: Instrument.Instrument,
  order: CheckedOrder,
  whole: Pick<Situation, "openOrders" | "dailyPnl" | "rate"> & { readonly position: BigDecimal.BigDecimal | undefined },
  except?: TrackedOrder
): Situation => {
  let openOnSide = zero
  for (const open of desk.store.open.values()) {
    if (open === except || open.view?.symbol !== instrument.symbol || open.view.side !== order.request.side) continue
    openOnSide = BigDecimal.sum(openOnSide, open.remaining)
  }
  return {
    instrument,
    best: bestOf(desk, instrument.symbol),
    position: whole.position ?? desk.holdings.position(instrument),
    openOnSide,
    openOrders: whole.openOrders,
    dailyPnl: whole.dailyPnl,
    free: instrument.kind === "spot" ? free(desk, instrument, order, except) : undefined,
    rate: whole.rate
  }
}

const bestOf = (desk: VenueDesk, symbol: string): Situation["best"] => {
  const view = desk.setup.book(symbol)
  if (view?.state !== "live") return undefined
  const [bid, ask] = [view.book.bestBid(), view.book.bestAsk()]
  return bid === undefined || ask === undefined
    ? undefined
    : { bid: BigDecimal.fromNumberUnsafe(bid[0]), ask: BigDecimal.fromNumberUnsafe(ask[0]) }
}

/** What the venue last said is free, without what orders hold that were placed after that. */
const free = (
  desk: VenueDesk,
  instrument: Instrument.Instrument,
  order: CheckedOrder,
  except: TrackedOrder | undefined
): BigDecimal.BigDecimal => {
  const asset = order.request.side === "buy" ? instrument.quote : instrument.base
  const balance = desk.holdings.balances.get(asset)
  let left = Amount.read(balance?.free ?? balance?.total ?? "0") ?? zero
  const since = balance?.free === undefined ? Number.NEGATIVE_INFINITY : balance.receivedTime
  for (const open of desk.store.open.values()) {
    if (open === except || open.since < since || open.view?.side !== order.request.side) continue
    left = BigDecimal.subtract(left, heldBy(desk, open, asset))
  }
  return except === undefined ? left : BigDecimal.sum(left, heldBy(desk, except, asset))
}

const heldBy = (desk: VenueDesk, open: TrackedOrder, asset: string): BigDecimal.BigDecimal => {
  const { view } = open
  const instrument = view === undefined ? undefined : desk.setup.instrument(view.symbol)
  if (view === undefined || instrument === undefined) return zero
  if (view.side === "sell") return instrument.base === asset ? open.remaining : zero
  const price = Amount.read(view.price ?? view.triggerPrice ?? "")
  return instrument.quote === asset && price !== undefined ? notional(instrument, open.remaining, price) : zero
}
