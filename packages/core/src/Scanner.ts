/**
 * Reads a JSON text without making objects of it: a cursor that takes keys and values one by one, for decoders that know
 * which few values of a frame they need. It is faster than `JSON.parse` because nothing that is not needed is made.
 *
 * Guarantees: it takes a subset of JSON (no white space between tokens, no escapes, no numbers that a float64 does not
 * hold exactly, nothing nested where a value is passed over). Whatever is outside it, valid or not, sets `isPlain` to
 * false for good, and the frame is then read another way; inside it, every value is the one that `JSON.parse` and
 * `Decimal.parse` would give. It never throws and keeps nothing of a text but the text itself.
 *
 * Use: `begin`, then for each object `do { switch (key()) { … } } while (more())`; a frame was read when `isPlain` is
 * still true after `isAtEnd`.
 */
import type { Level } from "./Event.ts"

const QUOTE = 34
const COMMA = 44
const POINT = 46
const ZERO = 48
const NINE = 57
const COLON = 58
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
/** Below this a character may not stand in a JSON string as it is. */
const SPACE = 32
const LAST_ASCII = 127

/** Powers of ten that a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** The largest integer of 15 digits: up to here a decimal text and its float64 stand for each other. */
const EXACT = 999_999_999_999_999

/** The number of a key of one or two ASCII characters, as `key` gives it. */
export const keyOf = (name: string): number =>
  name.length === 1 ? name.charCodeAt(0) : name.charCodeAt(0) * 256 + name.charCodeAt(1)

export class Scanner {
  /** False once anything was met that is not taken here. */
  isPlain = true
  private text = ""
  private at = 0
  /** Where the last string began and ended. */
  private start = 0
  private end = 0

  /** Begins at an offset of a text, which must be that of an object's opening brace. */
  begin(text: string, offset: number): void {
    this.text = text
    this.at = offset + 1
    this.isPlain = text.charCodeAt(offset) === OPEN_BRACE
  }

  /** True when the cursor stands at the end of the text, after this closing. */
  isAtEnd(closing: string): boolean {
    return this.text.length === this.at + closing.length && this.text.endsWith(closing)
  }

  /** The next key's number (see `keyOf`); 0 for a key of more characters. */
  key(): number {
    const { at, text } = this
    const first = text.charCodeAt(at + 1)
    const second = text.charCodeAt(at + 2)
    if (text.charCodeAt(at) !== QUOTE || !isSimple(first)) return this.fail()
    if (second === QUOTE) return this.afterKey(at + 3, first)
    if (text.charCodeAt(at + 3) === QUOTE && isSimple(second)) return this.afterKey(at + 4, first * 256 + second)
    this.string()
    return this.afterKey(this.at, 0)
  }

  /** After a value: true when another key follows, false at the end of the object or when the text is not plain. */
  more(): boolean {
    const code = this.text.charCodeAt(this.at++)
    if (code === COMMA) return this.isPlain
    if (code !== CLOSE_BRACE) this.isPlain = false
    return false
  }

  /** Takes a string; `slice` gives it. */
  string(): void {
    const { text } = this
    let at = this.at
    if (text.charCodeAt(at) !== QUOTE) return void this.fail()
    this.start = ++at
    let code = text.charCodeAt(at)
    // the end of the text is NaN, which ends this too
    while (code !== QUOTE && code !== BACKSLASH && code >= SPACE) code = text.charCodeAt(++at)
    if (code !== QUOTE) return void this.fail()
    this.end = at
    this.at = at + 1
  }

  /** The string that was taken last. */
  slice(): string {
    return this.text.slice(this.start, this.end)
  }

  /** Takes a string that must be this one. */
  literal(expected: string): void {
    const after = this.at + expected.length + 1
    const { text } = this
    if (
      text.charCodeAt(this.at) !== QUOTE ||
      text.charCodeAt(after) !== QUOTE ||
      !text.startsWith(expected, this.at + 1)
    ) {
      return void this.fail()
    }
    this.at = after + 1
  }

  /** Takes an integer from 0 to 2^53 - 1. */
  integer(): number {
    const { text } = this
    const begin = this.at
    let at = begin
    let value = 0
    let code = text.charCodeAt(at)
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO)
      code = text.charCodeAt(++at)
    }
    const digits = at - begin
    if (digits === 0 || value > Number.MAX_SAFE_INTEGER) return this.fail()
    if (digits > 1 && text.charCodeAt(begin) === ZERO) return this.fail()
    this.at = at
    return value
  }

  boolean(): boolean {
    const isTrue = this.text.startsWith("true", this.at)
    if (!isTrue && !this.text.startsWith("false", this.at)) this.isPlain = false
    this.at += isTrue ? 4 : 5
    return isTrue
  }

  /** Takes a decimal text in quotes, of at most 15 significant digits and no sign: `"61250.10"`. */
  decimal(): number {
    const { text } = this
    const begin = this.at + 1
    let at = begin
    let mantissa = 0
    // zeros that count only once another digit follows them
    let zeros = 0
    let code = text.charCodeAt(at)
    while (code >= ZERO && code <= NINE) {
      if (code === ZERO) zeros++
      else {
        mantissa = mantissa * POWERS[zeros + 1]! + (code - ZERO)
        zeros = 0
      }
      code = text.charCodeAt(++at)
    }
    const wholeDigits = at - begin
    const wholeZeros = zeros
    let places = 0
    if (code === POINT) {
      const point = at
      code = text.charCodeAt(++at)
      while (code >= ZERO && code <= NINE) {
        if (code === ZERO) zeros++
        else {
          mantissa = mantissa * POWERS[zeros + 1]! + (code - ZERO)
          zeros = 0
          places = at - point
        }
        code = text.charCodeAt(++at)
      }
      if (at === point + 1) return this.fail()
    }
    // a mantissa that is too long, also by zeros within it, is above the bound or not a number
    if (code !== QUOTE || !(mantissa <= EXACT) || text.charCodeAt(begin - 1) !== QUOTE) return this.fail()
    if (wholeDigits === 0 || (wholeDigits > 1 && text.charCodeAt(begin) === ZERO)) return this.fail()
    if (wholeZeros > 15 || places > 22) return this.fail()
    this.at = at + 1
    return places > 0 ? mantissa / POWERS[places]! : mantissa * POWERS[wholeZeros]!
  }

  /**
   * Takes the levels of a book, `[["61250.10","1.5"],…]`: prices above 0, given from best to worst or the other way
   * round (any other order is not taken), returned best first.
   */
  levels(side: "bids" | "asks"): Array<Level> {
    const { text } = this
    const levels: Array<Level> = []
    if (text.charCodeAt(this.at++) !== OPEN_BRACKET) return this.failLevels()
    if (text.charCodeAt(this.at) === CLOSE_BRACKET) {
      this.at++
      return levels
    }
    let isAscending = true
    let isDescending = true
    let last = Number.NaN
    while (this.isPlain) {
      if (text.charCodeAt(this.at++) !== OPEN_BRACKET) return this.failLevels()
      const price = this.decimal()
      if (text.charCodeAt(this.at++) !== COMMA) return this.failLevels()
      const size = this.decimal()
      if (text.charCodeAt(this.at++) !== CLOSE_BRACKET || price === 0) return this.failLevels()
      if (price <= last) isAscending = false
      if (price >= last) isDescending = false
      last = price
      levels.push([price, size])
      const code = text.charCodeAt(this.at++)
      if (code === COMMA) continue
      if (code !== CLOSE_BRACKET) return this.failLevels()
      if (side === "bids" ? isDescending : isAscending) return levels
      return (side === "bids" ? isAscending : isDescending) ? levels.reverse() : this.failLevels()
    }
    return levels
  }

  /** Passes over a string, an integer, or a literal. */
  skip(): void {
    const { at, text } = this
    const code = text.charCodeAt(at)
    if (code === QUOTE) this.string()
    else if (code >= ZERO && code <= NINE) this.integer()
    else if (text.startsWith("null", at)) this.at = at + 4
    else this.boolean()
  }

  private afterKey(at: number, key: number): number {
    if (this.text.charCodeAt(at) !== COLON) return this.fail()
    this.at = at + 1
    return key
  }

  private fail(): number {
    this.isPlain = false
    return 0
  }

  private failLevels(): Array<Level> {
    this.isPlain = false
    return []
  }
}

/** A character of a key that stands for itself. */
const isSimple = (code: number): boolean => code >= SPACE && code <= LAST_ASCII && code !== QUOTE && code !== BACKSLASH
