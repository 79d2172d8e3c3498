/**
 * Reading of single fields. Every function answers with `NaN` (or `""`) for a value that cannot be, so that readers
 * check with one comparison and nothing is thrown or allocated on the way.
 *
 * Guarantees: a number that comes out is the correctly rounded float64 of the venue's text. A text whose number a
 * float64 cannot hold at all (overflow, underflow to 0, which would read as the removal of a level) is `NaN`.
 */
import * as Decimal from "./Decimal.ts"

/** Magnitudes beyond these are no price or size, and lose digits or turn into 0 and Infinity. */
export const SMALLEST = 1e-300
export const LARGEST = 1e300

/** No price or size is written with more characters; longer texts are not worth a look. */
export const LONGEST_DECIMAL = 64

/** A decimal text. */
export const decimal = (value: unknown): number => {
  if (typeof value !== "string" || value.length > LONGEST_DECIMAL) return Number.NaN
  const number = Decimal.parse(value)
  if (number === 0) return hasNoDigitButZero(value) ? 0 : Number.NaN
  const magnitude = number < 0 ? -number : number
  return magnitude >= SMALLEST && magnitude <= LARGEST ? number : Number.NaN
}

/** A decimal text above 0. */
export const positive = (value: unknown): number => {
  const number = decimal(value)
  return number > 0 ? number : Number.NaN
}

/** A decimal text of 0 or more. */
export const notNegative = (value: unknown): number => {
  const number = decimal(value)
  return number >= 0 ? number : Number.NaN
}

/** An id or a count: a JSON integer from 0 to 2^53 - 1. */
export const integer = (value: unknown): number =>
  typeof value === "number" && value >= 0 && Number.isSafeInteger(value) ? value : Number.NaN

/** A time in epoch milliseconds. */
export const time = (value: unknown): number =>
  typeof value === "number" && value >= 0 && value < Number.POSITIVE_INFINITY ? value : Number.NaN

/** The matching time where there is one, else the event time, else nothing; `NaN` when either is no time. */
export const eventTime = (matching: unknown, event: unknown): number | undefined => {
  const eventAt = event === undefined ? undefined : time(event)
  if (matching === undefined || eventAt !== eventAt) return eventAt
  return time(matching)
}

/** A symbol; `""` when it is none. */
export const symbol = (value: unknown): string => (typeof value === "string" ? value : "")

const hasNoDigitButZero = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 49 && code <= 57) return false
  }
  return true
}

/** The reason of a malformed row: the field, what it should be, what it is. */
export const reason = (field: string, expected: string, value: unknown): string =>
  `${field}: expected ${expected}, got ${given(value)}`

/** The longest part of a bad value that a reason repeats. */
const GIVEN_LENGTH = 80

/** Objects are named only: writing out a deeply nested one could exhaust the stack. */
const given = (value: unknown): string => {
  if (value === undefined) return "nothing"
  if (typeof value === "string") return JSON.stringify(value.slice(0, GIVEN_LENGTH))
  if (Array.isArray(value)) return `a list of ${value.length}`
  return typeof value === "object" && value !== null ? "an object" : JSON.stringify(value)
}
