/**
 * The trading side of a market, where there is a key: whoever opens it has an account.
 *
 * With a key the base URLs are replaced all or none: orders for a simulator must not reach the venue, nor those for the venue
 * somebody else.
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
import { Effect, Result } from "effect"
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
    yield* Effect.mapError(Effect.fromResult(allOrNone(given, known)), failed)
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

const allOrNone = (given: Partial<hosts.Hosts>, known: hosts.Hosts): Result.Result<void, VenueError.InvalidRequest> => {
  const wanted = (["stream", "rest", "api"] as const).filter((name) => known[name] !== undefined)
  const missing = wanted.filter((name) => given[name] === undefined)
  if (missing.length === 0 || missing.length === wanted.length) return Result.succeed(undefined)
  const message = `with a key, endpoints are replaced all or none, or orders would go elsewhere than they are meant to; ${missing.join(" and ")} is missing`
  return Result.fail(new VenueError.InvalidRequest({ message }))
}
