/**
 * What an account is told on the private topics. Positions are told with every change of an order, even when nothing of
 * them has changed, as the venue does. Source: Bybit v5 docs, "WebSocket Stream, Private".
 */
import type { Account } from "../../account/Account.ts"
import type { AccountEvent } from "../../account/AccountEvent.ts"
import type { Trading } from "../../account/Trading.ts"
import type { Told } from "../../account/userStream.ts"
import type { Payload } from "../../topics/Frame.ts"
import { isBybit } from "../../market/definition.ts"
import { fundingRow } from "./operations.ts"
import { wallet } from "./wallet.ts"
import * as words from "./words.ts"

export const topics = ["order", "execution", "execution.fast", "position", "wallet"] as const

type OrderEvent = Extract<AccountEvent, { readonly type: "order" }>

const statusOf: Readonly<Record<string, string>> = { triggering: "Triggered" }

const enveloped = (topic: string, id: number, now: number, rows: ReadonlyArray<unknown>): Payload => ({
  id: `${id}_${topic}`,
  topic,
  creationTime: now,
  data: rows
})

const orderTold = ({ change, executionId, fill, order }: OrderEvent, now: number): ReadonlyArray<Told> => {
  const { symbol } = order.market.definition
  const told = (topic: string, row: unknown): Told => ({
    stream: topic,
    symbol,
    payload: enveloped(topic, executionId, now, [row])
  })
  const row = words.orderRow(order, statusOf[change])
  const order_ = told("order", row)
  if (fill === undefined) return [order_]
  // A cancellation that raced the fill has the end told again.
  const again = enveloped("order", executionId, now, [{ ...row, rejectReason: "EC_OrigClOrdIDDoesNotExist" }])
  return [
    { ...told("execution.fast", words.fastRow(order, fill)), isFast: true },
    told("execution", words.executionRow(order, fill)),
    order.status === "filled" ? { ...order_, again } : order_
  ]
}

export const events =
  (account: Account, trading: Trading) =>
  (event: AccountEvent, now: number): ReadonlyArray<Told> => {
    if (event.type === "order") return isBybit(event.order.market.definition.market) ? orderTold(event, now) : []
    if (event.type === "funding") {
      const { market, executionId } = event.payment
      if (!isBybit(market.definition.market)) return []
      const payload = enveloped("execution", executionId, now, [fundingRow(event.payment)])
      return [{ stream: "execution", symbol: market.definition.symbol, payload }]
    }
    if (event.wallet !== "bybit") return []
    const rows = event.positions.map(words.positionRow)
    const positions =
      rows.length === 0
        ? []
        : [{ stream: "position", symbol: rows[0]!.symbol, payload: enveloped("position", event.time, now, rows) }]
    const payload = enveloped("wallet", event.time, now, [wallet(account, trading, event.assets)])
    return [...positions, { stream: "wallet", symbol: undefined, payload }]
  }
