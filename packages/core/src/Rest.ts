/**
 * Public REST reads of one venue: a path and its parameters in, a checked value out, every failure a `VenueError`.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import { ConnectionFailed, DecodeFailed, type Reason, VenueError } from "./VenueError.ts"

/** What a venue answered when it did not answer with success. */
export interface Refusal {
  readonly status: number
  /** Names are lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface RestOptions {
  readonly venue: string
  /** Without a trailing slash. */
  readonly baseUrl: string
  /** The venue's error table. */
  readonly classify: (refusal: Refusal) => Reason
  readonly timeout?: Duration.Input
}

export type Parameters = Readonly<Record<string, string | number | undefined>>

export interface Rest {
  readonly get: <A, I>(path: string, parameters: Parameters, schema: Schema.Codec<A, I>) => Effect.Effect<A, VenueError>
}

/** The longest sample of a body that an error carries. */
const SAMPLE_LENGTH = 200

export const make = (options: RestOptions): Effect.Effect<Rest, never, HttpClient.HttpClient> =>
  Effect.map(HttpClient.HttpClient, (client): Rest => {
    const timeout = Duration.fromInputUnsafe(options.timeout ?? "10 seconds")
    return {
      get: (path, parameters, schema) => {
        const fail = (reason: Reason, cause?: unknown) =>
          new VenueError({
            venue: options.venue,
            operation: `GET ${path}`,
            reason,
            ...(cause !== undefined && { cause })
          })
        const query = Object.entries(parameters).filter(
          (entry): entry is [string, string | number] => entry[1] !== undefined
        )
        const request = HttpClientRequest.get(`${options.baseUrl}${path}`).pipe(
          HttpClientRequest.setUrlParams(query.map(([key, value]) => [key, String(value)] as const))
        )
        return client.execute(request).pipe(
          Effect.flatMap((response) => Effect.map(response.text, (body) => ({ response, body }))),
          Effect.mapError((cause) => fail(new ConnectionFailed({ message: describe(cause) }), cause)),
          Effect.timeoutOrElse({
            duration: timeout,
            orElse: () =>
              Effect.fail(fail(new ConnectionFailed({ message: `no answer within ${Duration.format(timeout)}` })))
          }),
          Effect.flatMap(({ response, body }) =>
            response.status >= 200 && response.status < 300
              ? Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body).pipe(
                  Effect.mapError((cause) =>
                    fail(new DecodeFailed({ message: cause.message, sample: body.slice(0, SAMPLE_LENGTH) }), cause)
                  )
                )
              : Effect.fail(fail(options.classify({ status: response.status, headers: response.headers, body })))
          )
        )
      }
    }
  })

/** The innermost message of a transport failure (`connect ECONNREFUSED …` rather than `fetch failed`). */
const describe = (error: unknown): string => {
  let current = error
  let message = "no connection"
  while (current instanceof Error) {
    if (current.message !== "") message = current.message
    current = current.cause
  }
  return message
}
