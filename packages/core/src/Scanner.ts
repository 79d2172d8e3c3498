/**
 * Reads the bytes of a JSON text without making objects of it: a cursor that takes values one by one, for decoders that
 * know which few of them they need. It is faster than `JSON.parse` because nothing that is not needed is made, and bytes
 * cost less to look at than the characters of a string. `Shape` drives it through an object.
 *
 * Guarantees: it takes a subset of JSON (no white space between tokens, no escapes in what is wanted, no numbers that a
 * float64 does not hold exactly). Whatever is outside it, valid or not, sets `isPlain` to false for good, and the frame is
 * then read another way; inside it, every value is the one that `JSON.parse` and `Field` would give. It never throws, and
 * never looks beyond the bytes it was given. Of a text it keeps the names it was asked for, at most `MOST_NAMES`.
 */
import * as Decimal from "./Decimal.ts"
import type { Level } from "./Event.ts"
import * as Field from "./Field.ts"
import * as JsonValue from "./jsonValue.ts"

const QUOTE = 34
const COMMA = 44
const MINUS = 45
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

/** Powers of ten that a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** The largest integer of 15 digits: up to here a decimal text and its float64 stand for each other. */
const EXACT = 999_999_999_999_999

/** An integer of more digits is no time. */
const LONGEST_TIME = EXACT

/** Names that are remembered, so that a symbol is made a string once and not once a frame. */
const MOST_NAMES = 4_096

/** Longer texts are made strings by the runtime's decoder, shorter ones from a list of their characters. */
const SHORT_TEXT = 64

const encoder = new TextEncoder()
const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** The bytes of a text that frames are compared with. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text)

/** True when these bytes stand at an offset of others. */
export const startsWith = (bytes: Uint8Array, expected: Uint8Array, offset: number): boolean => {
  if (offset + expected.length > bytes.length) return false
  for (let index = 0; index < expected.length; index++) {
    if (bytes[offset + index] !== expected[index]) return false
  }
  return true
}

const TRUE = bytesOf("true")
const FALSE = bytesOf("false")

/** Digits of a number that is computed with as a small integer. */
const SMALL_DIGITS = 9

/**
 * Four characters that are read as one integer are four digits if neither they less four zeros nor that and these have a
 * high bit in any byte.
 */
const FOUR_ZEROS = 0x30303030
const FROM_TEN = 0x76767676
const HIGH_BITS = 0x80808080 | 0

/** Two characters as one integer: `["`, `,"`, `],`, `]]`. */
const BEFORE_PRICE = 0x225b
const BEFORE_SIZE = 0x222c
const AFTER_LEVEL = 0x2c5d
const AFTER_LEVELS = 0x5d5d

/** A level of the usual form has fewer characters, with all that is looked at behind it. */
const LONGEST_LEVEL = 64

/** The first bytes of a key, quotes and colon included, as one integer. */
const HEAD_BYTES = 4
export const headOf = (key: Uint8Array): number => new DataView(key.buffer, key.byteOffset).getInt32(0, true)

/** A string that comes again and again: its text, and its bytes with the closing quote. */
export interface Name {
  readonly bytes: Uint8Array
  readonly text: string
}

export const noName: Name = { bytes: bytesOf('"'), text: "" }

export class Scanner {
  /** False once anything was met that is not taken here. */
  isPlain = true
  private bytes: Uint8Array = new Uint8Array()
  private at = 0
  /** Where the last string began and ended. */
  private start = 0
  private end = 0
  /** All of the memory that the text is a part of. */
  private memory = new DataView<ArrayBufferLike>(new ArrayBuffer(0))
  /** Where in it the text begins. */
  private shift = 0
  /** Price and size of the level at work: numbers that nobody has to allocate. */
  private readonly level = new Float64Array(2)
  /** By hash. */
  private readonly names = new Map<number, Name>()

  /** For texts of a length: their characters, to be made a string at once. */
  private readonly characters: Array<Array<number>> = []

  begin(bytes: Uint8Array): void {
    if (this.memory.buffer !== bytes.buffer) this.memory = new DataView(bytes.buffer)
    this.bytes = bytes
    this.shift = bytes.byteOffset
    this.at = 0
    this.isPlain = true
  }

  /** True when nothing follows the cursor. */
  isAtEnd(): boolean {
    return this.at === this.bytes.length
  }

  /** Where the cursor is, to come back to it. */
  place(): number {
    return this.at
  }

  goTo(place: number): void {
    this.at = place
  }

  /** Takes these bytes, if they are what follows. */
  takes(expected: Uint8Array): boolean {
    if (!startsWith(this.bytes, expected, this.at)) return false
    this.at += expected.length
    return true
  }

  /** Takes the key of one character, if it is what follows. */
  takesShort(code: number): boolean {
    const { at, bytes } = this
    if (bytes[at + 1] !== code || bytes[at + 2] !== QUOTE || bytes[at + 3] !== COLON || bytes[at] !== QUOTE)
      return false
    this.at = at + 4
    return true
  }

  /** Takes a key of at least one character, if it is what follows; `head` is what `headOf` gives for it. */
  takesKey(head: number, key: Uint8Array): boolean {
    const { at, bytes } = this
    const { length } = key
    if (at + length > bytes.length || this.memory.getInt32(at + this.shift, true) !== head) return false
    for (let index = HEAD_BYTES; index < length; index++) if (bytes[at + index] !== key[index]) return false
    this.at = at + length
    return true
  }

  /** Takes any key without escapes, and gives it as it stands, with quotes and colon. */
  key(): Uint8Array {
    const begin = this.at
    this.string()
    if (this.bytes[this.at] !== COLON) this.isPlain = false
    return this.bytes.slice(begin, ++this.at)
  }

  /** Takes the beginning of an object or a list that is not empty. */
  opens(bracket: "{" | "["): boolean {
    const code = this.bytes[this.at]
    const next = this.bytes[this.at + 1]
    this.at++
    const isThere =
      bracket === "{" ? code === OPEN_BRACE && next === QUOTE : code === OPEN_BRACKET && next === OPEN_BRACE
    if (!isThere) this.isPlain = false
    return isThere
  }

  /** After a value: true when another key follows, false at the end of the object or when the text is not plain. */
  more(): boolean {
    const code = this.bytes[this.at++]!
    if (code === COMMA) return this.isPlain
    if (code !== CLOSE_BRACE) this.isPlain = false
    return false
  }

  /** After an object of a list: true when another follows, false at the end of the list or when the text is not plain. */
  another(): boolean {
    const code = this.bytes[this.at++]!
    if (code === COMMA) return this.isPlain
    if (code !== CLOSE_BRACKET) this.isPlain = false
    return false
  }

  /** Takes a string without escapes. */
  string(): void {
    const { bytes } = this
    let at = this.at
    if (bytes[at] !== QUOTE) return void this.fail()
    this.start = ++at
    let code = bytes[at]!
    // past the end there is nothing, which is no less than anything and ends this too
    while (code !== QUOTE && code !== BACKSLASH && code >= SPACE) code = bytes[++at]!
    if (code !== QUOTE) return void this.fail()
    this.end = at
    this.at = at + 1
  }

  /** Takes a string that comes again and again, most often as it came `last`. */
  name(last: Name): Name {
    const { at, bytes } = this
    if (bytes[at] === QUOTE && startsWith(bytes, last.bytes, at + 1)) {
      this.at = at + 1 + last.bytes.length
      return last
    }
    this.string()
    return this.isPlain ? this.known() : noName
  }

  /** Takes a string that comes once: it is made anew, and holds nothing of the frame. */
  text(): string {
    this.string()
    if (!this.isPlain) return ""
    const { bytes, end, start } = this
    const length = end - start
    if (length > SHORT_TEXT) return decoder.decode(bytes.subarray(start, end))
    const characters = (this.characters[length] ??= Array.from({ length }, () => 0))
    let all = 0
    for (let index = 0; index < length; index++) {
      const code = bytes[start + index]!
      characters[index] = code
      all |= code
    }
    return all < 128 ? String.fromCharCode.apply(null, characters) : decoder.decode(bytes.subarray(start, end))
  }

  /** Takes the one of these texts, given with their quotes, that follows, and gives its index. */
  choice(options: ReadonlyArray<Uint8Array>): number {
    for (let index = 0; index < options.length; index++) if (this.takes(options[index]!)) return index
    return this.fail()
  }

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

  boolean(): boolean {
    const isTrue = startsWith(this.bytes, TRUE, this.at)
    if (!isTrue && !startsWith(this.bytes, FALSE, this.at)) this.isPlain = false
    this.at += isTrue ? TRUE.length : FALSE.length
    return isTrue
  }

  /** Takes a time as a text: `"1790006400000"`. */
  timeText(): number {
    if (this.bytes[this.at++] !== QUOTE) return this.fail()
    const time = this.integer()
    return time > LONGEST_TIME || this.bytes[this.at++] !== QUOTE ? this.fail() : time
  }

  /** Takes `""`. */
  empty(): boolean {
    if (this.bytes[this.at] !== QUOTE || this.bytes[this.at + 1] !== QUOTE) return false
    this.at += 2
    return true
  }

  /** Takes a decimal text that may be negative. */
  signedDecimal(): number {
    if (this.bytes[this.at + 1] !== MINUS) return this.decimal()
    const text = this.text()
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

  /**
   * Takes the levels of a book, `[["61250.10","1.5"],…]`: prices above 0, given from best to worst or the other way
   * round (any other order is not taken), returned best first.
   */
  levels(side: "bids" | "asks"): Array<Level> {
    const { bytes } = this
    const levels: Array<Level> = []
    if (bytes[this.at++]! !== OPEN_BRACKET) return this.failLevels()
    if (bytes[this.at]! === CLOSE_BRACKET) {
      this.at++
      return levels
    }
    const { level, memory, shift } = this
    // what is read past the end of the text is noticed when the end of the levels is found there
    const lastQuick = memory.byteLength - LONGEST_LEVEL
    let isAscending = true
    let isDescending = true
    let last = Number.NaN
    let at = this.at + shift
    while (true) {
      const begin = at
      let read = 0
      // the price, then the size; one place for both, and no calls: this is where book frames spend their time
      for (; read < 2 && begin <= lastQuick; read++) {
        if (memory.getUint16(at, true) !== (read === 0 ? BEFORE_PRICE : BEFORE_SIZE)) break
        at += 2
        const first = at
        let whole = 0
        let four = memory.getInt32(at, true) - FOUR_ZEROS
        if (((four | (four + FROM_TEN)) & HIGH_BITS) === 0) {
          const pairs = Math.imul(four, 10) + (four >>> 8)
          whole = (pairs & 255) * 100 + ((pairs >>> 16) & 255)
          at += 4
        }
        let code = memory.getUint8(at)
        while (code >= ZERO && code <= NINE && at < first + SMALL_DIGITS) {
          whole = (whole * 10 + (code - ZERO)) | 0
          code = memory.getUint8(++at)
        }
        const digits = at - first
        if (digits === 0 || (digits > 1 && memory.getUint8(first) === ZERO)) break
        let fraction = 0
        let places = 0
        if (code === POINT) {
          const point = at++
          four = memory.getInt32(at, true) - FOUR_ZEROS
          if (((four | (four + FROM_TEN)) & HIGH_BITS) === 0) {
            let pairs = Math.imul(four, 10) + (four >>> 8)
            fraction = (pairs & 255) * 100 + ((pairs >>> 16) & 255)
            at += 4
            four = memory.getInt32(at, true) - FOUR_ZEROS
            if (((four | (four + FROM_TEN)) & HIGH_BITS) === 0) {
              pairs = Math.imul(four, 10) + (four >>> 8)
              fraction = Math.imul(fraction, 10_000) + (pairs & 255) * 100 + ((pairs >>> 16) & 255)
              at += 4
            }
          }
          code = memory.getUint8(at)
          while (code >= ZERO && code <= NINE && at <= point + SMALL_DIGITS) {
            fraction = (fraction * 10 + (code - ZERO)) | 0
            code = memory.getUint8(++at)
          }
          places = at - point - 1
          if (places === 0) break
        }
        const power = POWERS[places]!
        const mantissa = whole * power + fraction
        if (mantissa > EXACT || code !== QUOTE) break
        level[read] = mantissa / power
        at++
      }
      // not of the usual form, or near the end of the memory: the same level once more, with care
      if (read < 2) {
        this.at = begin - shift
        this.takeLevel()
        if (!this.isPlain) return this.failLevels()
        at = this.at + shift
      }
      const price = level[0]!
      if (price === 0) return this.failLevels()
      if (price <= last) isAscending = false
      if (price >= last) isDescending = false
      last = price
      levels.push([price, level[1]!])
      const ending = memory.getUint16(at, true)
      at += 2
      if (ending === AFTER_LEVEL) continue
      this.at = at - shift
      if (ending !== AFTER_LEVELS || this.at > bytes.length) return this.failLevels()
      if (side === "bids" ? isDescending : isAscending) return levels
      return (side === "bids" ? isAscending : isDescending) ? levels.reverse() : this.failLevels()
    }
  }

  /** Takes a level but for its closing bracket. */
  private takeLevel(): void {
    const { bytes, level } = this
    if (bytes[this.at++]! !== OPEN_BRACKET) return void this.fail()
    level[0] = this.decimal()
    if (bytes[this.at++]! !== COMMA) return void this.fail()
    level[1] = this.decimal()
    // there is at least the end of a level
    if (this.at + 2 > bytes.length) this.fail()
  }

  /** Passes over any value, which is checked to be one. */
  skip(): void {
    const end = JsonValue.endOf(this.bytes, this.at)
    if (end === -1) this.isPlain = false
    else this.at = end
  }

  /** The string that was taken last, made a string once. */
  private known(): Name {
    const { bytes, end, start } = this
    let hash = 0
    for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + bytes[index]!) | 0
    const known = this.names.get(hash)
    if (known !== undefined && known.bytes.length === end - start + 1 && startsWith(bytes, known.bytes, start))
      return known
    const own = bytes.slice(start, end + 1)
    const name = { bytes: own, text: decoder.decode(own.subarray(0, -1)) }
    if (this.names.size >= MOST_NAMES) this.names.clear()
    this.names.set(hash, name)
    return name
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

  private fail(): number {
    this.isPlain = false
    return 0
  }

  private failLevels(): Array<Level> {
    this.isPlain = false
    return []
  }
}
