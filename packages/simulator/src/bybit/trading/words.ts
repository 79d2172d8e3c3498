/**
 * Orders, executions and positions in the venue's words: the same rows by REST and on the private topics. Times are texts.
 * Source: Bybit v5 docs, "Get Open & Closed Orders", "Get Trade History", "Get Position Info", "WebSocket Stream, Private".
 */
import { isSpot, markPrice } from "../../account/funds.ts"
import { add, isZero, type Money, of, ofUnits, quotient, text, times, zero } from "../../account/money.ts"
import { Position } from "../../account/Position.ts"
import { termsOf } from "../../account/terms.ts"
import { isOver, left, type UserFill, type UserOrder } from "../../account/UserOrder.ts"
import type { Market } from "../../market/market.ts"
import { categoryOf } from "../category.ts"
import { orderIdOf } from "./orderId.ts"

export const sizeOf = (market: Market, steps: number): string => text(ofUnits(market.sizeGrid, steps))
export const priceOf = (market: Market, ticks: number | undefined): string =>
  ticks === undefined ? "0" : text(ofUnits(market.priceGrid, ticks))

export const sideOf = ({ direction }: UserOrder): "Buy" | "Sell" => (direction === "buy" ? "Buy" : "Sell")

export const indexOf = ({ leg }: UserOrder | Position): 0 | 1 | 2 => (leg === "net" ? 0 : leg === "long" ? 1 : 2)

const statusOf = (order: UserOrder): string => {
  const { filled, market, status } = order
  if (status === "untriggered") return "Untriggered"
  if (status === "open") return filled > 0 ? "PartiallyFilled" : "New"
  if (status === "filled") return "Filled"
  if (status === "rejected") return "Rejected"
  if (status === "cancelled" && order.trigger !== undefined && order.workingAt === undefined) return "Deactivated"
  return isSpot(market) && filled > 0 ? "PartiallyFilledCanceled" : "Cancelled"
}

const rejections: Readonly<Record<string, string>> = {
  wouldTake: "EC_PostOnlyWillTakeLiquidity",
  fok: "EC_NoImmediateQtyToFill",
  unfilled: "EC_NoImmediateQtyToFill",
  noLiquidity: "EC_NoImmediateQtyToFill",
  reduceOnly: "EC_ReduceOnlyNotSatisfied",
  funds: "EC_NoEnoughBalance"
}

const reasonOf = ({ ending, status }: UserOrder): string => {
  if (ending !== undefined) return rejections[ending] ?? "EC_Others"
  return status === "cancelled" ? "EC_PerCancelRequest" : "EC_NoError"
}

const cancelOf = ({ ending, status }: UserOrder): string => {
  if (ending === "reduceOnly") return "CancelByReduceOnly"
  return status === "cancelled" ? "CancelByUser" : "UNKNOWN"
}

const lifetimes = { gtc: "GTC", ioc: "IOC", fok: "FOK", postOnly: "PostOnly" } as const

const AVERAGE_DIGITS = 8

export const averageOf = ({ filled, market, worth }: UserOrder): string => {
  if (filled === 0 || isZero(worth)) return ""
  const size = ofUnits(market.sizeGrid, filled)
  return text(market.rules.isInverse ? quotient(size, worth, AVERAGE_DIGITS) : quotient(worth, size, AVERAGE_DIGITS))
}

const worthOf = (market: Market, steps: number, ticks: number | undefined): Money =>
  ticks === undefined ? zero : Position.worth(market, steps, ticks)

const stopType = ({ trigger, words }: UserOrder): string =>
  trigger === undefined ? "" : (words["stopOrderType"] ?? "Stop")

export const orderRow = (order: UserOrder, status = statusOf(order)) => {
  const { market, price, trigger } = order
  const isDone = isOver(order)
  return {
    category: categoryOf(market.definition.market),
    symbol: market.definition.symbol,
    orderId: orderIdOf(order),
    orderLinkId: order.clientId,
    blockTradeId: "",
    side: sideOf(order),
    positionIdx: indexOf(order),
    orderStatus: status,
    cancelType: cancelOf(order),
    rejectReason: reasonOf(order),
    timeInForce: order.price === undefined ? "IOC" : lifetimes[order.lifetime],
    isLeverage: isSpot(market) ? "0" : "",
    price: priceOf(market, price),
    // What a spot market order asked for in the quote coin is told in it.
    qty: order.words["qty"] ?? sizeOf(market, order.size),
    avgPrice: averageOf(order),
    leavesQty: isDone ? "0" : sizeOf(market, left(order)),
    leavesValue: isDone ? "0" : text(worthOf(market, left(order), price)),
    cumExecQty: sizeOf(market, order.filled),
    cumExecValue: text(order.worth),
    cumExecFee: text(order.fee),
    cumFeeDetail: Object.fromEntries(order.fills.slice(-1).map(({ feeAsset }) => [feeAsset, text(order.fee)])),
    closedPnl: text(closedOf(order)),
    orderType: order.words["orderType"] ?? "Limit",
    stopOrderType: stopType(order),
    orderIv: "",
    triggerPrice: trigger === undefined ? "" : priceOf(market, trigger.price),
    takeProfit: "",
    stopLoss: "",
    triggerBy: trigger === undefined ? "" : triggers[trigger.by],
    tpTriggerBy: "",
    slTriggerBy: "",
    triggerDirection: trigger === undefined ? 0 : trigger.when === "rises" ? 1 : 2,
    placeType: "",
    lastPriceOnCreated: order.words["lastPriceOnCreated"] ?? "",
    closeOnTrigger: false,
    reduceOnly: order.reduceOnly,
    smpGroup: 0,
    smpType: "None",
    smpOrderId: "",
    // Spot orders do not have it; clients tell them by that.
    ...(isSpot(market) ? {} : { tpslMode: "" }),
    createType: "CreateByUser",
    tpLimitPrice: "",
    slLimitPrice: "",
    ocoTriggerBy: "",
    marketUnit: order.words["marketUnit"] ?? "",
    createdTime: String(order.createdAt),
    updatedTime: String(order.updatedAt),
    feeCurrency: isSpot(market) ? (order.fills.at(-1)?.feeAsset ?? "") : ""
  }
}

const triggers = { last: "LastPrice", mark: "MarkPrice", index: "IndexPrice" } as const

const closedOf = ({ fills }: UserOrder): Money => {
  let sum = zero
  for (const { realised } of fills) sum = add(sum, realised)
  return sum
}

export const executionRow = (order: UserOrder, fill: UserFill) => {
  const { market } = order
  const terms = termsOf[market.definition.market]
  return {
    category: categoryOf(market.definition.market),
    symbol: market.definition.symbol,
    isLeverage: isSpot(market) ? "0" : "",
    orderId: orderIdOf(order),
    orderLinkId: order.clientId,
    side: sideOf(order),
    orderPrice: priceOf(market, order.price),
    orderQty: sizeOf(market, order.size),
    leavesQty: isOver(order) && order.status !== "filled" ? "0" : sizeOf(market, left(order)),
    createType: "CreateByUser",
    orderType: order.words["orderType"] ?? "Limit",
    stopOrderType: stopType(order),
    execFee: text(fill.fee),
    execId: market.rules.tradeId(market.seed, fill.tradeId),
    execPrice: priceOf(market, fill.price),
    execQty: sizeOf(market, fill.size),
    execPnl: text(fill.realised),
    execType: "Trade",
    execValue: text(fill.worth),
    execTime: String(fill.time),
    isMaker: fill.isMaker,
    feeRate: text(fill.isMaker ? terms.maker : terms.taker),
    tradeIv: "",
    markIv: "",
    markPrice: text(markPrice(market)),
    indexPrice: "",
    underlyingPrice: "",
    blockTradeId: "",
    closedSize: sizeOf(market, fill.closed),
    extraFees: "",
    seq: fill.sequence,
    feeCurrency: fill.feeAsset
  }
}

export const fastRow = (order: UserOrder, fill: UserFill) => ({
  category: categoryOf(order.market.definition.market),
  symbol: order.market.definition.symbol,
  orderId: orderIdOf(order),
  isMaker: fill.isMaker,
  orderLinkId: fill.isMaker ? "" : order.clientId,
  execId: order.market.rules.tradeId(order.market.seed, fill.tradeId),
  execPrice: priceOf(order.market, fill.price),
  execQty: sizeOf(order.market, fill.size),
  side: sideOf(order),
  execTime: String(fill.time),
  seq: fill.sequence
})

export const positionRow = (position: Position) => {
  const { market, size } = position
  const price = markPrice(market)
  const { leverage, maintenance } = termsOf[market.definition.market]
  const value = position.value(price)
  return {
    category: categoryOf(market.definition.market),
    symbol: market.definition.symbol,
    side: size === 0 ? "" : size > 0 ? "Buy" : "Sell",
    size: sizeOf(market, Math.abs(size)),
    positionIdx: indexOf(position),
    positionValue: size === 0 ? "" : text(value),
    riskId: 1,
    riskLimitValue: "2000000",
    entryPrice: text(position.entryPrice),
    avgPrice: text(position.entryPrice),
    markPrice: text(price),
    leverage: String(leverage),
    breakEvenPrice: text(position.entryPrice),
    autoAddMargin: 0,
    positionBalance: "0",
    positionIM: text(quotient(value, of(String(leverage)), 8)),
    positionMM: text(times(value, maintenance)),
    positionIMByMp: "",
    positionMMByMp: "",
    liqPrice: "",
    bustPrice: "",
    takeProfit: "0",
    stopLoss: "0",
    trailingStop: "0",
    tpslMode: "Full",
    tradeMode: 0,
    unrealisedPnl: text(position.unrealised(price)),
    curRealisedPnl: text(position.realised),
    cumRealisedPnl: text(position.realised),
    sessionAvgPrice: "",
    positionStatus: "Normal",
    adlRankIndicator: 0,
    isReduceOnly: false,
    createdTime: String(position.openedAt),
    updatedTime: String(position.updatedAt),
    openTime: position.openedAt,
    seq: market.book.updateId,
    mmrSysUpdatedTime: "",
    leverageSysUpdatedTime: ""
  }
}
