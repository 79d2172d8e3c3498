/**
 * Rows of spot's private stream as private events.
 * Source: docs/venues/binance.md, "Private stream of spot".
 */
import { Money, type PrivateEvent, Sparse } from "@tidewire/core"
import type * as wire from "../wire.ts"
import { kindOf, statusOf, timeOf } from "./terms.ts"

export interface Stamp {
  readonly venue: string
  readonly receivedTime: number
}

/** The order as it stands, and its execution if there was one; `undefined` when its status is not known here. */
export const executionEvents = (
  row: typeof wire.ExecutionReport.Type,
  { receivedTime, venue }: Stamp
): ReadonlyArray<PrivateEvent.PrivateEvent> | undefined => {
  const status = statusOf(row.X)
  if (status === undefined) return undefined
  const price = Money.ifAny(row.p)
  const side = row.S === "BUY" ? "buy" : "sell"
  // a cancel has an id of its own, and tells ours as the original one
  const clientOrderId = row.C === undefined || row.C === "" ? row.c : row.C
  const venueOrderId = String(row.i)
  const stamps = { venue, exchangeTime: row.T ?? row.E, receivedTime }
  const order = Sparse.of<PrivateEvent.Order>({
    type: "order",
    ...stamps,
    symbol: row.s,
    clientOrderId,
    venueOrderId,
    side,
    kind: kindOf(row.o, price !== undefined),
    size: Money.of(row.q),
    price,
    triggerPrice: Money.ifAny(row.P),
    timeInForce: timeOf(row.o, row.f, price !== undefined),
    reduceOnly: undefined,
    status,
    filled: Money.of(row.z),
    averagePrice: Money.average(row.Z, row.z),
    reason: reasonOf(row),
    strategy: undefined
  })
  if (row.x !== "TRADE" || row.t < 0) return [order]
  const paid = row.N === null || row.N === undefined || row.n === null || row.n === undefined ? undefined : row.n
  const fill = Sparse.of<PrivateEvent.Fill>({
    type: "fill",
    ...stamps,
    symbol: row.s,
    id: String(row.t),
    clientOrderId,
    venueOrderId,
    side,
    price: Money.of(row.L),
    size: Money.of(row.l),
    fee: paid === undefined ? undefined : Money.of(paid),
    feeAsset: paid === undefined ? undefined : (row.N ?? undefined),
    liquidity: row.m ? "maker" : "taker",
    strategy: undefined
  })
  return [order, fill]
}

const reasonOf = ({ X, eR, r }: typeof wire.ExecutionReport.Type): string | undefined => {
  if (r !== "NONE" && r !== "") return r
  if (eR !== undefined) return String(eR)
  return X === "EXPIRED_IN_MATCH" ? "self-trade prevention" : undefined
}

/** What is told is absolute; what is not told has not changed. */
export const balanceEvents = (
  row: typeof wire.AccountPosition.Type,
  { receivedTime, venue }: Stamp
): ReadonlyArray<PrivateEvent.Balance> =>
  row.B.map(({ a, f, l }) =>
    Sparse.of<PrivateEvent.Balance>({
      type: "balance",
      venue,
      exchangeTime: row.u ?? row.E,
      receivedTime,
      asset: a,
      total: Money.sum(f, l),
      free: Money.of(f),
      locked: Money.of(l)
    })
  )
