/**
 * Whole books over REST, the ground that the changes of `@depth` stand on. Levels are best first, whatever the order
 * they came in.
 * Source: docs/venues/binance.md, "Books" and "REST".
 */
import { type BookRule, Exact, Levels, type Rest, type Subscription, VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import * as depths from "./depths.ts"
import type { Market } from "./market.ts"
import { weightOf } from "./weights.ts"
import * as wire from "./wire.ts"

const nothing = { inexact: () => {} }

export const make =
  (market: Market, rest: Rest.Rest, venue: string) =>
  ({ symbol, channel }: Subscription.Subscription): Effect.Effect<BookRule.BookSnapshot, VenueError.VenueError> => {
    const path = `${market.restPath}/depth`
    return Effect.gen(function* () {
      const limit = depths.snapshotLevels(channel)
      const answer = yield* rest.get(path, { symbol, limit }, wire.Depth, weightOf(market.weights.depth, limit))
      const receivedTime = yield* Clock.currentTimeMillis
      const bids = Levels.read(answer.bids, "bids")
      const asks = Levels.read(answer.asks, "asks")
      if (typeof bids === "string" || typeof asks === "string") {
        const message = typeof bids === "string" ? bids : String(asks)
        const reason = new VenueError.DecodeFailed({ message, sample: "" })
        return yield* new VenueError.VenueError({ venue, operation: `GET ${path}`, reason })
      }
      const exchangeTime = answer.T ?? answer.E
      return Exact.sparse<BookRule.BookSnapshot>(
        { symbol, sequence: answer.lastUpdateId, bids, asks, exchangeTime, receivedTime, exact: undefined },
        Levels.inexact(nothing, answer.bids, answer.asks)
      )
    })
  }
