/**
 * Parameters of a request, read as strictly as the venue reads them: each reader answers a value or throws the venue's
 * error. Every reader is total.
 */
import type { Market } from "../market/market.ts"
import type { Venue } from "../market/venue.ts"
import { empty, illegal, invalidData, invalidSymbol, missing } from "./failure.ts"

export const optional = (query: URLSearchParams, name: string): string | undefined => {
  const value = query.get(name) ?? undefined
  if (value === "") throw empty(name)
  return value
}

export const required = (query: URLSearchParams, name: string): string => {
  const value = optional(query, name)
  if (value === undefined) throw missing(name)
  return value
}

export const integer = (query: URLSearchParams, name: string): number | undefined => {
  const value = optional(query, name)
  if (value === undefined) return undefined
  if (!/^[0-9]{1,20}$/.test(value)) throw illegal(name, "^[0-9]{1,20}$")
  return Number(value)
}

/** A limit; above `max` spot gives `max`, USDⓈ-M refuses. */
export const limit = (venue: Venue, query: URLSearchParams, usual: number, max: number): number => {
  const value = integer(query, "limit") ?? usual
  if (value === 0 || (value > max && venue.kind === "usdm")) throw invalidData("limit")
  return Math.min(value, max)
}

/** The listed symbol; a listed one that never traded has no market. */
export const symbol = (venue: Venue, query: URLSearchParams, name = "symbol"): string => {
  const value = required(query, name)
  if (venue.kind === "spot" && /[a-z]/.test(value)) throw illegal(name, "^[\\w\\-._&&[^a-z]]{1,50}$")
  if (!venue.definitions.has(value)) throw invalidSymbol()
  return value
}

export const market = (venue: Venue, query: URLSearchParams): Market => {
  const found = venue.known(symbol(venue, query))
  if (found === undefined) throw invalidSymbol()
  return found
}

/** Several symbols from `symbols=["A","B"]`, one from `symbol`, or undefined for all. */
export const symbols = (venue: Venue, query: URLSearchParams): ReadonlyArray<string> | undefined => {
  if (query.has("symbol")) return [symbol(venue, query)]
  const text = optional(query, "symbols")
  if (text === undefined) return undefined
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    throw illegal("symbols", '^\\[("[\\w\\-._&&[^a-z]]{1,50}"(,"[\\w\\-._&&[^a-z]]{1,50}"){0,}){0,1}\\]$')
  }
  if (!Array.isArray(list) || !list.every((one) => typeof one === "string")) throw invalidData("symbols")
  for (const one of list) if (!venue.definitions.has(one)) throw invalidSymbol()
  return list
}
