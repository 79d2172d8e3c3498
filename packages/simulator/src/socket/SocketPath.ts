/** Where a socket's URL leads. */
import type { MarketKind } from "../market/definition.ts"
import type { TimeUnit } from "../topics/Frame.ts"

/**
 * Binance's paths: `unrouted` is `/ws` and `/stream`, which deliver what `/public` delivers. Bybit's are `public` and
 * `private`. Orders are entered on `api`: the WebSocket API, and Bybit's `/v5/trade`.
 */
export type Route = "spot" | "public" | "market" | "private" | "unrouted" | "api"

export interface SocketPath {
  readonly market: MarketKind
  readonly route: Route
  /** Messages are wrapped in `{"stream":…,"data":…}`. */
  readonly combined: boolean
  readonly streams: ReadonlyArray<string>
  readonly unit: TimeUnit
  /** Of a private connection: whatever the URL says, the venue does not check it at the door. */
  readonly listenKey: string
  /** Of a private connection: only these types of events. */
  readonly events?: ReadonlyArray<string>
  /** Of the WebSocket API: whether answers tell the limits. */
  readonly wantsLimits?: boolean
}

/** A host's name in front of a path: some clients tell the market from the URL's text, so a URL may keep it there. */
export const splitHost = (path: string): { readonly host: string | undefined; readonly path: string } => {
  const [, first = "", rest = "/"] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? []
  const isHost = /^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?$/.test(first)
  return isHost ? { host: first, path: rest } : { host: undefined, path }
}
