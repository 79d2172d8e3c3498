/**
 * Decimal texts of venues as amounts: exact, canonical, never floats. For texts that a schema has checked: what is no number
 * counts as 0.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Amount from "./Amount.ts"

/** A text that a schema has checked. */
const read = (text: string): BigDecimal.BigDecimal => Amount.read(text) ?? BigDecimal.fromStringUnsafe("0")

export const of = (text: string): Amount.Amount => Amount.write(read(text))

/** The venue writes 0 for prices that there are none of. */
export const ifAny = (text: string | undefined): Amount.Amount | undefined => {
  const amount = text === undefined ? "0" : of(text)
  return amount === "0" ? undefined : amount
}

export const sum = (a: string, b: string): Amount.Amount => Amount.write(BigDecimal.sum(read(a), read(b)))

export const difference = (a: string, b: string): Amount.Amount => Amount.write(BigDecimal.subtract(read(a), read(b)))

export const negated = (text: string): Amount.Amount => difference("0", text)

/** Decimals of an average that does not come out even; far finer than any grid of prices. */
const PLACES = 18

/** What was paid for each of what was bought; `undefined` when that is nothing. */
export const average = (paid: string | undefined, size: string): Amount.Amount | undefined => {
  if (paid === undefined) return undefined
  const quotient = Option.getOrUndefined(BigDecimal.divide(read(paid), read(size)))
  if (quotient === undefined || BigDecimal.isZero(quotient)) return undefined
  return Amount.write(BigDecimal.round(quotient, { scale: PLACES, mode: "half-even" }))
}
