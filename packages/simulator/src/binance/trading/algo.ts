/** Conditional orders of USDⓈ-M in the words of the algo service. Source: Binance USDⓈ-M docs, "Algo order". */
import type { UserOrder } from "../../account/UserOrder.ts"
import { text } from "../../account/money.ts"
import { averageOf, priceOf, sideWord, sizeOf, word } from "./words.ts"
import { algoId, legOf, type OrderEvent } from "./usdmWords.ts"

export const statusOf = (order: UserOrder): string => {
  if (order.triggeredAt === undefined)
    return order.status === "cancelled" ? "CANCELED" : order.status === "expired" ? "EXPIRED" : "NEW"
  if (order.status === "rejected") return "REJECTED"
  if (order.workingAt === undefined) return "TRIGGERING"
  return order.status === "open" ? "TRIGGERED" : "FINISHED"
}

export const row = (order: UserOrder) => ({
  algoId: algoId(order),
  clientAlgoId: order.clientId,
  algoType: "CONDITIONAL",
  orderType: word(order, "type"),
  symbol: order.market.definition.symbol,
  side: sideWord(order),
  positionSide: legOf(order),
  timeInForce: word(order, "timeInForce", "GTC"),
  quantity: sizeOf(order.market, order.size),
  algoStatus: statusOf(order),
  actualOrderId: order.workingAt === undefined ? "" : String(order.id),
  actualPrice: text(averageOf(order)),
  triggerPrice: priceOf(order.market, order.trigger?.price),
  price: priceOf(order.market, order.price),
  icebergQuantity: null,
  selfTradePreventionMode: word(order, "selfTradePreventionMode", "EXPIRE_MAKER"),
  workingType: order.trigger?.by === "mark" ? "MARK_PRICE" : "CONTRACT_PRICE",
  priceMatch: "NONE",
  closePosition: false,
  priceProtect: false,
  reduceOnly: order.reduceOnly,
  createTime: order.createdAt,
  updateTime: order.updatedAt,
  triggerTime: order.triggeredAt ?? 0,
  goodTillDate: 0
})

export const update = ({ order, time }: OrderEvent, now: number, status: string) => {
  const child = order.workingAt === undefined ? undefined : order
  return {
    e: "ALGO_UPDATE",
    T: time,
    E: now,
    o: {
      caid: order.clientId,
      aid: algoId(order),
      at: "CONDITIONAL",
      o: word(order, "type"),
      s: order.market.definition.symbol,
      S: sideWord(order),
      ps: legOf(order),
      f: word(order, "timeInForce", "GTC"),
      q: sizeOf(order.market, order.size),
      X: status,
      ai: child === undefined ? "" : String(child.id),
      ...(child === undefined
        ? {}
        : {
            ap: text(averageOf(order)),
            aq: sizeOf(order.market, order.filled),
            act: order.price === undefined ? "MARKET" : "LIMIT"
          }),
      tp: priceOf(order.market, order.trigger?.price),
      p: priceOf(order.market, order.price),
      V: word(order, "selfTradePreventionMode", "EXPIRE_MAKER"),
      wt: order.trigger?.by === "mark" ? "MARK_PRICE" : "CONTRACT_PRICE",
      pm: "NONE",
      cp: false,
      pP: false,
      R: order.reduceOnly,
      tt: order.triggeredAt ?? 0,
      gtd: 0,
      ...(status === "REJECTED"
        ? { rm: order.ending === "reduceOnly" ? "reduce only order is rejected" : "margin not enough" }
        : {})
    }
  }
}
