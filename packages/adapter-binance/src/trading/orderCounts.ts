/**
 * The venue's counts of orders: in windows of 10 seconds and a day on spot, of 10 seconds and a minute on futures. Every answer
 * tells how they stand, in headers or in `rateLimits`.
 * Source: docs/venues/binance.md, "Limits of orders".
 */
import { OrderBudget, type Rest } from "@tidewire/core"
import type * as wire from "../wire.ts"

/** By the name that headers have for a window, in small letters. */
export const spot: ReadonlyArray<OrderBudget.CountLimit> = [
  { name: "10s", count: 50, window: "10 seconds" },
  { name: "1d", count: 160_000, window: "1 day" }
]

export const usdm: ReadonlyArray<OrderBudget.CountLimit> = [
  { name: "10s", count: 300, window: "10 seconds" },
  { name: "1m", count: 1_200, window: "1 minute" }
]

/** Cancels count in none of them. */
export const make = (limits: ReadonlyArray<OrderBudget.CountLimit>): OrderBudget.OrderBudget =>
  new OrderBudget.OrderBudget(limits, { reserve: 0 })

/** The same for what is never sent. */
export const rehearsal = (limits: ReadonlyArray<OrderBudget.CountLimit>): OrderBudget.OrderBudget =>
  new OrderBudget.OrderBudget(limits, { reserve: 0, counts: false })

const HEADER = /^x-mbx-order-count-(\d+[smhd])$/

export const fromHeaders = (budget: OrderBudget.OrderBudget, headers: Rest.Headers, nowMs: number): void => {
  for (const [name, value] of Object.entries(headers)) {
    const window = HEADER.exec(name)?.[1]
    if (window !== undefined && value !== undefined && /^\d{1,9}$/.test(value))
      budget.told(window, Number(value), nowMs)
  }
}

type RateLimits = NonNullable<wire.ApiAnswer["rateLimits"]>

/** `{"rateLimitType":"ORDERS","interval":"SECOND","intervalNum":10,"limit":50,"count":1}` */
export const fromRateLimits = (budget: OrderBudget.OrderBudget, limits: RateLimits, nowMs: number): void => {
  for (const { count, interval, intervalNum, limit, rateLimitType } of limits) {
    const window = `${intervalNum}${interval.charAt(0).toLowerCase()}`
    if (rateLimitType === "ORDERS") budget.told(window, count, nowMs, limit)
  }
}

/** What the socket tells of the weight that REST counts as well. */
export const usedWeight = (limits: RateLimits): number | undefined =>
  limits.find(({ interval, intervalNum, rateLimitType }) => {
    return rateLimitType === "REQUEST_WEIGHT" && interval === "MINUTE" && intervalNum === 1
  })?.count
