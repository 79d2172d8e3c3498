/**
 * A market as core's socket toolkit wants it: the data of the market, put together with the hosts of an environment.
 *
 * Fails at once for a venue, an environment or a base URL that does not exist. `topic` throws for a channel that is not
 * among the capabilities: whoever subscribes checks them first.
 */
import {
  Choice,
  Endpoints,
  Rest,
  type SocketVenue,
  type Subscription,
  type VenueAdapter,
  type VenueError
} from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import * as audit from "./audit.ts"
import { bookRule } from "./bookRule.ts"
import { BybitInverse } from "./BybitInverse.ts"
import { BybitLinear } from "./BybitLinear.ts"
import { BybitSpot } from "./BybitSpot.ts"
import * as decode from "./decode.ts"
import { environments } from "./endpoints.ts"
import { classify } from "./errors.ts"
import * as history from "./history.ts"
import * as instruments from "./instruments.ts"
import * as limits from "./limits.ts"
import type { Market } from "./market.ts"
import * as present from "./present.ts"
import * as requests from "./requests.ts"
import { isPartialBook } from "./topics.ts"

/** The markets by venue id. */
export const markets: ReadonlyMap<string, Market> = new Map(
  [BybitSpot, BybitLinear, BybitInverse].map((market) => [market.id, market])
)

type Settings = Pick<
  VenueAdapter.VenueSettings<Endpoints.Hosts, unknown>,
  "venue" | "name" | "environment" | "endpoints"
>

/** The market of a venue id. */
export const marketOf = (settings: Pick<Settings, "name" | "venue">): Effect.Effect<Market, VenueError.VenueError> =>
  Choice.of(settings, "venue", settings.venue, markets)

/** A market has one socket. */
const ROUTE = "public"

export const makeVenue = (
  settings: Settings
): Effect.Effect<SocketVenue.SocketVenue, VenueError.VenueError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const { name } = settings
    const market = yield* marketOf(settings)
    const known = new Map<string, Endpoints.Hosts>(Object.entries(environments))
    const hosts = yield* Choice.of(settings, "environment", settings.environment, known)
    const { stream, rest: baseUrl } = Endpoints.resolve(hosts, settings.endpoints)
    const rest = yield* Rest.make({ venue: name, baseUrl, classify, budget: limits.rest })
    return {
      name,
      capabilities: market.capabilities,
      topic: topic(market),
      routes: [ROUTE],
      url: () => `${stream}/v5/public/${market.category}`,
      limits: market.limits,
      heartbeat: limits.heartbeat,
      subscribe: requests.make("subscribe"),
      unsubscribe: requests.make("unsubscribe"),
      decoder: decode.make(market, name),
      // the socket sends it first
      book: { rule: bookRule, snapshot: undefined, audit: audit.make(market, rest, name) },
      isPartialBook,
      instruments: Effect.flatMap(instruments.list(market, rest, name), ({ instruments: found, skipped }) =>
        skipped === 0
          ? Effect.succeed(found)
          : Effect.as(Effect.logWarning(`${name}: ${skipped} instruments could not be read`), found)
      ),
      history: history.make(market, rest, name),
      present: present.make(market, { rest, venue: name, url: baseUrl })
    }
  })

const topic =
  (market: Market) =>
  ({ symbol, channel }: Subscription.Subscription): SocketVenue.Topic => {
    const feed = market.feed(channel)
    if (feed === undefined) throw new RangeError(`${market.id} has no channel ${channel}`)
    return { name: `${feed}.${symbol}`, route: ROUTE }
  }
