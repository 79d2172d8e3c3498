/**
 * Decimal text of a venue to a float64 and back.
 *
 * Guarantees: a text of at most 15 significant digits survives the trip to a float64 and back unchanged, so such a
 * number is exact as an identity and as a book key. `parse` gives the correctly rounded float64 of any decimal text and
 * `NaN` for everything else (`""`, `" 1"`, `"0x10"`, `"Infinity"`), which `Number()` would let through.
 */

/** Powers of ten that a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** A decimal text longer than this may have more than 15 significant digits. */
const ALWAYS_EXACT_LENGTH = 15

const decimalText = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

/** Longer than any number that means something. */
const MAX_LENGTH = 400

/**
 * Reads plain decimal text (`-12.50`); exponents are accepted, anything else is `NaN`.
 *
 * One pass: the digits are gathered into an integer below 2^53 and divided by a power of ten, both exact, so that the
 * one division rounds correctly. Longer texts, and those with an exponent, take the slow way through `Number()`. What
 * overflows or underflows a float64 is `NaN` too.
 */
export const parse = (text: string): number => {
  const length = text.length
  let index = 0
  const negative = length > 0 && text.charCodeAt(0) === 45
  if (negative) index = 1
  let mantissa = 0
  let digits = 0
  let fraction = -1
  for (; index < length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 48 && code <= 57) {
      mantissa = mantissa * 10 + (code - 48)
      digits++
      if (fraction >= 0) fraction++
    } else if (code === 46 && fraction < 0) {
      fraction = 0
    } else {
      return slow(text)
    }
  }
  if (digits === 0) return Number.NaN
  if (mantissa > Number.MAX_SAFE_INTEGER || fraction > 22) return slow(text)
  const value = fraction > 0 ? mantissa / POWERS[fraction]! : mantissa
  return negative ? -value : value
}

const slow = (text: string): number => {
  if (text.length > MAX_LENGTH || !decimalText.test(text)) return Number.NaN
  const value = Number(text)
  if (!Number.isFinite(value)) return Number.NaN
  // too small for a float64 is not nothing
  return value === 0 && significantDigits(text) > 0 ? Number.NaN : value
}

/** True when `text` has at most 15 significant digits, so that its float64 stands for exactly this number. */
export const isExact = (text: string): boolean => text.length <= ALWAYS_EXACT_LENGTH || significantDigits(text) <= 15

/** Digits from the first that is not zero to the last that is not zero. */
export const significantDigits = (text: string): number => {
  let digits = 0
  // zeros that count only once another digit follows them
  let zeros = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 69 || code === 101) break
    if (code === 48) {
      if (digits > 0) zeros++
    } else if (code >= 49 && code <= 57) {
      digits += zeros + 1
      zeros = 0
    }
  }
  return digits
}

/** A decimal text without the zeros that say nothing: `"0.01000000"` → `"0.01"`. */
export const trimmed = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)

/**
 * The venue's digits of a number: plain notation, no exponent, no trailing zeros (`0.00001`, `61250.1`).
 * Throws a `RangeError` for `NaN` and the infinities, which no price or size is.
 */
export const format = (value: number): string => {
  if (!Number.isFinite(value)) throw new RangeError(`not a decimal number: ${value}`)
  const text = String(value)
  const exponentAt = text.indexOf("e")
  if (exponentAt === -1) return text === "-0" ? "0" : text
  const exponent = Number(text.slice(exponentAt + 1))
  const negative = text.startsWith("-")
  const [whole = "", fraction = ""] = text.slice(negative ? 1 : 0, exponentAt).split(".")
  const digits = whole + fraction
  const point = whole.length + exponent
  const plain = point <= 0 ? `0.${"0".repeat(-point)}${digits}` : digits.padEnd(point, "0")
  return negative ? `-${plain}` : plain
}
