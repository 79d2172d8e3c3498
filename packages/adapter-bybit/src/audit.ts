/**
 * Whole books over REST, to compare live ones with. Their update id is of the count of 1000 levels, so only the deepest
 * book has something to be compared with.
 * Source: docs/venues/bybit.md, "Books".
 */
import { type BookRule, Exact, Levels, type Rest, type Subscription, VenueError } from "@tidewire/core"
import { Clock, Effect } from "effect"
import { READ_WEIGHT } from "./limits.ts"
import type { Market } from "./market.ts"
import * as topics from "./topics.ts"
import * as wire from "./wire.ts"

const PATH = "/v5/market/orderbook"

const nothing = { inexact: () => {} }

export const make =
  ({ category }: Market, rest: Rest.Rest, venue: string) =>
  ({
    channel,
    symbol
  }: Subscription.Subscription): Effect.Effect<BookRule.BookSnapshot, VenueError.VenueError> | undefined => {
    if (!topics.isDeepest(channel)) return undefined
    return Effect.gen(function* () {
      const parameters = { category, symbol, limit: topics.DEEPEST }
      const { result } = yield* rest.get(PATH, parameters, wire.RestBook, READ_WEIGHT)
      const receivedTime = yield* Clock.currentTimeMillis
      const bids = Levels.read(result.b, "bids")
      const asks = Levels.read(result.a, "asks")
      if (typeof bids === "string" || typeof asks === "string") {
        const message = typeof bids === "string" ? bids : String(asks)
        const reason = new VenueError.DecodeFailed({ message, sample: "" })
        return yield* new VenueError.VenueError({ venue, operation: `GET ${PATH}`, reason })
      }
      const exchangeTime = result.cts ?? result.ts
      return Exact.sparse<BookRule.BookSnapshot>(
        { symbol, sequence: result.u, bids, asks, exchangeTime, receivedTime, exact: undefined },
        Levels.inexact(nothing, result.b, result.a)
      )
    })
  }
