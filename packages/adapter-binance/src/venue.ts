/**
 * A market as core's socket toolkit wants it: the data of the market, put together with the hosts of an environment.
 *
 * Fails at once for a venue, an environment or a base URL that does not exist. `topic` throws for a channel that is not
 * among the capabilities: whoever subscribes checks them first.
 */
import { Choice, Endpoints, Rest, SocketVenue, type Subscription, type VenueAdapter, VenueError } from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { BinanceSpot } from "./BinanceSpot.ts"
import { BinanceUsdm } from "./BinanceUsdm.ts"
import * as decode from "./decode.ts"
import * as depths from "./depths.ts"
import { classify } from "./errors.ts"
import * as history from "./history.ts"
import type { Market } from "./market.ts"
import * as present from "./present.ts"
import * as snapshot from "./snapshot.ts"
import { streamName } from "./symbols.ts"
import { usedWeight } from "./weights.ts"

/** The markets by venue id. */
export const markets: ReadonlyMap<string, Market> = new Map(
  [BinanceSpot, BinanceUsdm].map((market) => [market.id, market])
)

/** The market of a venue id. */
export const marketOf = (settings: Pick<Settings, "name" | "venue">): Effect.Effect<Market, VenueError.VenueError> =>
  Choice.of(settings, "venue", settings.venue, markets)

type Settings = Pick<
  VenueAdapter.VenueSettings<Endpoints.Hosts, unknown>,
  "venue" | "name" | "environment" | "endpoints"
>

export const makeVenue = (
  settings: Settings
): Effect.Effect<SocketVenue.SocketVenue, VenueError.VenueError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const market = yield* marketOf(settings)
    const environments = new Map(Object.entries(market.environments))
    const hosts = yield* Choice.of(settings, "environment", settings.environment, environments)
    const { stream, rest: baseUrl } = Endpoints.resolve(hosts, settings.endpoints)
    const budget = { market: market.id, weight: market.weights.perMinute, window: "1 minute", usedWeight } as const
    const rest = yield* Rest.make({ venue: settings.name, baseUrl, classify, budget })
    const read = decode.make(market, settings.name)
    const readSnapshot = snapshot.make(market, rest, settings.name)
    return {
      name: settings.name,
      capabilities: market.capabilities,
      topic: topic(market),
      routes: Object.keys(market.routes),
      url: (route) => `${stream}${market.routes[route] ?? ""}/stream`,
      limits: market.limits,
      heartbeat: market.heartbeat,
      subscribe: request("SUBSCRIBE"),
      unsubscribe: request("UNSUBSCRIBE"),
      decoder: () => read,
      book: { rule: market.bookRule, snapshot: readSnapshot },
      isPartialBook: depths.isPartialBook,
      instruments: Effect.flatMap(market.instruments(rest, market.weights, settings.name), ({ instruments, skipped }) =>
        skipped === 0
          ? Effect.succeed(instruments)
          : Effect.as(Effect.logWarning(`${settings.name}: ${skipped} instruments could not be read`), instruments)
      ),
      history: history.make(market, rest, settings.name),
      present: present.make(market, { rest, venue: settings.name, url: baseUrl, snapshot: readSnapshot })
    }
  })

const topic =
  (market: Market) =>
  ({ symbol, channel }: Subscription.Subscription): SocketVenue.Topic => {
    const stream = market.stream(channel)
    if (stream === undefined) throw new RangeError(`${market.id} has no channel ${channel}`)
    return { name: `${streamName(symbol)}@${stream.name}`, route: stream.route }
  }

/** Source: docs/venues/binance.md, "Control frames". */
const request = (method: "SUBSCRIBE" | "UNSUBSCRIBE") => (params: ReadonlyArray<string>, id: number) =>
  JSON.stringify({ method, params, id })
