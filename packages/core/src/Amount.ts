/**
 * An amount of money, of an asset or of contracts, as a plain decimal text: `"0.015"`, `"-12"`, `"0"`. It is never a float:
 * arithmetic is `BigDecimal`'s (`read`, then `Amount.write`).
 *
 * Guarantees: `write` gives the one canonical text of a number (no exponent, no leading or trailing zeros, no `-0`), so that
 * equal amounts are equal texts.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"

const canonical = /^(?!-0$)-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/

export const Amount = Schema.String.check(
  Schema.isPattern(canonical, { description: "a plain decimal text such as 0.015, without needless zeros" })
)
export type Amount = string

/** The number of a decimal text, exactly; `undefined` for anything else. Takes exponents and needless zeros too. */
export const read = (text: string): BigDecimal.BigDecimal | undefined =>
  /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text) ? BigDecimal.fromStringUnsafe(text) : undefined

/** The canonical text. */
export const write = (amount: BigDecimal.BigDecimal): Amount => {
  const { scale, value } = BigDecimal.normalize(amount)
  const digits = String(value < 0n ? -value : value)
  const sign = value < 0n ? "-" : ""
  if (scale <= 0) return value === 0n ? "0" : `${sign}${digits}${"0".repeat(-scale)}`
  const padded = digits.padStart(scale + 1, "0")
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** A venue's text in its canonical form; `undefined` when it is no number. */
export const canonicalOf = (text: string): Amount | undefined => {
  const amount = read(text)
  return amount === undefined ? undefined : write(amount)
}
