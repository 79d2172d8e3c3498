/**
 * Public REST reads of one venue: a path and its parameters in, a checked value out, every failure a `VenueError`.
 *
 * Guarantees: nothing is sent but within the budget of the host (`RestBudget`), which every read of this process
 * shares, in the order of `Urgency.current`; what the venue says about its limits is taken in before the read ends.
 * Waiting for the budget has no end of its own: a caller with a deadline gives up by `Effect.timeoutOrElse`, and leaves
 * its place to the next.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import * as RestBudget from "./RestBudget.ts"
import * as Urgency from "./Urgency.ts"
import { ConnectionFailed, DecodeFailed, type Reason, recovery, VenueError, VenueUnavailable } from "./VenueError.ts"

/** Names are lower case. */
export type Headers = Readonly<Record<string, string | undefined>>

/** What a venue answered. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface BudgetOptions {
  /** Which of the venue's counts it is, where one host serves several markets that are counted apart. */
  readonly market: string
  /** What the venue allows in each window of its clock. Of a window that slides, give a fraction. */
  readonly weight: number
  readonly window: Duration.Input
  /** The weight used in this window as an answer tells it; `undefined` where it does not. */
  readonly usedWeight: (headers: Headers) => number | undefined
}

export interface RestOptions {
  readonly venue: string
  /** Without a trailing slash. */
  readonly baseUrl: string
  /**
   * The venue's error table: what an answer means that is no success, or that is one only by its status. `undefined` for an
   * answer that is what was asked for; of a status beyond the 200s that is taken as `VenueUnavailable`.
   */
  readonly classify: (answer: Answer) => Reason | undefined
  readonly budget: BudgetOptions
  /** How long an answer may take once the request is sent. */
  readonly timeout?: Duration.Input
}

export type Parameters = Readonly<Record<string, string | number | undefined>>

export interface Rest {
  /** `weight` is what the venue counts for it, failed or not. */
  readonly get: <A, I>(
    path: string,
    parameters: Parameters,
    schema: Schema.Codec<A, I>,
    weight: number
  ) => Effect.Effect<A, VenueError>
}

/** The longest sample of a body that an error carries. */
const SAMPLE_LENGTH = 200

export const make = (options: RestOptions): Effect.Effect<Rest, never, HttpClient.HttpClient> =>
  Effect.map(HttpClient.HttpClient, (client): Rest => {
    const timeout = Duration.fromInputUnsafe(options.timeout ?? "10 seconds")
    const { market, usedWeight, weight: most, window } = options.budget
    const windowMs = Duration.toMillis(Duration.fromInputUnsafe(window))
    const budget = RestBudget.shared(`${market} ${new URL(options.baseUrl).host}`, { weight: most, windowMs })

    const takeIn = (sentMs: number, status: number, headers: Headers, reason: Reason | undefined) =>
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const used = usedWeight(headers)
        const answer = { status, ...(used !== undefined && { usedWeight: used }), ...limits(reason, headers) }
        const restMs = budget.answered(sentMs, answer, now)
        if (restMs === 0) return Effect.void
        return Effect.annotateLogs(Effect.logWarning("the venue wants no requests for a while"), {
          venue: options.venue,
          status,
          restMs
        })
      })

    return {
      get: (path, parameters, schema, weight) =>
        Effect.gen(function* () {
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
          const sentMs = yield* budget.take(weight, yield* Urgency.current)
          const { body, headers, status } = yield* client.execute(request).pipe(
            Effect.flatMap(({ headers, status, text }) => Effect.map(text, (body) => ({ status, headers, body }))),
            Effect.mapError((cause) => fail(new ConnectionFailed({ message: describe(cause) }), cause)),
            Effect.timeoutOrElse({
              duration: timeout,
              orElse: () =>
                Effect.fail(fail(new ConnectionFailed({ message: `no answer within ${Duration.format(timeout)}` })))
            })
          )
          const reason = options.classify({ status, headers, body }) ?? unexplained(status)
          yield* takeIn(sentMs, status, headers, reason)
          if (reason !== undefined) return yield* fail(reason)
          return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body).pipe(
            Effect.mapError((cause) =>
              fail(new DecodeFailed({ message: cause.message, sample: body.slice(0, SAMPLE_LENGTH) }), cause)
            )
          )
        })
    }
  })

const unexplained = (status: number): Reason | undefined =>
  status >= 200 && status < 300 ? undefined : new VenueUnavailable({ message: `HTTP ${status}` })

/** What a refusal says about the budget of its host. */
const limits = (
  reason: Reason | undefined,
  headers: Headers
): Pick<RestBudget.Answer, "isRateLimited" | "retryAfterMs"> => {
  if (reason === undefined) return {}
  const action = recovery(reason)
  const asked = (action._tag === "Wait" ? action.retryAfterMs : undefined) ?? retryAfterMs(headers)
  return { isRateLimited: reason._tag === "RateLimited", ...(asked !== undefined && { retryAfterMs: asked }) }
}

/** `Retry-After` in seconds; a date in its place says nothing. */
export const retryAfterMs = (headers: Headers): number | undefined => {
  const header = headers["retry-after"]?.trim()
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : undefined
}

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
