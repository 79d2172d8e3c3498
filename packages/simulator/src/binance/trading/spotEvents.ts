/** What a spot account is told. Source: Binance Spot docs, "User data stream". */
import type { AccountEvent } from "../../account/AccountEvent.ts"
import { fixed } from "../../account/money.ts"
import type { Account } from "../../account/Account.ts"
import * as words from "./spotWords.ts"
import type { Told } from "../../account/userStream.ts"

export const names = ["executionReport", "outboundAccountPosition", "balanceUpdate"] as const

export const spotEvents =
  (account: Account) =>
  (event: AccountEvent, now: number): ReadonlyArray<Told> => {
    if (event.type === "order") {
      const { definition } = event.order.market
      const payload = definition.market === "spot" ? words.executionReport(event, now) : undefined
      if (payload === undefined) return []
      const again = event.change === "trade" ? { again: payload } : {}
      return [{ stream: "executionReport", symbol: definition.symbol, payload, ...again }]
    }
    if (event.type !== "account" || event.wallet !== "spot") return []
    const told: Array<Told> = []
    if (event.reason === "deposit" && event.by !== undefined) {
      for (const asset of event.assets) {
        const payload = { e: "balanceUpdate", E: now, a: asset, d: fixed(event.by, 8), T: event.time }
        told.push({ stream: "balanceUpdate", symbol: undefined, payload })
      }
    }
    const rows = event.assets.map((asset) => {
      const { free, locked } = account.wallet("spot").balance(asset)
      return { a: asset, f: fixed(free, 8), l: fixed(locked, 8) }
    })
    const payload = { e: "outboundAccountPosition", E: now, u: event.time, B: rows }
    return [...told, { stream: "outboundAccountPosition", symbol: undefined, payload }]
  }
