/** Where a socket's URL leads. */
import type { MarketKind } from "../market/definition.ts"
import type { TimeUnit } from "../topics/Frame.ts"

/** Binance's paths: `unrouted` is `/ws` and `/stream`, which deliver what `/public` delivers. All of Bybit is `public`. */
export type Route = "spot" | "public" | "market" | "private" | "unrouted"

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

/** A host's name in front of a path: some clients tell the market from the URL's text, so a URL may keep it there. */
export const splitHost = (path: string): { readonly host: string | undefined; readonly path: string } => {
  const [, first = "", rest = "/"] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? []
  const isHost = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/.test(first)
  return isHost ? { host: first, path: rest } : { host: undefined, path }
}
