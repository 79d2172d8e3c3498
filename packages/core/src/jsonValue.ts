/**
 * Where a JSON value ends that nobody needs: strings with escapes, numbers in all their forms, objects and lists in one
 * another.
 *
 * Guarantees: what has an end here is a value to `JSON.parse` too, of the subset that has no white space between tokens
 * and is nested at most `DEEPEST` deep. Everything else has none (-1). Nothing is made and nothing is thrown.
 */
const QUOTE = 34
const PLUS = 43
const COMMA = 44
const MINUS = 45
const POINT = 46
const ZERO = 48
const NINE = 57
const COLON = 58
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const SMALL_A = 97
const SMALL_E = 101
const SMALL_F = 102
const SMALL_U = 117
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

/** Below this a character may not stand in a JSON string as it is. */
const SPACE = 32

/** The bit that makes a letter small. */
const SMALL = 32

const DEEPEST = 32

const codesOf = (text: string): ReadonlyArray<number> => [...text].map((character) => character.charCodeAt(0))

/** What may follow a backslash, but for `u` and its four digits. */
const ESCAPED = new Set(codesOf('"\\/bfnrt'))

const TRUE = codesOf("true")
const NULL = codesOf("null")
const FALSE_REST = codesOf("alse")

/** The offset after the value that begins at an offset; -1 where there is none. */
export const endOf = (bytes: Uint8Array, at: number, depth = 0): number => {
  const code = bytes[at]!
  if (code === QUOTE) return endOfString(bytes, at)
  if (code === OPEN_BRACE || code === OPEN_BRACKET) return depth === DEEPEST ? -1 : endOfNested(bytes, at, depth)
  if (code === MINUS || isDigit(code)) return endOfNumber(bytes, at)
  if (code === SMALL_F) return is(bytes, at + 1, FALSE_REST) ? at + 5 : -1
  return is(bytes, at, TRUE) || is(bytes, at, NULL) ? at + 4 : -1
}

const is = (bytes: Uint8Array, at: number, expected: ReadonlyArray<number>): boolean => {
  for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) return false
  return true
}

const endOfNested = (bytes: Uint8Array, begin: number, depth: number): number => {
  const isObject = bytes[begin] === OPEN_BRACE
  const closing = isObject ? CLOSE_BRACE : CLOSE_BRACKET
  let at = begin + 1
  if (bytes[at] === closing) return at + 1
  for (;;) {
    if (isObject) {
      at = bytes[at] === QUOTE ? endOfString(bytes, at) : -1
      if (at === -1 || bytes[at] !== COLON) return -1
      at++
    }
    at = endOf(bytes, at, depth + 1)
    if (at === -1) return -1
    const code = bytes[at++]!
    if (code === closing) return at
    if (code !== COMMA) return -1
  }
}

const endOfString = (bytes: Uint8Array, begin: number): number => {
  let at = begin + 1
  let code = bytes[at]!
  // past the end there is nothing, which is no less than anything and ends this too
  while (code !== QUOTE && code >= SPACE) {
    if (code === BACKSLASH) {
      const escaped = bytes[++at]!
      if (escaped === SMALL_U) {
        for (let digit = 0; digit < 4; digit++) if (!isHexadecimal(bytes[++at]!)) return -1
      } else if (!ESCAPED.has(escaped)) return -1
    }
    code = bytes[++at]!
  }
  return code === QUOTE ? at + 1 : -1
}

const endOfNumber = (bytes: Uint8Array, begin: number): number => {
  const first = bytes[begin] === MINUS ? begin + 1 : begin
  let at = endOfDigits(bytes, first)
  if (at === -1 || (at > first + 1 && bytes[first] === ZERO)) return -1
  if (bytes[at] === POINT) at = endOfDigits(bytes, at + 1)
  if (at === -1 || (bytes[at]! | SMALL) !== SMALL_E) return at
  const sign = bytes[at + 1]
  return endOfDigits(bytes, sign === PLUS || sign === MINUS ? at + 2 : at + 1)
}

/** After at least one digit. */
const endOfDigits = (bytes: Uint8Array, begin: number): number => {
  let at = begin
  while (isDigit(bytes[at]!)) at++
  return at === begin ? -1 : at
}

const isDigit = (code: number): boolean => code >= ZERO && code <= NINE

const isHexadecimal = (code: number): boolean =>
  isDigit(code) || ((code | SMALL) >= SMALL_A && (code | SMALL) <= SMALL_F)
