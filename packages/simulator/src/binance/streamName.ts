/**
 * What a stream name means on a market and route, or that it means nothing.
 * Guarantees the venue's strictness: symbols in lower case only, one spelling for each speed, the right route on
 * USDⓈ-M; whatever else is undefined, which a connection acknowledges and never feeds.
 * Source: docs of both markets, "WebSocket Market Streams"; the routes were split on 2026-04-23.
 */
import type { MarketKind } from "../market/definition.ts"
import { type Interval, isInterval } from "../market/interval.ts"
import type { Route } from "../socket/SocketPath.ts"

export type StreamSpec =
  | { readonly kind: "trade" | "aggTrade" | "miniTicker" | "ticker" | "bookTicker" | "avgPrice" | "forceOrder" }
  | { readonly kind: "kline" | "continuousKline"; readonly interval: Interval }
  | { readonly kind: "depth"; readonly periodMs: number }
  | { readonly kind: "partialDepth"; readonly levels: number; readonly periodMs: number }
  | { readonly kind: "markPrice"; readonly periodMs: number }

export interface StreamName {
  /** Upper case; undefined for a stream of all symbols. */
  readonly symbol: string | undefined
  readonly spec: StreamSpec
}

const speeds: Partial<Record<MarketKind, Readonly<Record<string, number>>>> = {
  spot: { "": 1000, "@100ms": 100 },
  usdm: { "": 250, "@500ms": 500, "@100ms": 100 }
}

const ofSymbol = (market: MarketKind, name: string): StreamSpec | undefined => {
  switch (name) {
    case "trade":
    case "aggTrade":
    case "miniTicker":
    case "ticker":
    case "bookTicker":
      return { kind: name }
    case "avgPrice":
      return market === "spot" ? { kind: name } : undefined
    case "forceOrder":
      return market === "usdm" ? { kind: name } : undefined
    case "markPrice":
      return market === "usdm" ? { kind: name, periodMs: 3000 } : undefined
    case "markPrice@1s":
      return market === "usdm" ? { kind: "markPrice", periodMs: 1000 } : undefined
  }
  if (name.startsWith("kline_")) {
    const interval = name.slice(6)
    return isInterval(interval) && (market === "spot" || interval !== "1s") ? { kind: "kline", interval } : undefined
  }
  const depth = /^depth(5|10|20)?(@.*)?$/.exec(name)
  const periodMs = depth === null ? undefined : speeds[market]?.[depth[2] ?? ""]
  if (depth === null || periodMs === undefined) return undefined
  return depth[1] === undefined
    ? { kind: "depth", periodMs }
    : { kind: "partialDepth", levels: Number(depth[1]), periodMs }
}

/** `!ticker@arr` was retired on spot on 2026-03-26 and `!bookTicker` before that. */
const ofAll = (market: MarketKind, name: string): StreamSpec | undefined => {
  if (name === "!miniTicker@arr") return { kind: "miniTicker" }
  if (market === "spot") return undefined
  switch (name) {
    case "!ticker@arr":
      return { kind: "ticker" }
    case "!bookTicker":
      return { kind: "bookTicker" }
    case "!forceOrder@arr":
      return { kind: "forceOrder" }
    case "!markPrice@arr":
      return { kind: "markPrice", periodMs: 3000 }
    case "!markPrice@arr@1s":
      return { kind: "markPrice", periodMs: 1000 }
  }
  return undefined
}

const isPublic = (spec: StreamSpec): boolean =>
  spec.kind === "bookTicker" || spec.kind === "depth" || spec.kind === "partialDepth" || spec.kind === "trade"

const served = (route: Route, spec: StreamSpec): boolean => {
  if (route === "spot") return true
  if (route === "private") return false
  return isPublic(spec) === (route !== "market")
}

const continuous = (name: string): StreamName | undefined => {
  const [, pair, type, interval] = /^([^@]+)_(perpetual)@continuousKline_(.+)$/.exec(name) ?? []
  if (pair === undefined || type === undefined || interval === undefined || !isInterval(interval)) return undefined
  if (pair !== pair.toLowerCase() || interval === "1s") return undefined
  return { symbol: pair.toUpperCase(), spec: { kind: "continuousKline", interval } }
}

export const parse = (market: MarketKind, route: Route, name: string): StreamName | undefined => {
  const at = name.indexOf("@")
  const symbol = name.slice(0, at)
  const spec = name.startsWith("!") ? ofAll(market, name) : at > 0 ? ofSymbol(market, name.slice(at + 1)) : undefined
  const found =
    spec !== undefined
      ? { symbol: name.startsWith("!") ? undefined : symbol.toUpperCase(), spec }
      : market === "usdm"
        ? continuous(name)
        : undefined
  if (found === undefined || !served(route, found.spec)) return undefined
  return found.symbol !== undefined && symbol !== symbol.toLowerCase() ? undefined : found
}

/** The symbol that a stream's name begins with, upper case. */
export const symbolOf = (stream: string): string => stream.split("@")[0]!.toUpperCase()
