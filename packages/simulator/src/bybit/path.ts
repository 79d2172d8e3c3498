/** Where a URL of Bybit leads: `/v5/public/<category>`, with or without a host's name in front of it. */
import { type SocketPath, splitHost } from "../socket/SocketPath.ts"
import { isCategory, marketOf } from "./category.ts"

export const parse = (url: string): SocketPath | undefined => {
  const { path } = splitHost(url.split("?", 1)[0]!)
  const [, category = ""] = /^\/v5\/public\/([a-z]+)$/.exec(path) ?? []
  if (!isCategory(category)) return undefined
  const market = marketOf(category)
  return { market, route: "public", combined: false, streams: [], unit: "ms", listenKey: "" }
}
