/** What a USDⓈ-M account is told. Source: Binance USDⓈ-M docs, "User data streams". */
import type { Account } from "../../account/Account.ts"
import type { AccountEvent } from "../../account/AccountEvent.ts"
import { markPrice } from "../../account/funds.ts"
import { cut, ofUnits, text, zero } from "../../account/money.ts"
import type { Position } from "../../account/Position.ts"
import { isOver } from "../../account/UserOrder.ts"
import * as algo from "./algo.ts"
import type { Told } from "../../account/userStream.ts"
import { isAlgo, legOf, type OrderEvent, orderTradeUpdate, tradeLite } from "./usdmWords.ts"

export const names = ["ORDER_TRADE_UPDATE", "ACCOUNT_UPDATE", "TRADE_LITE", "ALGO_UPDATE"] as const

const positionPart = (position: Position) => {
  const { market, size } = position
  return {
    s: market.definition.symbol,
    pa: text(ofUnits(market.sizeGrid, size)),
    ep: text(position.entryPrice),
    bep: text(position.entryPrice),
    cr: text(position.realised),
    up: text(position.unrealised(markPrice(market))),
    mt: "cross",
    iw: "0",
    ps: legOf(position)
  }
}

const BALANCE_DIGITS = 8

const reasons = { order: "ORDER", funding: "FUNDING_FEE", deposit: "DEPOSIT" } as const

const accountUpdate = (account: Account, event: Extract<AccountEvent, { readonly type: "account" }>, now: number) => ({
  e: "ACCOUNT_UPDATE",
  E: now,
  T: event.time,
  a: {
    m: reasons[event.reason],
    B: event.assets.map((asset) => {
      // as many digits as the account's own reads have
      const total = text(cut(account.wallet("usdm").balance(asset).total, BALANCE_DIGITS))
      return { a: asset, wb: total, cw: total, bc: text(event.reason === "order" ? zero : (event.by ?? zero)) }
    }),
    P: event.positions.map(positionPart)
  }
})

/** A conditional order has words of its own until it works; then its child is told too. */
const orderTold = (event: OrderEvent, now: number): ReadonlyArray<Told> => {
  const { change, order } = event
  const { symbol } = order.market.definition
  const report = (): Told => {
    const payload = orderTradeUpdate(event, now)
    return { stream: "ORDER_TRADE_UPDATE", symbol, payload, ...(change === "trade" ? { again: payload } : {}) }
  }
  const conditional = (status: string): Told => ({
    stream: "ALGO_UPDATE",
    symbol,
    payload: algo.update(event, now, status)
  })
  const lite = (): ReadonlyArray<Told> =>
    change === "trade" ? [{ stream: "TRADE_LITE", symbol, payload: tradeLite(event, now), isFast: true }] : []
  if (!isAlgo(order)) return [...lite(), report()]
  if (change === "triggering") return [conditional("TRIGGERING")]
  if (change === "rejected") return [conditional("REJECTED")]
  if (change === "triggered") return [report(), conditional("TRIGGERED")]
  if (order.workingAt === undefined) return [conditional(algo.statusOf(order))]
  return [...lite(), report(), ...(isOver(order) ? [conditional("FINISHED")] : [])]
}

export const usdmEvents =
  (account: Account) =>
  (event: AccountEvent, now: number): ReadonlyArray<Told> => {
    if (event.type === "order") return event.order.market.definition.market === "usdm" ? orderTold(event, now) : []
    // What orders hold is not told.
    if (event.type !== "account" || event.wallet !== "usdm" || (event.reason === "order" && !event.isFilled)) return []
    return [{ stream: "ACCOUNT_UPDATE", symbol: undefined, payload: accountUpdate(account, event, now) }]
  }
