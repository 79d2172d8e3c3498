/**
 * The trading side of a market, where there is a key: whoever opens it has an account.
 */
import {
  Choice,
  type ConnectionOptions,
  Endpoints,
  Rest,
  Socket,
  type Trading,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import * as hosts from "../endpoints.ts"
import { classify } from "../errors.ts"
import type { Market } from "../market.ts"
import { usedWeight } from "../weights.ts"
import * as credentials from "./credentials.ts"

type Settings = Pick<
  VenueAdapter.VenueSettings<hosts.Hosts, credentials.Options>,
  "environment" | "endpoints" | "name" | "options"
> & { readonly connection: ConnectionOptions.ConnectionOptions }

/** `undefined` without a key. */
export const make = (
  market: Market,
  settings: Settings
): Effect.Effect<Trading.Trading | undefined, VenueError.VenueError, HttpClient.HttpClient | Socket.SocketDriver> =>
  Effect.gen(function* () {
    const { connection, endpoints: given, name: venue } = settings
    const failed = (reason: VenueError.Reason) => new VenueError.VenueError({ venue, operation: "configure", reason })
    const account = yield* Effect.mapError(Effect.fromResult(credentials.of(settings.options)), failed)
    if (account === undefined) return undefined
    const known = yield* Choice.of(
      settings,
      "environment",
      settings.environment,
      new Map(Object.entries(market.environments))
    )
    yield* Effect.mapError(Effect.fromResult(Endpoints.allOrNone(given, known)), failed)
    const ofEnvironment = Endpoints.resolve(known, given)
    const api = Endpoints.resolve(
      { stream: known.api ?? known.stream, rest: known.rest },
      {
        ...(given.api !== undefined && { stream: given.api })
      }
    ).stream
    const budget = { market: market.id, weight: market.weights.perMinute, window: "1 minute", usedWeight } as const
    const rest = yield* Rest.make({ venue, baseUrl: ofEnvironment.rest, classify, budget })
    const driver = yield* Socket.SocketDriver
    return {
      capabilities: market.trading.capabilities,
      open: (emit) =>
        Effect.provideService(
          market.trading.open({
            venue,
            hosts: { ...ofEnvironment, api },
            connection,
            rest,
            credentials: account,
            emit
          }),
          Socket.SocketDriver,
          driver
        )
    }
  })
