/**
 * What CCXT tells of an account as private events. What has no id, no symbol or no amounts is nothing that could be told, and
 * is left out.
 */
import { Amount, Money, type Order, type PrivateEvent, Sparse } from "@tidewire/core"
import type { AccountQuirks } from "./accountQuirks.ts"
import type { PrivateBalance, PrivateOrder, PrivatePosition, PrivateTrade } from "./PrivateExchange.ts"

export interface Stamp {
  readonly venue: string
  readonly receivedTime: number
}

/** CCXT's own parts still make a number of a text now and then; the shortest text of it is what it was made of. */
const amount = (value: unknown): Amount.Amount | undefined =>
  typeof value === "string" || typeof value === "number" ? Amount.canonicalOf(String(value)) : undefined

const price = (value: unknown): Amount.Amount | undefined => {
  const read = amount(value)
  return read === "0" ? undefined : read
}

const statuses: Readonly<Record<string, Order.Status>> = {
  open: "open",
  closed: "filled",
  canceled: "cancelled",
  canceling: "open",
  expired: "expired",
  expired_in_match: "expired",
  rejected: "rejected"
}

const times: Readonly<Record<string, Order.TimeInForce>> = { GTC: "gtc", IOC: "ioc", FOK: "fok", PO: "postOnly" }

const isLess = (filled: Amount.Amount | undefined, size: Amount.Amount): boolean =>
  filled !== undefined && Money.difference(filled, size).startsWith("-")

const timeOf = ({ postOnly, timeInForce = "" }: PrivateOrder): Order.TimeInForce | undefined =>
  postOnly === true ? "postOnly" : times[timeInForce]

/** Of an order with a trigger. */
const waitingKind = ({ side, type = "" }: PrivateOrder, rises: boolean | undefined): Order.Kind => {
  if (rises !== undefined) return rises === (side === "buy") ? "stop" : "takeProfit"
  return /take.?profit/i.test(type) ? "takeProfit" : "stop"
}

/** An order that nobody gave an id is known by the exchange's. */
export const order = (
  told: PrivateOrder,
  { receivedTime, venue }: Stamp,
  quirks: Pick<AccountQuirks, "rises">
): PrivateEvent.Order | undefined => {
  const { clientOrderId, id, side, status = "", symbol, type } = told
  const size = amount(told.amount)
  const known = clientOrderId === undefined || clientOrderId === "" ? id : clientOrderId
  if (known === undefined || symbol === undefined || size === undefined) return undefined
  if (side !== "buy" && side !== "sell") return undefined
  const limit = type === "market" ? undefined : price(told.price)
  const triggerPrice = price(told.triggerPrice)
  const plain = limit === undefined ? "market" : "limit"
  const waiting = waitingKind(told, quirks.rises(told.info))
  const filled = amount(told.filled)
  return Sparse.of<PrivateEvent.Order>({
    type: "order",
    venue,
    exchangeTime: told.lastUpdateTimestamp ?? told.lastTradeTimestamp ?? told.timestamp,
    receivedTime,
    symbol,
    clientOrderId: known,
    venueOrderId: id,
    side,
    kind: triggerPrice === undefined ? plain : waiting,
    size,
    price: limit,
    triggerPrice,
    timeInForce: limit === undefined ? undefined : timeOf(told),
    reduceOnly: told.reduceOnly === true ? true : undefined,
    // what ended with a part of it filled is closed to CCXT
    status: status === "closed" && isLess(filled, size) ? "cancelled" : (statuses[status] ?? "unknown"),
    filled: filled ?? "0",
    averagePrice: price(told.average),
    reason: statuses[status] === undefined ? `the exchange's status ${status}` : undefined,
    strategy: undefined
  })
}

export const fill = (told: PrivateTrade, { receivedTime, venue }: Stamp): PrivateEvent.Fill | undefined => {
  const { fee, id, order: venueOrderId, side, symbol, takerOrMaker, timestamp } = told
  const [at, size] = [amount(told.price), amount(told.amount)]
  if (id === undefined || symbol === undefined || at === undefined || size === undefined) return undefined
  if (side !== "buy" && side !== "sell") return undefined
  const paid = amount(fee?.cost)
  return Sparse.of<PrivateEvent.Fill>({
    type: "fill",
    venue,
    exchangeTime: timestamp,
    receivedTime,
    symbol,
    id,
    clientOrderId: undefined,
    venueOrderId,
    side,
    price: at,
    size,
    fee: paid,
    feeAsset: paid === undefined ? undefined : fee?.currency,
    liquidity: takerOrMaker === "maker" || takerOrMaker === "taker" ? takerOrMaker : undefined,
    strategy: undefined
  })
}

export const balances = (
  { free = {}, info, timestamp, total = {}, used = {} }: PrivateBalance,
  { receivedTime, venue }: Stamp,
  { wallet }: Pick<AccountQuirks, "wallet">
): ReadonlyArray<PrivateEvent.Balance> => {
  const own = wallet(info)
  return Object.entries(total).flatMap(([asset, value]) => {
    const all = amount(own.get(asset) ?? value)
    if (all === undefined) return []
    return [
      Sparse.of<PrivateEvent.Balance>({
        type: "balance",
        venue,
        exchangeTime: timestamp,
        receivedTime,
        asset,
        total: all,
        free: amount(free[asset]),
        locked: amount(used[asset])
      })
    ]
  })
}

export const position = (told: PrivatePosition, { receivedTime, venue }: Stamp): PrivateEvent.Position | undefined => {
  const { hedged, side, symbol, timestamp } = told
  const size = amount(told.contracts)
  if (symbol === undefined || size === undefined) return undefined
  const signed = side === "short" && size !== "0" ? `-${size}` : size
  return Sparse.of<PrivateEvent.Position>({
    type: "position",
    venue,
    exchangeTime: timestamp,
    receivedTime,
    symbol,
    leg: hedged === true && (side === "long" || side === "short") ? side : "net",
    size: signed,
    entryPrice: price(told.entryPrice),
    unrealizedPnl: amount(told.unrealizedPnl)
  })
}
