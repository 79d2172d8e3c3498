/**
 * Numbers at a place in the bytes of a JSON text, as JSON has them and as venues write them, in quotes.
 *
 * Guarantees: every number that is taken is the one that `JSON.parse`, or `Field` from the text, would give; one that a
 * float64 does not hold exactly is not taken. See `Cursor`.
 */
import { Cursor } from "./Cursor.ts"
import * as Decimal from "./Decimal.ts"
import * as Field from "./Field.ts"

const QUOTE = 34
const MINUS = 45
const POINT = 46
const ZERO = 48
const NINE = 57

/** Powers of ten that a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** The largest integer of 15 digits: up to here a decimal text and its float64 stand for each other. */
const EXACT = 999_999_999_999_999

/** An integer of more digits is no time. */
const LONGEST_TIME = EXACT

/** Digits of a number that is computed with as a small integer. */
const SMALL_DIGITS = 9

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

export class NumberCursor extends Cursor {
  /** Takes an integer from 0 to 2^53 - 1. */
  integer(): number {
    const { bytes } = this
    const begin = this.at
    let at = begin
    let value = 0
    let code = bytes[at]!
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO)
      code = bytes[++at]!
    }
    const digits = at - begin
    if (digits === 0 || value > Number.MAX_SAFE_INTEGER) return this.fail()
    if (digits > 1 && bytes[begin]! === ZERO) return this.fail()
    this.at = at
    return value
  }

  /** Takes a time as a text: `"1790006400000"`. */
  timeText(): number {
    if (this.bytes[this.at++] !== QUOTE) return this.fail()
    const time = this.integer()
    return time > LONGEST_TIME || this.bytes[this.at++] !== QUOTE ? this.fail() : time
  }

  /** Takes a decimal text that may be negative. */
  signedDecimal(): number {
    if (this.bytes[this.at + 1] !== MINUS) return this.decimal()
    this.string()
    const text = this.isPlain ? decoder.decode(this.bytes.subarray(this.start, this.end)) : ""
    const number = Field.decimal(text)
    return number === number && Decimal.isExact(text) ? number : this.fail()
  }

  /** Takes a decimal text in quotes, of at most 15 significant digits and no sign: `"61250.10"`. */
  decimal(): number {
    const { bytes } = this
    const begin = this.at + 1
    let at = begin
    let whole = 0
    let code = bytes[at]!
    while (code >= ZERO && code <= NINE) {
      whole = (whole * 10 + (code - ZERO)) | 0
      code = bytes[++at]!
    }
    const wholeDigits = at - begin
    let fraction = 0
    let places = 0
    if (code === POINT) {
      const first = at + 1
      code = bytes[++at]!
      while (code >= ZERO && code <= NINE) {
        fraction = (fraction * 10 + (code - ZERO)) | 0
        code = bytes[++at]!
      }
      places = at - first
      if (places === 0) return this.fail()
    }
    // more digits than small integers hold, or than are exact: the same once more, with more care
    if (wholeDigits > SMALL_DIGITS || places > SMALL_DIGITS) return this.longDecimal()
    const mantissa = whole * POWERS[places]! + fraction
    if (mantissa > EXACT) return this.longDecimal()
    if (code !== QUOTE || bytes[begin - 1] !== QUOTE) return this.fail()
    if (wholeDigits === 0 || (wholeDigits > 1 && bytes[begin] === ZERO)) return this.fail()
    this.at = at + 1
    return places === 0 ? mantissa : mantissa / POWERS[places]!
  }

  /** A decimal text of many digits, most of which may be zeros at its end, which do not count. */
  private longDecimal(): number {
    const { bytes } = this
    const begin = this.at + 1
    let at = begin
    let mantissa = 0
    // zeros that count only once another digit follows them
    let zeros = 0
    let code = bytes[at]!
    while (code >= ZERO && code <= NINE) {
      if (code === ZERO) zeros++
      else {
        mantissa = mantissa * POWERS[zeros + 1]! + (code - ZERO)
        zeros = 0
      }
      code = bytes[++at]!
    }
    const wholeDigits = at - begin
    const wholeZeros = zeros
    let places = 0
    if (code === POINT) {
      const point = at
      code = bytes[++at]!
      while (code >= ZERO && code <= NINE) {
        if (code === ZERO) zeros++
        else {
          mantissa = mantissa * POWERS[zeros + 1]! + (code - ZERO)
          zeros = 0
          places = at - point
        }
        code = bytes[++at]!
      }
      if (at === point + 1) return this.fail()
    }
    // a mantissa that is too long, also by zeros within it, is above the bound or not a number
    if (code !== QUOTE || !(mantissa <= EXACT) || bytes[begin - 1]! !== QUOTE) return this.fail()
    if (wholeDigits === 0 || (wholeDigits > 1 && bytes[begin]! === ZERO)) return this.fail()
    if (wholeZeros > 15 || places > 22 || at - begin > Field.LONGEST_DECIMAL) return this.fail()
    this.at = at + 1
    return places > 0 ? mantissa / POWERS[places]! : mantissa * POWERS[wholeZeros]!
  }
}
