/**
 * Every request, from the door to the answer: let in or not, carried out, and whatever goes wrong told in the one form of errors.
 *
 * Guarantees: no answer without the headers that keep browsers out of trouble; nothing of what failed inside is told outside; a
 * client that goes away is no error.
 */
import * as HttpServerError from "effect/http/HttpServerError"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiError from "effect/http-api/HttpApiError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Guard } from "./Guard.ts"
import * as Refusal from "./Refusal.ts"
import type { RequestRate } from "./RequestRate.ts"

/** Scripts and styles from here alone; nobody frames it. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const CHANGES = "GET, POST, PUT, OPTIONS"
const PREFLIGHT_SECONDS = "600"

export const headersOf =
  ({ isAllowedOrigin }: Guard) =>
  ({ headers }: HttpServerRequest.HttpServerRequest): Readonly<Record<string, string>> => ({
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": PAGE_POLICY,
    "cross-origin-resource-policy": isAllowedOrigin(headers["origin"]) ? "cross-origin" : "same-origin",
    vary: "origin",
    ...(isAllowedOrigin(headers["origin"]) && {
      "access-control-allow-origin": headers["origin"]!,
      "access-control-allow-headers": "authorization, content-type",
      "access-control-allow-methods": CHANGES,
      "access-control-max-age": PREFLIGHT_SECONDS
    })
  })

export const answered = <E, R>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  guard: Guard,
  rate: RequestRate
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R | HttpServerRequest.HttpServerRequest> => {
  const withHeaders = headersOf(guard)
  return Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const response = yield* carriedOut(app, request, guard, rate)
    const own = HttpServerResponse.setHeaders(response, { ...withHeaders(request), ...response.headers })
    return own.headers["cache-control"] === undefined
      ? HttpServerResponse.setHeader(own, "cache-control", "no-store")
      : own
  })
}

const carriedOut = <E, R>(
  app: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  request: HttpServerRequest.HttpServerRequest,
  guard: Guard,
  rate: RequestRate
): Effect.Effect<HttpServerResponse.HttpServerResponse, never, R> =>
  Effect.suspend(() => {
    const { headers, method, url } = request
    const seconds = rate.take(Option.getOrElse(request.remoteAddress, () => "unknown"))
    if (seconds !== undefined) {
      const refusal = Refusal.of("TooManyRequests", `too many requests; come again in ${seconds} s`)
      return Effect.succeed(Refusal.response(refusal, { "retry-after": String(seconds) }))
    }
    const isUpgrade = headers["upgrade"] !== undefined
    const refusal = guard.check({ method, url, headers, isUpgrade })
    if (refusal !== undefined) {
      const isUnauthorized = refusal.error.tag === "Unauthorized"
      return Effect.succeed(Refusal.response(refusal, isUnauthorized ? { "www-authenticate": "Bearer" } : {}))
    }
    if (method === "OPTIONS") return Effect.succeed(HttpServerResponse.empty({ status: 204 }))
    return Effect.matchCauseEffect(app, {
      onFailure: (cause) =>
        Cause.hasInterruptsOnly(cause) ? Effect.failCause(cause as Cause.Cause<never>) : failed(cause, request),
      onSuccess: (response) => Effect.succeed(inForm(response))
    })
  })

/** What the library answers by itself has no body. */
const inForm = (response: HttpServerResponse.HttpServerResponse): HttpServerResponse.HttpServerResponse => {
  if (response.status === 415) {
    return Refusal.response(
      Refusal.of("UnsupportedMediaType", "a body is JSON; expected content-type: application/json")
    )
  }
  return response
}

const failed = (
  cause: Cause.Cause<unknown>,
  request: HttpServerRequest.HttpServerRequest
): Effect.Effect<HttpServerResponse.HttpServerResponse> => {
  const refusal = refusalOf(Cause.squash(cause))
  if (refusal !== undefined) return Effect.succeed(Refusal.response(refusal))
  // the query may hold what is nobody's business
  const route = `${request.method} ${request.url.split("?", 1)[0]!.slice(0, 200)}`
  return Effect.logError("a request failed", cause).pipe(
    Effect.annotateLogs({ route }),
    Effect.as(Refusal.response(Refusal.of("Internal", "this went wrong here; the log says what")))
  )
}

const refusalOf = (error: unknown): Refusal.Refusal | undefined => {
  if (HttpApiError.HttpApiSchemaError.is(error)) return malformed(error)
  if (HttpApiError.HttpApiPayloadTooLarge.is(error)) return tooLarge
  if (!HttpServerError.isHttpServerError(error)) return undefined
  const { reason } = error
  if (reason._tag === "RouteNotFound") return Refusal.of("NotFound", "there is no such route; GET /docs lists them")
  if (reason._tag !== "RequestParseError") return undefined
  return reason.reason === "BodyTooLarge" ? tooLarge : Refusal.of("BadRequest", "the request could not be read")
}

const MOST_BODY = "64 KiB"
const tooLarge = Refusal.of("TooLarge", `the body is larger than ${MOST_BODY}`)

/** What the client sent; what we could not write is our failure. */
const malformed = ({ cause, kind }: HttpApiError.HttpApiSchemaError): Refusal.Refusal | undefined => {
  if (kind === "Body" || kind === "ResponseHeaders") return undefined
  const inner: unknown = cause
  if (HttpServerError.isHttpServerError(inner)) {
    return refusalOf(inner) ?? Refusal.of("BadRequest", "the body is no JSON")
  }
  const [message = "", ...at] = String(cause.message).split("\n")
  const path = /at (\[.*\])/
    .exec(at.join(" "))?.[1]
    ?.replace(/\]\[/g, ".")
    .replace(/[[\]"]/g, "")
  return Refusal.of("BadRequest", `${kind.toLowerCase()}: ${message}`.slice(0, 500), path)
}
