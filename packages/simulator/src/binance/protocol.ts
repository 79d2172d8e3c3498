/** Binance at a glance: spot and USDⓈ-M futures, market data, accounts and orders. */
import type { Market } from "../market/market.ts"
import type { Protocol } from "../Protocol.ts"
import type { Snapshot } from "../rest/snapshots.ts"
import { channels } from "./channels.ts"
import { converse } from "./conversation.ts"
import { parse } from "./path.ts"
import { rest } from "./rest.ts"
import * as rewrite from "./rewrite.ts"
import { symbolOf } from "./streamName.ts"
import { converse as converseApi } from "./trading/wsApi.ts"

const snapshot = (market: Market): Snapshot => ({
  lastUpdateId: market.book.updateId,
  sequence: market.book.updateId,
  time: market.bookTime,
  bids: market.book.top("bid", Infinity),
  asks: market.book.top("ask", Infinity)
})

export const binance: Protocol = {
  hostOf: (market) => market,
  path: parse,
  overLimitStatus: 429,
  symbolOf,
  converse: (line) => (line.path.route === "api" ? converseApi(line) : converse(line)),
  frames: { ...rewrite, naming: ["e", "E"] },
  greetsBooks: false,
  channels,
  snapshot,
  rest
}
