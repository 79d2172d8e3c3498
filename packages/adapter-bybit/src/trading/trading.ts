/**
 * The trading side of a market, where there is a key: whoever opens it has an account.
 */
import {
  type ConnectionOptions,
  Choice,
  Endpoints,
  Rest,
  Socket,
  type Trading,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { accountHost, environments, type Hosts, withoutTradeSocket } from "../endpoints.ts"
import { classify } from "../errors.ts"
import * as limits from "../limits.ts"
import type { Market } from "../market.ts"
import * as BybitAccount from "./BybitAccount.ts"
import * as credentials from "./credentials.ts"

type Settings = Pick<
  VenueAdapter.VenueSettings<Hosts, credentials.Options>,
  "environment" | "endpoints" | "name" | "options"
> & { readonly connection: ConnectionOptions.ConnectionOptions }

/** `undefined` without a key. */
export const make = (
  market: Market,
  settings: Settings
): Effect.Effect<Trading.Trading | undefined, VenueError.VenueError, HttpClient.HttpClient | Socket.SocketDriver> =>
  Effect.gen(function* () {
    const { connection, endpoints: given, environment, name: venue } = settings
    const account = credentials.of(settings.options)
    if (account === undefined) return undefined
    const known: Hosts = yield* Choice.of(settings, "environment", environment, new Map(Object.entries(environments)))
    yield* Effect.mapError(
      Effect.fromResult(Endpoints.allOrNone(given, known)),
      (reason) => new VenueError.VenueError({ venue, operation: "configure", reason })
    )
    const hosts = Endpoints.resolve(known, given)
    const rest = yield* Rest.make({ venue, baseUrl: hosts.rest, classify, budget: limits.rest })
    const driver = yield* Socket.SocketDriver
    return {
      capabilities: market.trading,
      open: (emit) =>
        Effect.provideService(
          BybitAccount.open({
            venue,
            market,
            hosts: { ...hosts, account: accountHost(known, given) },
            hasTradeSocket: !withoutTradeSocket.has(environment),
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
