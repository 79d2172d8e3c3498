/** An answer over HTTP whose body is at hand: reading it takes no turn, in the recorded run as in its replay. */
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"

export interface Content {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Statuses whose answers may have no body. */
const EMPTY: ReadonlySet<number> = new Set([101, 204, 205, 304])

export const memoryResponse = (
  request: HttpClientRequest.HttpClientRequest,
  { body, headers, status }: Content
): HttpClientResponse.HttpClientResponse => {
  const response = HttpClientResponse.fromWeb(
    request,
    new Response(EMPTY.has(status) ? null : body, { status, headers: { ...headers } })
  )
  Object.defineProperty(response, "text", { value: Effect.succeed(body) })
  return response
}
