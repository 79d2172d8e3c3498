/** Bybit v5 at a glance: spot, linear and inverse, public market data. */
import type { Market } from "../market/market.ts"
import type { Protocol } from "../Protocol.ts"
import type { Snapshot } from "../rest/snapshots.ts"
import { channels } from "./channels.ts"
import { converse } from "./conversation.ts"
import { parse } from "./path.ts"
import { rest } from "./rest.ts"
import * as rewrite from "./rewrite.ts"
import { depthPeriods, symbolOf } from "./topicName.ts"

/** REST tells the book of the deepest topic. */
const snapshot = (market: Market): Snapshot => {
  const { number, ...told } = market.chain(1000, depthPeriods[1000]).snapshot()
  return { lastUpdateId: number, ...told }
}

export const bybit: Protocol = {
  hostOf: () => "bybit",
  path: parse,
  // The venue says only that it refuses.
  overLimitStatus: 403,
  symbolOf,
  converse,
  frames: { ...rewrite, naming: ["topic", "type"] },
  greetsBooks: true,
  channels: () => channels,
  snapshot,
  rest
}
