/**
 * Answers to the reads of an account as private events. They are stamped with the time of their answer.
 * Source: docs/venues/binance.md, "Reads of an account".
 */
import { Money, type Order, type PrivateEvent, Sparse } from "@tidewire/core"
import type * as wire from "../wire.ts"
import type { Stamp } from "./spotEvents.ts"
import { kindOf, statusOf, timeOf } from "./terms.ts"
import { algoStatusOf } from "./usdmEvents.ts"
import type { Trigger } from "./triggers.ts"

/** A status that we have no word for is not made up: the order is unknown. */
export const order = (
  row: typeof wire.Order.Type,
  { receivedTime, venue }: Stamp,
  waited?: Trigger
): PrivateEvent.Order => {
  const price = Money.ifAny(row.price)
  const type = row.origType ?? row.type
  return Sparse.of<PrivateEvent.Order>({
    type: "order",
    venue,
    exchangeTime: row.updateTime ?? row.time,
    receivedTime,
    symbol: row.symbol,
    clientOrderId: row.clientOrderId,
    venueOrderId: String(row.orderId),
    side: row.side === "BUY" ? "buy" : "sell",
    kind: waited?.kind ?? kindOf(type, price !== undefined),
    size: Money.of(row.origQty),
    price,
    triggerPrice: waited?.triggerPrice ?? Money.ifAny(row.stopPrice),
    timeInForce: timeOf(type, row.timeInForce, price !== undefined),
    reduceOnly: row.reduceOnly === true ? true : undefined,
    status: statusOf(row.status) ?? "unknown",
    filled: Money.of(row.executedQty),
    averagePrice: Money.ifAny(row.avgPrice) ?? Money.average(row.cummulativeQuoteQty, row.executedQty),
    reason: statusOf(row.status) === undefined ? `the venue's status ${row.status}` : undefined,
    strategy: undefined
  })
}

export const triggerOf = (row: typeof wire.AlgoOrder.Type): Trigger => ({
  kind: kindOf(row.orderType, Money.ifAny(row.price) !== undefined),
  triggerPrice: Money.ifAny(row.triggerPrice)
})

const ofAlgo = (
  row: typeof wire.AlgoOrder.Type,
  { receivedTime, venue }: Stamp,
  { reason, status }: { readonly status: Order.Status; readonly reason?: string }
): PrivateEvent.Order => {
  const price = Money.ifAny(row.price)
  return Sparse.of<PrivateEvent.Order>({
    type: "order",
    venue,
    exchangeTime: row.updateTime,
    receivedTime,
    symbol: row.symbol,
    clientOrderId: row.clientAlgoId,
    venueOrderId: undefined,
    side: row.side === "BUY" ? "buy" : "sell",
    ...triggerOf(row),
    size: Money.of(row.quantity),
    price,
    timeInForce: timeOf(row.orderType, row.timeInForce, price !== undefined),
    reduceOnly: row.reduceOnly === true ? true : undefined,
    status,
    filled: "0",
    averagePrice: undefined,
    reason,
    strategy: undefined
  })
}

/** An order that waits for its trigger, or ended waiting; `undefined` when it has become another, which tells the rest. */
export const algoOrder = (row: typeof wire.AlgoOrder.Type, stamp: Stamp): PrivateEvent.Order | undefined => {
  const status = algoStatusOf(row.algoStatus)
  return status && ofAlgo(row, stamp, { status })
}

/** One that has become another that is not to be found: it is about to be, or the venue has forgotten it unfilled. */
export const triggered = (row: typeof wire.AlgoOrder.Type, stamp: Stamp): PrivateEvent.Order =>
  ofAlgo(
    row,
    stamp,
    row.algoStatus === "FINISHED" ? { status: "expired", reason: "triggered, and ended unfilled" } : { status: "open" }
  )

export const fill = (row: (typeof wire.Fills.Type)[number], { receivedTime, venue }: Stamp): PrivateEvent.Fill =>
  Sparse.of<PrivateEvent.Fill>({
    type: "fill",
    venue,
    exchangeTime: row.time,
    receivedTime,
    symbol: row.symbol,
    id: String(row.id),
    clientOrderId: undefined,
    venueOrderId: String(row.orderId),
    side: (row.side ?? (row.isBuyer === true ? "BUY" : "SELL")) === "BUY" ? "buy" : "sell",
    price: Money.of(row.price),
    size: Money.of(row.qty),
    fee: row.commissionAsset === undefined || row.commission === undefined ? undefined : Money.of(row.commission),
    feeAsset: row.commission === undefined ? undefined : row.commissionAsset,
    liquidity: (row.isMaker ?? row.maker) === true ? "maker" : "taker",
    strategy: undefined
  })
