/**
 * A control frame of a client, checked as the venue checks it. Guarantees that whatever text comes in, either a request
 * or one of the venue's errors comes out. Source: Binance docs, "Live subscribing and unsubscribing" and "Error messages".
 */
import type { MarketKind } from "../market/definition.ts"

export type RequestId = number | string | null

export type Request =
  | { readonly method: "SUBSCRIBE" | "UNSUBSCRIBE"; readonly params: ReadonlyArray<string>; readonly id: RequestId }
  | { readonly method: "LIST_SUBSCRIPTIONS"; readonly id: RequestId }
  | { readonly method: "SET_PROPERTY"; readonly combined: boolean; readonly id: RequestId }
  | { readonly method: "GET_PROPERTY"; readonly id: RequestId }

/** A request that changes the subscriptions. */
export type Change = Extract<Request, { readonly params: unknown }>

export interface RequestError {
  readonly error: { readonly code: number; readonly msg: string }
  readonly id: RequestId | undefined
}

const methods = ["SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY"] as const

const isMethod = (value: unknown): value is Request["method"] => (methods as ReadonlyArray<unknown>).includes(value)

const fail = (code: number, msg: string, id?: RequestId): RequestError => ({ error: { code, msg }, id })

/** Line and column of the first character that is not JSON, as far as the engine's message tells. */
const position = (text: string, cause: unknown): string => {
  const found = /position (\d+)/.exec(String(cause))
  const before = text.slice(0, found === null ? 0 : Number(found[1]) + 1).split("\n")
  return `line ${before.length} column ${Math.max(1, before[before.length - 1]!.length)}`
}

const isId = (market: MarketKind, value: unknown): value is RequestId => {
  if (typeof value === "number") return Number.isInteger(value) && (market === "spot" || value >= 0)
  return market === "spot" && (value === null || (typeof value === "string" && /^[A-Za-z0-9_-]{1,36}$/.test(value)))
}

const property = (method: "SET_PROPERTY" | "GET_PROPERTY", params: unknown, id: RequestId): Request | RequestError => {
  const list: ReadonlyArray<unknown> = Array.isArray(params) ? params : []
  if (list.length > (method === "SET_PROPERTY" ? 2 : 1)) return fail(2, "Invalid request: too many parameters", id)
  if (typeof list[0] !== "string") return fail(2, "Invalid request: property name must be a string", id)
  if (list[0] !== "combined") return fail(0, "Unknown property", id)
  if (method === "GET_PROPERTY") return { method, id }
  const combined = list[1]
  return typeof combined === "boolean" ? { method, combined, id } : fail(1, "Invalid value type: expected Boolean", id)
}

export const parse = (market: MarketKind, text: string): Request | RequestError => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    return fail(3, `Invalid JSON: expected value at ${position(text, cause)}`)
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return fail(2, "Invalid request: invalid type: expected struct Request at line 1 column 0")
  }
  const { id: asked, method, params } = value as Record<string, unknown>
  const id = asked === undefined && market === "spot" ? null : asked
  if (!isId(market, id)) return fail(2, "Invalid request: request ID must be an unsigned integer")
  if (method === undefined)
    return fail(2, `Invalid request: missing field \`method\` at line 1 column ${text.length}`, id)
  if (!isMethod(method)) {
    const given = typeof method === "string" ? method : JSON.stringify(method)
    const column = text.indexOf("method") + 10 + given.length
    const known = methods.map((name) => `\`${name}\``).join(", ")
    const variant = `unknown variant \`${given}\`, expected one of ${known}`
    return fail(2, `Invalid request: ${variant} at line 1 column ${column}`, id)
  }
  if (method === "LIST_SUBSCRIPTIONS") return { method, id }
  if (method === "SET_PROPERTY" || method === "GET_PROPERTY") return property(method, params, id)
  const isNames = (list: unknown): list is ReadonlyArray<string> =>
    Array.isArray(list) && list.every((name) => typeof name === "string")
  if (!isNames(params)) return fail(2, "Invalid request: params must be an array of strings", id)
  return { method, params, id }
}
