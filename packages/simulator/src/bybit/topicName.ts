/**
 * What a topic's name means on a category, or that it means nothing. Guarantees the venue's strictness: upper case, one
 * spelling, only what the category has. Whether the symbol is listed is not asked here.
 * Source: Bybit v5 docs, "WebSocket Stream, Public"; the depth of 500 was removed on 2025-09-11.
 */
import type { Interval } from "../market/interval.ts"
import type { Category } from "./category.ts"
import { intervalOf } from "./interval.ts"

export type TopicSpec =
  | { readonly kind: "publicTrade" | "tickers" | "allLiquidation" | "priceLimit" }
  | { readonly kind: "orderbook"; readonly levels: Levels }
  | { readonly kind: "kline"; readonly interval: Interval; readonly name: string }

export interface TopicName {
  readonly symbol: string
  readonly spec: TopicSpec
}

/** How often a depth is told, in milliseconds, by its levels. */
export const depthPeriods = { 1: 10, 50: 20, 200: 100, 1000: 200 } as const

export type Levels = keyof typeof depthPeriods

export const isLevels = (value: number): value is Levels => Object.hasOwn(depthPeriods, value)

const specOf = (category: Category, kind: string, detail: string | undefined): TopicSpec | undefined => {
  switch (kind) {
    case "publicTrade":
    case "tickers":
    case "priceLimit":
      return detail === undefined ? { kind } : undefined
    case "allLiquidation":
      return detail === undefined && category !== "spot" ? { kind } : undefined
    case "orderbook": {
      const levels = Number(detail)
      return isLevels(levels) && String(levels) === detail ? { kind, levels } : undefined
    }
    case "kline": {
      const interval = intervalOf(detail ?? "")
      return interval === undefined ? undefined : { kind, interval, name: detail! }
    }
  }
  return undefined
}

export const parse = (category: Category, topic: string): TopicName | undefined => {
  const parts = topic.split(".")
  const [kind = "", detail, symbol] = parts.length === 2 ? [parts[0], undefined, parts[1]] : parts
  if (parts.length > 3 || symbol === undefined || symbol === "") return undefined
  const spec = specOf(category, kind, detail)
  return spec === undefined ? undefined : { symbol, spec }
}

/** The symbol that a topic's name ends with. */
export const symbolOf = (topic: string): string => topic.split(".").at(-1)!
