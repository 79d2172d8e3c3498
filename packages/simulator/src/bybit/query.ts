/**
 * Parameters of a request, read strictly: each reader answers a value or throws the venue's error. Every reader is total.
 */
import type { Market } from "../market/market.ts"
import type { Venue } from "../market/venue.ts"
import { invalid } from "./failure.ts"

export const integer = (query: URLSearchParams, name: string): number | undefined => {
  const value = query.get(name)
  if (value === null || value === "") return undefined
  if (!/^\d{1,15}$/.test(value)) throw invalid(name)
  return Number(value)
}

export const limit = (query: URLSearchParams, usual: number, max: number): number => {
  const value = integer(query, "limit") ?? usual
  if (value < 1 || value > max) throw invalid("limit")
  return value
}

/** The market of a listed symbol, as it stood last if it does not trade any more. */
export const market = (venue: Venue, query: URLSearchParams): Market => {
  const found = venue.known(query.get("symbol") ?? "")
  if (found === undefined) throw invalid("symbol")
  return found
}
