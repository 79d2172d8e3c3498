/**
 * A running instance as its API tells it, all of it at nearly one moment. What an instance does not have (an engine, alerts) is
 * absent or empty.
 */
import type { PrivateEvent, VenueAdapter } from "@tidewire/core"
import type { EngineStatus } from "@tidewire/engine"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as HttpClient from "effect/http/HttpClient"
import type * as HttpClientError from "effect/http/HttpClientError"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as Redacted from "effect/Redacted"
import type { SchemaError } from "effect/Schema"
import { api } from "../http/api/Api.ts"
import type { Health } from "../http/api/health.ts"
import type { Status } from "../http/api/status.ts"
import type * as Parts from "../operation/Parts.ts"
import type { StreamStatus } from "../operation/Watch.ts"

/** `isFinal`: asking again comes to the same. */
export class Unreachable extends Data.TaggedError("Unreachable")<{
  readonly message: string
  readonly isFinal: boolean
}> {}

export interface Target {
  readonly url: URL
  readonly token: Redacted.Redacted | undefined
}

const ANSWER_WITHIN = "5 seconds"
const FILLS = 5

const clientOf = ({ token, url }: Target) =>
  HttpApiClient.make(api, {
    baseUrl: url,
    transformClient: HttpClient.mapRequest((request) =>
      token === undefined ? request : HttpClientRequest.bearerToken(request, token)
    )
  })

export interface Snapshot {
  readonly status: Status
  readonly health: Health
  readonly connections: ReadonlyArray<Connection>
  readonly streams: ReadonlyArray<StreamStatus>
  readonly latency: ReadonlyArray<Parts.HopLatency>
  /** Those that are on. */
  readonly alerts: ReadonlyArray<Parts.Alert>
  readonly store: Parts.StoreStatus | undefined
  readonly engine: EngineStatus.EngineStatus | undefined
  /** The last few. */
  readonly fills: ReadonlyArray<PrivateEvent.Fill>
}

export interface Connection extends Omit<VenueAdapter.ConnectionStatus, "reason"> {
  readonly venue: string
  readonly reason?: string
}

const gather = (target: Target) =>
  Effect.gen(function* () {
    const client = yield* clientOf(target)
    // it says first whether there is anybody, and whether we may ask
    const status = yield* client.status.status()
    const [health, connections, streams, latency, alerts, store, engine, fills] = yield* Effect.all(
      [
        client.health.health(),
        client.status.connections(),
        client.status.streams(),
        client.status.latency(),
        client.operation.alerts(),
        absent(client.operation.store()),
        absent(client.engine.engine()),
        status.mode === "none" ? Effect.succeed([]) : client.engine.fills({ query: { limit: FILLS } })
      ],
      { concurrency: "unbounded" }
    )
    const { active } = alerts
    return { status, health, connections, streams, latency, alerts: active, store, engine, fills } satisfies Snapshot
  })

export const read = (target: Target): Effect.Effect<Snapshot, Unreachable, HttpClient.HttpClient> =>
  gather(target).pipe(
    Effect.mapError((error) => unreachable(error, target)),
    Effect.timeoutOrElse({
      duration: ANSWER_WITHIN,
      orElse: () => Effect.fail(new Unreachable({ message: `no answer within ${ANSWER_WITHIN}`, isFinal: false }))
    })
  )

/** What is refused with 404 is not there. */
const absent = <A, E, R>(asking: Effect.Effect<A, E, R>): Effect.Effect<A | undefined, E, R> =>
  Effect.catchIf(
    asking,
    (error: E) => refusalOf(error) !== undefined && isAbsent(error),
    () => Effect.succeed(undefined)
  )

const ABSENT = new Set(["NotFound", "NoEngine"])
const isAbsent = (error: unknown): boolean => ABSENT.has(refusalOf(error)?.tag ?? "")

const refusalOf = (error: unknown): { readonly tag: string; readonly message: string } | undefined =>
  typeof error === "object" && error !== null && "error" in error
    ? (error.error as { readonly tag: string; readonly message: string })
    : undefined

type Failure = { readonly error: unknown } | HttpClientError.HttpClientError | SchemaError

const unreachable = (error: Failure, { token, url }: Target): Unreachable => {
  const refusal = refusalOf(error)
  const of = (message: string, isFinal: boolean) => new Unreachable({ message, isFinal })
  if (refusal !== undefined) return of(`${url.origin} answers: ${refusal.message}`, true)
  if (!("reason" in error) || !isHttpFailure(error)) {
    return of(`${url.origin} answers what this version does not understand; is it Tidewire, and of this version?`, true)
  }
  const { reason } = error
  const status = "response" in reason ? reason.response.status : undefined
  if (status === 401) return of(refused(url, token), true)
  if (status === 429 || status === 503) return of(`${url.origin} is too busy to answer (HTTP ${status})`, false)
  if (status !== undefined)
    return of(`${url.origin} answers with HTTP ${status}; is it Tidewire, and of this version?`, true)
  return of(`nothing answers at ${url.origin}: is an instance with \`http\` in its configuration running there?`, false)
}

const isHttpFailure = (error: Failure): error is HttpClientError.HttpClientError =>
  "_tag" in error && error._tag === "HttpClientError"

const refused = (url: URL, token: Redacted.Redacted | undefined): string =>
  token === undefined
    ? `${url.origin} needs a token: set TIDEWIRE_TOKEN, or name the variable that has it with --token-env`
    : `${url.origin} does not take this token: it must be the one of its \`http.token\``
