/**
 * The venue as core's socket toolkit wants it: its data, put together with the hosts of an environment.
 *
 * Fails at once for an environment or a base URL that does not exist.
 */
import { Choice, Endpoints, Rest, type SocketVenue, type VenueAdapter, type VenueError } from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { bookRule } from "./bookRule.ts"
import * as decode from "./decode.ts"
import { environments } from "./endpoints.ts"
import { classify } from "./errors.ts"
import * as history from "./history.ts"
import * as instruments from "./instruments.ts"
import { NewVenue } from "./NewVenue.ts"
import * as requests from "./requests.ts"
import * as topics from "./topics.ts"

type Settings = Pick<VenueAdapter.VenueSettings<Endpoints.Hosts, unknown>, "name" | "environment" | "endpoints">

export const makeVenue = (
  settings: Settings
): Effect.Effect<SocketVenue.SocketVenue, VenueError.VenueError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const { name } = settings
    const { budget, capabilities, heartbeat, limits } = NewVenue
    const known = new Map(Object.entries(environments))
    const hosts = yield* Choice.of(settings, "environment", settings.environment, known)
    const { rest: baseUrl, stream } = Endpoints.resolve(hosts, settings.endpoints)
    const rest = yield* Rest.make({ venue: name, baseUrl, classify, budget })
    return {
      name,
      capabilities,
      topic: topics.of,
      routes: topics.routes,
      url: (route) => `${stream}/${route}`,
      limits,
      heartbeat,
      subscribe: requests.make("subscribe"),
      unsubscribe: requests.make("unsubscribe"),
      decoder: decode.make(name),
      // `undefined`: the socket sends the whole book first; else a read of it by `rest`
      book: { rule: bookRule, snapshot: undefined },
      isPartialBook: () => false,
      instruments: instruments.list(rest, name),
      history: history.make(rest, name)
    }
  })
