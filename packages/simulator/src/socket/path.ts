/**
 * Where a socket's URL leads: market, route, envelope, first streams. Guarantees that an unknown path is undefined (the
 * server answers 404). `/spot`, `/usdm` or a host of the venue in front of a path choose the market of the un-routed
 * paths; without them these are spot's.
 */
import type { MarketKind } from "../market/definition.ts"
import type { Route } from "../wire/streamName.ts"
import type { TimeUnit } from "../wire/topics.ts"

export interface SocketPath {
  readonly market: MarketKind
  readonly route: Route
  /** Messages are wrapped in `{"stream":…,"data":…}`. */
  readonly combined: boolean
  readonly streams: ReadonlyArray<string>
  readonly unit: TimeUnit
  /** Of a private connection: whatever the URL says, the venue does not check it at the door. */
  readonly listenKey: string
}

/**
 * Removes the market's name, or one of the venue's host names, from the front of a path. Host names are accepted because
 * there are clients that tell the market from the URL's text (ccxt: spot is what has `/stream` in it).
 */
export const splitPrefix = (path: string): { readonly prefix: MarketKind | undefined; readonly path: string } => {
  const [, first = "", rest = "/"] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? []
  if (first === "spot" || first === "usdm") return { prefix: first, path: rest }
  const isHost = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/.test(first)
  if (!isHost) return { prefix: undefined, path }
  return { prefix: /^(demo-)?f|binancefuture/.test(first) ? "usdm" : "spot", path: rest }
}

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const routeOf = (prefix: MarketKind | undefined, named: string | undefined): Route | undefined => {
  if (named === undefined) return prefix === "usdm" ? "unrouted" : "spot"
  if (prefix === "spot") return undefined
  return named === "public" || named === "market" || named === "private" ? named : undefined
}

export const parse = (url: string): SocketPath | undefined => {
  const [whole = "", query = ""] = url.split("?", 2)
  const { path, prefix } = splitPrefix(whole)
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
    listenKey: parameters.get("listenKey") ?? asked
  }
}
