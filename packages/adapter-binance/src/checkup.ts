/**
 * What an operator looks at before a start: hosts, the venue's time, the weight that is left.
 * Source: docs/venues/binance.md, "Signatures" and "REST limits".
 */
import { type Checkup, Choice, Endpoints, Rest, type VenueAdapter, type VenueError } from "@tidewire/core"
import { Effect } from "effect"
import type { HttpClient } from "effect/http"
import type * as hosts from "./endpoints.ts"
import { classify } from "./errors.ts"
import type { Market } from "./market.ts"
import { type Options, RECV_WINDOW_MS } from "./trading/credentials.ts"
import { serverTime } from "./trading/serverTime.ts"
import { usedWeight } from "./weights.ts"

/** A stamp may be so far in the venue's future. */
const AHEAD_MS = 1_000

type Settings = Pick<
  VenueAdapter.VenueSettings<hosts.Hosts, Options | undefined>,
  "environment" | "endpoints" | "name" | "options"
>

export const make = (
  market: Market,
  settings: Settings
): Effect.Effect<Checkup.Checkup, VenueError.VenueError, HttpClient.HttpClient> =>
  Effect.gen(function* () {
    const { endpoints: given, environment, name: venue, options } = settings
    const known: hosts.Hosts = yield* Choice.of(
      settings,
      "environment",
      environment,
      new Map(Object.entries(market.environments))
    )
    const { rest: baseUrl, stream } = Endpoints.resolve(known, given)
    // only an account goes there
    const api = options?.apiKey === undefined ? undefined : (given.api ?? known.api)
    const budget = { market: market.id, weight: market.weights.perMinute, window: "1 minute", usedWeight } as const
    const rest = yield* Rest.make({ venue, baseUrl, classify, budget })
    return {
      endpoints: [
        { name: "stream", url: stream },
        { name: "rest", url: baseUrl },
        ...(api === undefined ? [] : [{ name: "api", url: api }])
      ],
      serverTime: serverTime(rest, `${market.restPath}/time`),
      stamps: { aheadMs: AHEAD_MS, behindMs: options?.recvWindow ?? RECV_WINDOW_MS },
      budget: rest.budget,
      limits: market.limits
    }
  })
