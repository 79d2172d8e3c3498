/**
 * Rows of orders and executions as private events: the same rows on the private socket and over REST.
 * Source: docs/venues/bybit.md, "Private topics".
 */
import { Money, type PrivateEvent, Sparse } from "@tidewire/core"
import type { Market } from "../market.ts"
import type * as wire from "../wire.ts"
import { kindOf, reasonOf, statusOf, timeOf } from "./terms.ts"

export interface Stamp {
  readonly venue: string
  readonly receivedTime: number
}

/** An order that nobody gave an id is known by the venue's. */
const clientIdOf = ({ orderId, orderLinkId = "" }: { readonly orderId: string; readonly orderLinkId?: string }) =>
  orderLinkId === "" ? orderId : orderLinkId

/** A status that we have no word for is not made up: the order is unknown. */
export const order = (row: typeof wire.AccountOrder.Type, { receivedTime, venue }: Stamp): PrivateEvent.Order => {
  const side = row.side === "Buy" ? "buy" : "sell"
  // a market order is told with the price at which it would have stopped
  const price = row.orderType === "Market" ? undefined : Money.ifAny(row.price)
  const triggerPrice = Money.ifAny(row.triggerPrice)
  const waits = triggerPrice !== undefined
  const hasPrice = price !== undefined
  const status = statusOf(row)
  return Sparse.of<PrivateEvent.Order>({
    type: "order",
    venue,
    exchangeTime: Number(row.updatedTime),
    receivedTime,
    symbol: row.symbol,
    clientOrderId: clientIdOf(row),
    venueOrderId: row.orderId,
    side,
    kind: kindOf({ hasPrice, waits, triggerDirection: row.triggerDirection }, side),
    // what somebody else bought for so much of the quote asset has no size but what is filled
    size: Money.of(row.marketUnit === "quoteCoin" ? row.cumExecQty : row.qty),
    price,
    triggerPrice,
    timeInForce: timeOf(row.timeInForce, hasPrice),
    reduceOnly: row.reduceOnly === true ? true : undefined,
    status: status ?? "unknown",
    filled: Money.of(row.cumExecQty),
    averagePrice: Money.ifAny(row.avgPrice),
    reason: status === undefined ? `the venue's status ${row.orderStatus}` : reasonOf(status, row),
    strategy: undefined
  })
}

const FUNDING = "Funding"

/** Executions that are trades of an order; the others are fees, or moves between accounts. */
const FILLS: ReadonlySet<string> = new Set([
  "Trade",
  "AdlTrade",
  "BustTrade",
  "Delivery",
  "Settle",
  "BlockTrade",
  "FutureSpread"
])

export type Execution = typeof wire.AccountExecution.Type

export const isFill = ({ execType, side }: Execution): boolean =>
  FILLS.has(execType) && (side === "Buy" || side === "Sell")

export const fill = (
  row: Execution,
  { receivedTime, venue }: Stamp,
  { feeAsset }: Pick<Market, "feeAsset">
): PrivateEvent.Fill => {
  const fee = row.execFee === undefined || row.execFee === "" ? undefined : Money.of(row.execFee)
  return Sparse.of<PrivateEvent.Fill>({
    type: "fill",
    venue,
    exchangeTime: Number(row.execTime),
    receivedTime,
    symbol: row.symbol,
    id: row.execId,
    clientOrderId: row.orderId === "" ? undefined : clientIdOf(row),
    venueOrderId: row.orderId === "" ? undefined : row.orderId,
    side: row.side === "Buy" ? "buy" : "sell",
    price: Money.of(row.execPrice),
    size: Money.of(row.execQty),
    fee,
    feeAsset: fee === undefined ? undefined : assetOf(row, feeAsset),
    liquidity: row.isMaker === undefined ? undefined : row.isMaker ? "maker" : "taker",
    strategy: undefined
  })
}

/** What was paid is a fee, what was received a negative one: a payment is the other way round. */
export const funding = (
  row: Execution,
  { receivedTime, venue }: Stamp,
  { feeAsset }: Pick<Market, "feeAsset">
): PrivateEvent.Funding | undefined => {
  const asset = assetOf(row, feeAsset)
  if (row.execType !== FUNDING || asset === undefined || row.execFee === undefined) return undefined
  const amount = Money.negated(row.execFee)
  return { type: "funding", venue, exchangeTime: Number(row.execTime), receivedTime, symbol: row.symbol, asset, amount }
}

const assetOf = ({ feeCurrency = "", symbol }: Execution, feeAsset: Market["feeAsset"]): string | undefined =>
  feeCurrency === "" ? feeAsset(symbol) : feeCurrency
