/**
 * A request on the WebSocket API. Guarantees that whatever text comes in, either a request or one of the venue's errors
 * comes out. Source: Binance docs, "Request format".
 */
export type RequestId = number | string | null

export interface ApiRequest {
  readonly id: RequestId
  readonly method: string
  /** As they came: what is signed is made of them. */
  readonly raw: Readonly<Record<string, unknown>>
  readonly parameters: URLSearchParams
  readonly wantsLimits: boolean
}

export interface ApiRequestError {
  readonly id: RequestId
  readonly error: { readonly code: number; readonly msg: string }
}

const fail = (code: number, msg: string, id: RequestId = null): ApiRequestError => ({ id, error: { code, msg } })

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const isId = (value: unknown): value is RequestId =>
  value === null ||
  (typeof value === "number" && Number.isInteger(value)) ||
  (typeof value === "string" && value.length <= 36)

/** A list is written as JSON, as it is in a URL. */
const textOf = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value))

export const parse = (text: string, wantsLimits: boolean): ApiRequest | ApiRequestError => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail(-1135, "Invalid JSON Request")
  }
  if (!isFields(value)) return fail(-1135, "Invalid JSON Request")
  const { id = null, method, params = {} } = value
  if (!isId(id))
    return fail(
      -1135,
      "Invalid JSON Request: Invalid 'id' in JSON request; expected an integer, string matching '^[a-zA-Z0-9-_]{1,36}$', or null."
    )
  if (typeof method !== "string" || method === "") return fail(-1135, "Invalid JSON Request: missing 'method'", id)
  if (!isFields(params)) return fail(-1135, "Invalid JSON Request: 'params' must be an object", id)
  const parameters = new URLSearchParams()
  for (const [name, each] of Object.entries(params)) parameters.set(name, textOf(each))
  const own = params["returnRateLimits"]
  return { id, method, raw: params, parameters, wantsLimits: typeof own === "boolean" ? own : wantsLimits }
}
