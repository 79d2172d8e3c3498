/**
 * Requests to the instance that served the page, and to nobody else.
 *
 * Guarantees: no request lasts longer than five seconds, but for changes, which may have venues to ask; what the API refuses
 * is an `ApiError` with its own words, what did not arrive is `Unreachable`. The token goes in a header, never in an address.
 */
import * as Token from "./Token.ts"

const READ_TIMEOUT_MS = 5_000
const CHANGE_TIMEOUT_MS = 30_000

/** Nobody answered, or not in time. */
export class Unreachable extends Error {
  override readonly name = "Unreachable"
}

export class ApiError extends Error {
  override readonly name = "ApiError"
  readonly status: number
  readonly tag: string

  constructor(status: number, tag: string, message: string) {
    super(message)
    this.status = status
    this.tag = tag
  }
}

/** `accepts`: statuses beside 2xx whose body is an answer. */
export const read = <A>(path: string, accepts: ReadonlyArray<number> = []): Promise<A> =>
  ask<A>(path, { headers: authorization(), signal: AbortSignal.timeout(READ_TIMEOUT_MS) }, accepts)

export const post = <A>(path: string, body: unknown): Promise<A> =>
  ask<A>(path, {
    method: "POST",
    headers: { ...authorization(), "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(CHANGE_TIMEOUT_MS)
  })

const authorization = (): Record<string, string> => {
  const token = Token.current.get()
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}

const ask = async <A>(path: string, request: RequestInit, accepts: ReadonlyArray<number> = []): Promise<A> => {
  const { body, response } = await sent(path, request)
  if (response.ok || accepts.includes(response.status)) return body as A
  const { message, tag } = refusalOf(body)
  throw new ApiError(response.status, tag ?? "Refused", message ?? `the API answered ${response.status} to ${path}`)
}

const sent = async (path: string, request: RequestInit): Promise<{ response: Response; body: unknown }> => {
  try {
    const response = await fetch(path, { ...request, cache: "no-store", credentials: "same-origin" })
    return { response, body: parsed(await response.text()) }
  } catch (cause) {
    const isLate = cause instanceof DOMException && cause.name === "TimeoutError"
    throw new Unreachable(isLate ? `no answer to ${path} in time` : `no answer to ${path}`, { cause })
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const refusalOf = (body: unknown): { readonly tag?: string; readonly message?: string } =>
  typeof body === "object" && body !== null && "error" in body && typeof body.error === "object" && body.error !== null
    ? body.error
    : {}
