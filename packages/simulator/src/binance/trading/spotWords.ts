/**
 * Spot orders in the venue's words: answers of order entry, of queries, and execution reports. Source: Binance Spot docs,
 * "Trading endpoints", "Account endpoints", "User data stream"; docs/venues/binance.md.
 */
import type { AccountEvent } from "../../account/AccountEvent.ts"
import { fixed, ofUnits, times, type Money } from "../../account/money.ts"
import { isOver, type UserFill, type UserOrder } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { priceOf, sideWord, sizeOf, statusOf, word } from "./words.ts"

const eight = (amount: Money): string => fixed(amount, 8)

const NONE = "0.00000000"

export const ack = (order: UserOrder) => ({
  symbol: order.market.definition.symbol,
  orderId: order.id,
  orderListId: -1,
  clientOrderId: order.clientId,
  transactTime: order.updatedAt
})

const common = (order: UserOrder) => ({
  price: priceOf(order.market, order.price),
  origQty: sizeOf(order.market, order.size),
  executedQty: sizeOf(order.market, order.filled),
  origQuoteOrderQty: word(order, "quoteOrderQty", NONE),
  cummulativeQuoteQty: eight(order.worth),
  status: statusOf(order),
  timeInForce: word(order, "timeInForce", "GTC"),
  type: word(order, "type"),
  side: sideWord(order)
})

const stopPrice = (order: UserOrder) =>
  order.trigger === undefined ? {} : { stopPrice: priceOf(order.market, order.trigger.price) }

const stp = (order: UserOrder) => ({ selfTradePreventionMode: word(order, "selfTradePreventionMode", "EXPIRE_MAKER") })

export const result = (order: UserOrder) => ({
  ...ack(order),
  ...common(order),
  ...stopPrice(order),
  workingTime: order.workingAt ?? -1,
  ...stp(order)
})

const fillRow = (market: Market, fill: UserFill) => ({
  price: priceOf(market, fill.price),
  qty: sizeOf(market, fill.size),
  commission: eight(fill.fee),
  commissionAsset: fill.feeAsset,
  tradeId: fill.tradeId
})

export const full = (order: UserOrder) => ({
  ...result(order),
  fills: order.fills.map((fill) => fillRow(order.market, fill))
})

/** As a query tells it. */
export const queried = (order: UserOrder) => {
  const { origQuoteOrderQty, ...rest } = common(order)
  return {
    symbol: order.market.definition.symbol,
    orderId: order.id,
    orderListId: -1,
    clientOrderId: order.clientId,
    ...rest,
    stopPrice: order.trigger === undefined ? NONE : priceOf(order.market, order.trigger.price),
    icebergQty: NONE,
    time: order.createdAt,
    updateTime: order.updatedAt,
    isWorking: order.workingAt !== undefined,
    workingTime: order.workingAt ?? -1,
    origQuoteOrderQty,
    ...stp(order)
  }
}

/** The answer to a cancellation, which has an id of its own. */
export const cancelled = (order: UserOrder, requestId: string) => {
  const { origQuoteOrderQty, ...rest } = common(order)
  return {
    symbol: order.market.definition.symbol,
    origClientOrderId: order.clientId,
    orderId: order.id,
    orderListId: -1,
    clientOrderId: requestId,
    transactTime: order.updatedAt,
    ...rest,
    origQuoteOrderQty,
    ...stopPrice(order),
    ...stp(order)
  }
}

export const tradeRow = (order: UserOrder, fill: UserFill) => ({
  symbol: order.market.definition.symbol,
  id: fill.tradeId,
  orderId: order.id,
  orderListId: -1,
  price: priceOf(order.market, fill.price),
  qty: sizeOf(order.market, fill.size),
  quoteQty: eight(fill.worth),
  commission: eight(fill.fee),
  commissionAsset: fill.feeAsset,
  time: fill.time,
  isBuyer: order.direction === "buy",
  isMaker: fill.isMaker,
  isBestMatch: true
})

const executionType: Readonly<Record<string, string>> = {
  new: "NEW",
  triggered: "NEW",
  trade: "TRADE",
  cancelled: "CANCELED",
  expired: "EXPIRED",
  rejected: "REJECTED",
  amended: "REPLACED"
}

const endings: Readonly<Record<string, string>> = {
  unfilled: "UNFILLED_IOC_QUANTITY_EXPIRED",
  fok: "UNFILLED_FOK_ORDER_EXPIRED",
  noLiquidity: "INSUFFICIENT_LIQUIDITY"
}

/** On the book, or on its way there. */
const isWorking = (order: UserOrder, change: string): boolean =>
  !isOver(order) &&
  order.status === "open" &&
  (change === "new" || change === "triggered" || order.resting !== undefined)

export const executionReport = (
  event: Extract<AccountEvent, { readonly type: "order" }>,
  now: number
): Readonly<Record<string, unknown>> | undefined => {
  const { change, executionId, fill, order, requestId, time } = event
  const { market } = order
  const type = executionType[change]
  if (type === undefined) return undefined
  const quote =
    fill === undefined ? NONE : eight(times(ofUnits(market.sizeGrid, fill.size), ofUnits(market.priceGrid, fill.price)))
  const ending = change === "expired" && order.ending !== undefined ? endings[order.ending] : undefined
  return {
    e: "executionReport",
    E: now,
    s: market.definition.symbol,
    // A cancellation is told under its own id, and the order's stands in `C`.
    c: requestId ?? order.clientId,
    S: sideWord(order),
    o: word(order, "type"),
    f: word(order, "timeInForce", "GTC"),
    q: sizeOf(market, order.size),
    p: priceOf(market, order.price),
    P: priceOf(market, order.trigger?.price),
    F: NONE,
    g: -1,
    C: requestId === undefined ? "" : order.clientId,
    x: change === "expired" && order.ending === "ownMaker" ? "TRADE_PREVENTION" : type,
    X: statusOf(order),
    r: "NONE",
    i: order.id,
    l: fill === undefined ? NONE : sizeOf(market, fill.size),
    z: sizeOf(market, order.filled),
    L: fill === undefined ? NONE : priceOf(market, fill.price),
    n: fill === undefined ? "0" : eight(fill.fee),
    N: fill?.feeAsset ?? null,
    T: time,
    t: fill?.tradeId ?? -1,
    I: executionId,
    w: isWorking(order, change),
    m: fill?.isMaker ?? false,
    M: fill !== undefined,
    O: order.createdAt,
    Z: eight(order.worth),
    Y: quote,
    Q: word(order, "quoteOrderQty", NONE),
    ...(order.workingAt === undefined ? {} : { W: order.workingAt }),
    V: word(order, "selfTradePreventionMode", "EXPIRE_MAKER"),
    ...(ending === undefined ? {} : { eR: ending })
  }
}
