/**
 * How Bybit answers requests: every answer in one envelope with HTTP 200, but for an address that asks too often (403) and
 * for paths that are not there. Public endpoints have no limit but the address's and none of its headers; those of accounts
 * have limits of the user.
 * Source: Bybit v5 docs, "Integration Guidance", "Rate Limit", "Error Codes".
 */
import type { MarketKind } from "../market/definition.ts"
import type { RestProtocol } from "../Protocol.ts"
import { always, type Endpoints } from "../rest/Endpoint.ts"
import { splitHost } from "../socket/SocketPath.ts"
import { AddressLimit } from "./AddressLimit.ts"
import { isCategory, marketOf } from "./category.ts"
import { ApiFailure, invalid } from "./failure.ts"
import { privateEndpoints } from "./trading/endpoints.ts"
import { instruments } from "./instruments.ts"
import * as marketData from "./marketData.ts"

const one = always(1)

const endpoints: Endpoints = {
  "/v5/market/time": { weight: one, answer: marketData.time },
  "/v5/market/kline": { weight: one, answer: marketData.kline },
  "/v5/market/recent-trade": { weight: one, answer: marketData.recentTrades },
  "/v5/market/instruments-info": { weight: one, answer: instruments },
  "/v5/market/tickers": { weight: one, answer: marketData.tickers },
  "/v5/market/orderbook": { weight: one, answer: marketData.orderbook }
}

/** Only these do without a category. */
const withoutCategory = ["/v5/market/time", "/v5/market/kline"]

const knowsOptions = ["/v5/market/instruments-info"]

/** Whatever has no category of its own counts as linear. */
const marketIn = (query: URLSearchParams): MarketKind => {
  const category = query.get("category") ?? "linear"
  return isCategory(category) ? marketOf(category) : "bybit-linear"
}

/** Of a body of JSON; what is wrong in it is told later. */
const categoryIn = (body: string): URLSearchParams => {
  const [, category = "linear"] = /"category"\s*:\s*"([a-z]+)"/.exec(body) ?? []
  return new URLSearchParams({ category })
}

const isCategoryRight = (path: string, query: URLSearchParams): boolean => {
  const category = query.get("category")
  if (category === null) return withoutCategory.includes(path)
  return isCategory(category) || (category === "option" && knowsOptions.includes(path))
}

const envelope = (retCode: number, retMsg: string, result: unknown, now: number) => ({
  retCode,
  retMsg,
  result,
  retExtInfo: {},
  time: Math.floor(now)
})

const usual: Readonly<Record<number, readonly [code: number, msg: string]>> = {
  200: [10_006, "Too many visits!"],
  403: [403, "access too frequent"],
  500: [10_016, "Server error."],
  503: [10_016, "Service is restarting."]
}

const wrongCategory = {
  weight: one,
  answer: () => {
    throw invalid("Category")
  }
}

export const rest: RestProtocol = {
  find: (asked, query, { body, method }) => {
    const { path } = splitHost(asked)
    if (!path.startsWith("/v5/")) return undefined
    const own = privateEndpoints[`${method} ${path}`]
    if (own !== undefined) return { market: marketIn(method === "GET" ? query : categoryIn(body)), path, endpoint: own }
    const endpoint = method === "GET" ? endpoints[path] : undefined
    const market = marketIn(query)
    return { market, path, endpoint: endpoint === undefined || isCategoryRight(path, query) ? endpoint : wrongCategory }
  },
  limit: (clock, rules, clockScale) => new AddressLimit(clock, rules, clockScale),
  headers: () => ({}),
  refused: ({ status }) => ({ status, body: { retCode: status, retMsg: "access too frequent" } }),
  answered: (result, now) => ({ status: 200, body: envelope(0, "OK", result, now) }),
  failed: (cause, now) =>
    cause instanceof ApiFailure ? { status: 200, body: envelope(cause.code, cause.message, {}, now) } : undefined,
  fault: ({ code, msg, retryAfterS, status }, now) => {
    const [usualCode, usualMsg] = usual[status] ?? [status, "error"]
    const retCode = code ?? usualCode
    const resetAt = Math.floor(now + (retryAfterS ?? 1) * 1000)
    const headers = {
      "x-bapi-limit": "1",
      "x-bapi-limit-status": "0",
      "x-bapi-limit-reset-timestamp": String(resetAt)
    }
    const body = envelope(retCode, msg ?? usualMsg, {}, now)
    return retCode === 10_006 ? { status, body, headers } : { status, body }
  }
}
