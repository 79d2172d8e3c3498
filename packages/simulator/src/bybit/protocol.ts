/** Bybit v5 at a glance: spot, linear and inverse; market data, accounts and orders. */
import type { Market } from "../market/market.ts"
import type { Protocol } from "../Protocol.ts"
import type { Snapshot } from "../rest/snapshots.ts"
import { channels } from "./channels.ts"
import { converse } from "./conversation.ts"
import { parse } from "./path.ts"
import { rest } from "./rest.ts"
import * as rewrite from "./rewrite.ts"
import type { Route } from "../socket/SocketPath.ts"
import { converse as converseInPrivate } from "./trading/privateSocket.ts"
import { converse as converseTrade } from "./trading/tradeSocket.ts"
import { depthPeriods, symbolOf } from "./topicName.ts"

/** REST tells the book of the deepest topic. */
const snapshot = (market: Market): Snapshot => {
  const { number, ...told } = market.chain(1000, depthPeriods[1000]).snapshot()
  return { lastUpdateId: number, ...told }
}

/** Of accounts; all others are public. */
const conversations: Partial<Record<Route, Protocol["converse"]>> = { private: converseInPrivate, api: converseTrade }

export const bybit: Protocol = {
  hostOf: () => "bybit",
  path: parse,
  // The venue says only that it refuses.
  overLimitStatus: 403,
  symbolOf,
  converse: (line) => conversations[line.path.route]?.(line) ?? converse(line),
  frames: { ...rewrite, naming: ["topic", "type"] },
  greetsBooks: true,
  channels: () => channels,
  snapshot,
  rest
}
