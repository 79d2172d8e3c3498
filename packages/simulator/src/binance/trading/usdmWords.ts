/**
 * USDⓈ-M orders in the venue's words: answers of order entry, of queries, and what the user stream tells. Numbers have no
 * needless zeros, as recorded. Source: Binance USDⓈ-M docs, "New order", "User data streams"; docs/venues/binance.md.
 */
import type { AccountEvent } from "../../account/AccountEvent.ts"
import { markPrice, settleOf } from "../../account/funds.ts"
import { fixed, of, ofUnits, quotient, text, times } from "../../account/money.ts"
import type { Position } from "../../account/Position.ts"
import type { UserFill, UserOrder } from "../../account/UserOrder.ts"
import { averageOf, openWorth, priceOf, sideWord, sizeOf, statusOf, word } from "./words.ts"

export type OrderEvent = Extract<AccountEvent, { readonly type: "order" }>

/** Ids of conditional orders stand beside those of the orders that come of them. */
const ALGO_IDS = 2_000_000_000_000

export const algoId = ({ id }: UserOrder): number => ALGO_IDS + (id % ALGO_IDS)

/** Of which order an id of a conditional one tells. */
export const isAlgo = ({ trigger }: UserOrder): boolean => trigger !== undefined

/** What it is once it works: a conditional order becomes a plain one. */
const plainType = (order: UserOrder): string => (order.price === undefined ? "MARKET" : "LIMIT")

const legWord = { net: "BOTH", long: "LONG", short: "SHORT" } as const

export const legOf = ({ leg }: UserOrder | Position): "BOTH" | "LONG" | "SHORT" => legWord[leg]

export const result = (order: UserOrder) => ({
  orderId: order.id,
  symbol: order.market.definition.symbol,
  status: statusOf(order),
  clientOrderId: order.clientId,
  price: priceOf(order.market, order.price),
  origQty: sizeOf(order.market, order.size),
  executedQty: sizeOf(order.market, order.filled),
  cumQty: sizeOf(order.market, order.filled),
  timeInForce: word(order, "timeInForce", "GTC"),
  type: plainType(order),
  reduceOnly: order.reduceOnly,
  closePosition: false,
  side: sideWord(order),
  positionSide: legOf(order),
  stopPrice: "0",
  workingType: "CONTRACT_PRICE",
  priceProtect: false,
  origType: plainType(order),
  priceMatch: "NONE",
  selfTradePreventionMode: word(order, "selfTradePreventionMode", "EXPIRE_MAKER"),
  goodTillDate: 0,
  updateTime: order.updatedAt
})

/** As a query tells it: with what it made and when. */
export const queried = (order: UserOrder) => {
  const { cumQty: _, ...rest } = result(order)
  return { ...rest, avgPrice: text(averageOf(order)), cumQuote: text(order.worth), time: order.createdAt }
}

export const tradeRow = (order: UserOrder, fill: UserFill) => ({
  symbol: order.market.definition.symbol,
  id: fill.tradeId,
  orderId: order.id,
  side: sideWord(order),
  price: priceOf(order.market, fill.price),
  qty: sizeOf(order.market, fill.size),
  realizedPnl: text(fill.realised),
  quoteQty: text(fill.worth),
  commission: text(fill.fee),
  commissionAsset: fill.feeAsset,
  time: fill.time,
  positionSide: legOf(order),
  buyer: order.direction === "buy",
  maker: fill.isMaker
})

const executionType: Readonly<Record<string, string>> = {
  new: "NEW",
  triggered: "NEW",
  trade: "TRADE",
  cancelled: "CANCELED",
  expired: "EXPIRED",
  amended: "AMENDMENT"
}

const expiry: Readonly<Record<string, string>> = { ownMaker: "1", unfilled: "2", reduceOnly: "4", noLiquidity: "9" }

export const orderTradeUpdate = ({ change, fill, order, time }: OrderEvent, now: number) => {
  const { market } = order
  return {
    e: "ORDER_TRADE_UPDATE",
    T: time,
    E: now,
    o: {
      s: market.definition.symbol,
      c: order.clientId,
      S: sideWord(order),
      o: plainType(order),
      f: word(order, "timeInForce", "GTC"),
      q: sizeOf(market, order.size),
      p: priceOf(market, order.price),
      ap: text(averageOf(order)),
      sp: "0",
      x: executionType[change],
      X: statusOf(order),
      i: order.id,
      l: fill === undefined ? "0" : sizeOf(market, fill.size),
      z: sizeOf(market, order.filled),
      L: fill === undefined ? "0" : priceOf(market, fill.price),
      n: fill === undefined ? "0" : text(fill.fee),
      N: settleOf(market),
      T: time,
      t: fill?.tradeId ?? 0,
      b: text(openWorth(order, "buy")),
      a: text(openWorth(order, "sell")),
      m: fill?.isMaker ?? false,
      R: order.reduceOnly,
      wt: "CONTRACT_PRICE",
      ot: plainType(order),
      ps: legOf(order),
      cp: false,
      rp: fill === undefined ? "0" : text(fill.realised),
      pP: false,
      si: isAlgo(order) ? algoId(order) : 0,
      ss: isAlgo(order) ? -1 : 0,
      ...(isAlgo(order) ? { st: "ALGO_CONDITION" } : {}),
      V: word(order, "selfTradePreventionMode", "EXPIRE_MAKER"),
      pm: "NONE",
      gtd: 0,
      er: (change === "expired" && order.ending !== undefined ? expiry[order.ending] : undefined) ?? "0"
    }
  }
}

export const tradeLite = ({ fill, order, time }: OrderEvent, now: number) => ({
  e: "TRADE_LITE",
  E: now,
  T: time,
  s: order.market.definition.symbol,
  q: sizeOf(order.market, order.size),
  p: priceOf(order.market, order.price),
  m: fill!.isMaker,
  c: order.clientId,
  S: sideWord(order),
  L: priceOf(order.market, fill!.price),
  l: sizeOf(order.market, fill!.size),
  t: fill!.tradeId,
  i: order.id
})

/** The venue's usual leverage, and the inverse of the maintenance rate. */
const twenty = of("20")
const twoHundred = of("200")

export const positionRow = (position: Position) => {
  const { market, size } = position
  const price = markPrice(market)
  const signed = ofUnits(market.sizeGrid, size)
  return {
    symbol: market.definition.symbol,
    positionSide: legOf(position),
    positionAmt: text(signed),
    entryPrice: text(position.entryPrice),
    breakEvenPrice: text(position.entryPrice),
    markPrice: fixed(price, 8),
    unRealizedProfit: fixed(position.unrealised(price), 8),
    liquidationPrice: "0",
    isolatedMargin: "0",
    notional: fixed(times(signed, price), 8),
    marginAsset: settleOf(market),
    isolatedWallet: "0",
    initialMargin: fixed(quotient(position.value(price), twenty, 8), 8),
    maintMargin: fixed(quotient(position.value(price), twoHundred, 8), 8),
    positionInitialMargin: fixed(quotient(position.value(price), twenty, 8), 8),
    openOrderInitialMargin: "0",
    adl: 0,
    bidNotional: "0",
    askNotional: "0",
    leverage: "20",
    marginType: "cross",
    isAutoAddMargin: "false",
    maxNotionalValue: "1000000000",
    updateTime: position.updatedAt
  }
}
