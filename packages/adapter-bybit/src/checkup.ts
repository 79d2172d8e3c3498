/**
 * What an operator looks at before a start: hosts, the venue's time, the requests that are left.
 * Source: docs/venues/bybit.md, "Hosts", "Signatures" and "REST limits".
 */
import { type Checkup, Choice, Endpoints, Rest, type VenueAdapter, type VenueError } from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import { accountHost, environments, type Hosts } from "./endpoints.ts"
import { classify } from "./errors.ts"
import * as limits from "./limits.ts"
import type { Market } from "./market.ts"
import { type Options, RECV_WINDOW_MS } from "./trading/credentials.ts"
import { serverTime } from "./trading/serverTime.ts"

/** A stamp may be so far in the venue's future. */
const AHEAD_MS = 1_000

type Settings = Pick<
  VenueAdapter.VenueSettings<Hosts, Options | undefined>,
  "environment" | "endpoints" | "name" | "options"
>

export const make = (
  market: Market,
  settings: Settings
): Effect.Effect<Checkup.Checkup, VenueError.VenueError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const { endpoints: given, environment, name: venue, options } = settings
    const known: Hosts = yield* Choice.of(settings, "environment", environment, new Map(Object.entries(environments)))
    const { rest: baseUrl, stream } = Endpoints.resolve(known, given)
    const account = options?.apiKey === undefined ? stream : accountHost(known, given)
    const rest = yield* Rest.make({ venue, baseUrl, classify, budget: limits.rest })
    return {
      endpoints: [
        { name: "stream", url: stream },
        { name: "rest", url: baseUrl },
        ...(account === stream ? [] : [{ name: "account", url: account }])
      ],
      serverTime: serverTime(rest),
      stamps: { aheadMs: AHEAD_MS, behindMs: options?.recvWindow ?? RECV_WINDOW_MS },
      budget: rest.budget,
      limits: market.limits
    }
  })
