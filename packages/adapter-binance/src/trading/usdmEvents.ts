/**
 * Rows of the private stream of futures as private events.
 *
 * An order that waits for a trigger is told by `ALGO_UPDATE`; once triggered it is an order of the same client id, told by
 * `ORDER_TRADE_UPDATE`, which no longer knows what it waited for: `Triggers` remembers.
 * Source: docs/venues/binance.md, "Private stream of USDⓈ-M".
 */
import { Money, type Order, type PrivateEvent, Sparse } from "@tidewire/core"
import type * as wire from "../wire.ts"
import type { Stamp } from "./spotEvents.ts"
import { expiryOf, kindOf, statusOf, timeOf } from "./terms.ts"
import type { Triggers } from "./triggers.ts"

/** Executions: of the book, and those that the venue made itself (liquidation). */
const EXECUTIONS: ReadonlySet<string> = new Set(["TRADE", "CALCULATED"])

/** The order as it stands, and its execution if there was one; `undefined` when its status is not known here. */
export const orderEvents = (
  { E, T, o: row }: typeof wire.OrderTradeUpdate.Type,
  { receivedTime, venue }: Stamp,
  triggers: Triggers
): ReadonlyArray<PrivateEvent.PrivateEvent> | undefined => {
  const status = statusOf(row.X)
  if (status === undefined) return undefined
  const price = Money.ifAny(row.p)
  const side = row.S === "BUY" ? "buy" : "sell"
  const venueOrderId = String(row.i)
  const stamps = { venue, exchangeTime: row.T ?? T ?? E, receivedTime }
  const waited = triggers.of(row.c)
  const order = Sparse.of<PrivateEvent.Order>({
    type: "order",
    ...stamps,
    symbol: row.s,
    clientOrderId: row.c,
    venueOrderId,
    side,
    kind: waited?.kind ?? kindOf(row.ot ?? row.o, price !== undefined),
    size: Money.of(row.q),
    price,
    triggerPrice: waited?.triggerPrice ?? Money.ifAny(row.sp),
    timeInForce: timeOf(row.o, row.f, price !== undefined),
    reduceOnly: row.R ? true : undefined,
    status,
    filled: Money.of(row.z),
    averagePrice: Money.ifAny(row.ap),
    reason: status === "open" ? undefined : expiryOf(row.er ?? "0"),
    strategy: undefined
  })
  const size = Money.of(row.l)
  if (!EXECUTIONS.has(row.x) || size === "0") return [order]
  const paid = row.N === null || row.N === undefined || row.n === null || row.n === undefined ? undefined : row.n
  const fill = Sparse.of<PrivateEvent.Fill>({
    type: "fill",
    ...stamps,
    symbol: row.s,
    // an execution that is no trade has no id: what is filled in all is as good within its order
    id: row.t > 0 ? String(row.t) : `${row.i}-${Money.of(row.z)}`,
    clientOrderId: row.c,
    venueOrderId,
    side,
    price: Money.of(row.L),
    size,
    fee: paid === undefined ? undefined : Money.of(paid),
    feeAsset: paid === undefined ? undefined : (row.N ?? undefined),
    liquidity: row.m ? "maker" : "taker",
    strategy: undefined
  })
  return [order, fill]
}

/** What a waiting order may end as by itself; once triggered, the order that it became tells the rest. */
const algoStatuses: Readonly<Record<string, Order.Status>> = {
  NEW: "open",
  CANCELED: "cancelled",
  REJECTED: "rejected",
  EXPIRED: "expired"
}

export const algoStatusOf = (status: string): Order.Status | undefined => algoStatuses[status]

/** The waiting order; nothing once it was triggered. */
export const algoEvents = (
  { E, T, o: row }: typeof wire.AlgoUpdate.Type,
  { receivedTime, venue }: Stamp,
  triggers: Triggers
): ReadonlyArray<PrivateEvent.Order> => {
  const price = Money.ifAny(row.p)
  const kind = kindOf(row.o, price !== undefined)
  const triggerPrice = Money.ifAny(row.tp)
  triggers.remember(row.caid, { kind, triggerPrice })
  const status = algoStatuses[row.X]
  if (status === undefined) return []
  return [
    Sparse.of<PrivateEvent.Order>({
      type: "order",
      venue,
      exchangeTime: T ?? E,
      receivedTime,
      symbol: row.s,
      clientOrderId: row.caid,
      venueOrderId: undefined,
      side: row.S === "BUY" ? "buy" : "sell",
      kind,
      size: Money.of(row.q),
      price,
      triggerPrice,
      timeInForce: timeOf(row.o, row.f, price !== undefined),
      reduceOnly: row.R ? true : undefined,
      status,
      filled: "0",
      averagePrice: undefined,
      reason: row.rm,
      strategy: undefined
    })
  ]
}

const legs = { BOTH: "net", LONG: "long", SHORT: "short" } as const

/** Balances and positions are absolute, and only those that changed; funding is told by the change of a balance. */
export const accountEvents = (
  { E, T, a }: typeof wire.AccountUpdate.Type,
  { receivedTime, venue }: Stamp
): ReadonlyArray<PrivateEvent.PrivateEvent> => {
  const stamps = { venue, exchangeTime: T ?? E, receivedTime }
  const { B: balances = [], P: positions = [], m: reason } = a
  // of an isolated position; with cross margin only the asset is told
  const symbol = positions.length === 1 ? positions[0]?.s : undefined
  return [
    ...balances.map(({ a: asset, wb }) =>
      Sparse.of<PrivateEvent.Balance>({
        type: "balance",
        ...stamps,
        asset,
        total: Money.of(wb),
        free: undefined,
        locked: undefined
      })
    ),
    ...positions.map((each) => positionEvent(each, stamps)),
    ...(reason === "FUNDING_FEE" ? balances : []).flatMap(({ a: asset, bc }) => {
      const amount = Money.ifAny(bc)
      return amount === undefined
        ? []
        : [Sparse.of<PrivateEvent.Funding>({ type: "funding", ...stamps, symbol, asset, amount })]
    })
  ]
}

interface PositionRow {
  readonly s: string
  readonly pa: string
  readonly ep: string
  readonly up?: string
  readonly ps: keyof typeof legs
}

export const positionEvent = (
  { ep, pa, ps, s, up }: PositionRow,
  stamps: { readonly venue: string; readonly exchangeTime: number | undefined; readonly receivedTime: number }
): PrivateEvent.Position =>
  Sparse.of<PrivateEvent.Position>({
    type: "position",
    ...stamps,
    symbol: s,
    leg: legs[ps],
    size: Money.of(pa),
    entryPrice: Money.ifAny(ep),
    unrealizedPnl: up === undefined ? undefined : Money.of(up)
  })
