/** Where a URL of Bybit leads: `/v5/public/<category>`, `/v5/private`, `/v5/trade`, with or without a host's name in front of it. */
import { type Route, type SocketPath, splitHost } from "../socket/SocketPath.ts"
import { isCategory, marketOf } from "./category.ts"

/** Of all categories; they stand under linear where a market must be named. */
const accountPaths: Readonly<Record<string, Route>> = { "/v5/private": "private", "/v5/trade": "api" }

export const parse = (url: string): SocketPath | undefined => {
  const { path } = splitHost(url.split("?", 1)[0]!)
  const account = accountPaths[path]
  if (account !== undefined) {
    return { market: "bybit-linear", route: account, combined: false, streams: [], unit: "ms", listenKey: "" }
  }
  const [, category = ""] = /^\/v5\/public\/([a-z]+)$/.exec(path) ?? []
  if (!isCategory(category)) return undefined
  const market = marketOf(category)
  return { market, route: "public", combined: false, streams: [], unit: "ms", listenKey: "" }
}
