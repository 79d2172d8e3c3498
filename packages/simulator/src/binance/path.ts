/**
 * Where a socket's URL leads: market, route, envelope, first streams. Guarantees that an unknown path is undefined (the
 * server answers 404). `/spot`, `/usdm` or a host of the venue in front of a path choose the market of the un-routed
 * paths; without them these are spot's.
 */
import type { BinanceMarket } from "../market/definition.ts"
import { type Route, type SocketPath, splitHost } from "../socket/SocketPath.ts"

/**
 * Removes the market's name, or one of the venue's host names, from the front of a path (for CCXT spot is what has
 * `/stream` in it).
 */
export const splitPrefix = (path: string): { readonly prefix: BinanceMarket | undefined; readonly path: string } => {
  const [, first = "", rest = "/"] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? []
  if (first === "spot" || first === "usdm") return { prefix: first, path: rest }
  if (path.startsWith("/ws-api/") || path.startsWith("/ws-fapi/")) return { prefix: undefined, path }
  const { host, path: tail } = splitHost(path)
  if (host === undefined) return { prefix: undefined, path }
  return { prefix: /^(demo-)?f|binancefuture/.test(host) ? "usdm" : "spot", path: tail }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const routeOf = (prefix: BinanceMarket | undefined, named: string | undefined): Route | undefined => {
  if (named === undefined) return prefix === "usdm" ? "unrouted" : "spot"
  if (prefix === "spot") return undefined
  return named === "public" || named === "market" || named === "private" ? named : undefined
}

const eventsOf = (asked: string | null) => (asked === null ? {} : { events: asked.split("/") })

/** The WebSocket API of each market. */
const apiPaths: Readonly<Record<string, BinanceMarket>> = { "/ws-api/v3": "spot", "/ws-fapi/v1": "usdm" }

export const parse = (url: string): SocketPath | undefined => {
  const [whole = "", query = ""] = url.split("?", 2)
  const { path, prefix } = splitPrefix(whole)
  const api = apiPaths[path]
  if (api !== undefined) {
    const wantsLimits = new URLSearchParams(query).get("returnRateLimits") !== "false"
    return { market: api, route: "api", combined: false, streams: [], unit: "ms", listenKey: "", wantsLimits }
  }
  const [, named, mode, tail] = /^(?:\/(public|market|private))?\/(ws|stream)(?:\/(.*))?$/.exec(path) ?? []
  const route = routeOf(prefix, named)
  if (route === undefined || mode === undefined) return undefined
  const parameters = new URLSearchParams(query)
  const asked = mode === "stream" ? (parameters.get("streams") ?? "") : decoded(tail ?? "")
  const unit = (parameters.get("timeUnit") ?? "").toUpperCase() === "MICROSECOND" ? "us" : "ms"
  return {
    market: route === "spot" ? "spot" : "usdm",
    route,
    combined: mode === "stream",
    streams: asked.split("/").filter((name) => name !== ""),
    unit: route === "spot" ? unit : "ms",
    listenKey: parameters.get("listenKey") ?? asked,
    ...eventsOf(parameters.get("events"))
  }
}
