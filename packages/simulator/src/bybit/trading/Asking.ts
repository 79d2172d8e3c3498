/** What an account asks for, by REST or by a socket: fields of a query or of a JSON body, all of them texts. */
import type { Account } from "../../account/Account.ts"
import type { Trading } from "../../account/Trading.ts"
import type { Market } from "../../market/market.ts"
import type { Venue } from "../../market/venue.ts"
import { type Category, isCategory, marketOf } from "../category.ts"
import { ApiFailure, invalid } from "../failure.ts"

export type Fields = Readonly<Record<string, unknown>>

export interface Asking {
  readonly account: Account
  readonly trading: Trading
  readonly fields: Fields
  readonly now: number
}

/** Undefined when it is absent or empty. */
export const text = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  if (value === undefined || value === null || value === "") return undefined
  if (typeof value === "string") return value
  if (typeof value === "number" || typeof value === "boolean") return String(value)
  throw invalid(name)
}

export const required = (fields: Fields, name: string): string => {
  const value = text(fields, name)
  if (value === undefined) throw invalid(name)
  return value
}

export const category = (fields: Fields): Category => {
  const value = text(fields, "category") ?? ""
  if (!isCategory(value)) throw new ApiFailure(10_001, "params error: Category invalid")
  return value
}

export const venueOf = ({ fields, trading }: Asking): Venue => trading.venues[marketOf(category(fields))]

/** The market of the symbol that is named. */
export const marketIn = (asking: Asking): Market => {
  const venue = venueOf(asking)
  const found = venue.market(text(asking.fields, "symbol") ?? "")
  if (found === undefined) throw new ApiFailure(10_001, "params error: symbol invalid")
  return found
}

export const integer = (fields: Fields, name: string, usual: number, most: number): number => {
  const value = text(fields, name)
  if (value === undefined) return usual
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1 || number > most) throw invalid(name)
  return number
}
