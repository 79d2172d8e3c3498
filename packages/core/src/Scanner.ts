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
import type { Level } from "./Event.ts"
import { bytesOf, Literal } from "./Literal.ts"
import { NumberCursor } from "./NumberCursor.ts"

export { bytesOf, literal } from "./Literal.ts"

const QUOTE = 34
const COMMA = 44
const POINT = 46
const ZERO = 48
const NINE = 57
const OPEN_BRACKET = 91
const CLOSE_BRACKET = 93

// The same as in `NumberCursor`: what a module imports is no constant to the compiler, and a frame takes a sixth longer.

/** Powers of ten that a float64 holds exactly. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => 10 ** exponent)

/** The largest integer of 15 digits: up to here a decimal text and its float64 stand for each other. */
const EXACT = 999_999_999_999_999

/** Digits of a number that is computed with as a small integer. */
const SMALL_DIGITS = 9

/**
 * Four characters that are read as one integer are four digits if neither they less four zeros nor that and these have a
 * high bit in any byte.
 */
const FOUR_ZEROS = 0x30303030
const FROM_TEN = 0x76767676
const HIGH_BITS = 0x80808080 | 0

/** Names that are remembered, so that a symbol is made a string once and not once a frame. */
const MOST_NAMES = 4_096

/** Longer texts are made strings by the runtime's decoder, shorter ones from a list of their characters. */
const SHORT_TEXT = 64

const decoder = new TextDecoder("utf-8", { ignoreBOM: true })

/** Two characters as one integer: `["`, `,"`, `],`, `]]`. */
const BEFORE_PRICE = 0x225b
const BEFORE_SIZE = 0x222c
const AFTER_LEVEL = 0x2c5d
const AFTER_LEVELS = 0x5d5d

/** A level of the usual form has fewer characters, with all that is looked at behind it. */
const LONGEST_LEVEL = 64

/** A string that comes again and again: its text, and its bytes with the closing quote. */
export interface Name {
  readonly literal: Literal
  readonly text: string
}

export const noName: Name = { literal: new Literal(bytesOf('"')), text: "" }

export class Scanner extends NumberCursor {
  /** Price and size of the level at work: numbers that nobody has to allocate. */
  private readonly level = new Float64Array(2)
  /** By hash. */
  private readonly names = new Map<number, Name>()
  /** For texts of a length: their characters, to be made a string at once. */
  private readonly characters: Array<Array<number>> = []

  /** Takes a string that comes again and again, most often as it came `last`. */
  name(last: Name): Name {
    const { at, bytes } = this
    if (bytes[at] === QUOTE && this.isNext(last.literal, at + 1)) {
      this.at = at + 1 + last.literal.length
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

  /** The string that was taken last, made a string once. */
  private known(): Name {
    const { bytes, end, start } = this
    let hash = 0
    for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + bytes[index]!) | 0
    const known = this.names.get(hash)
    if (known !== undefined && known.literal.length === end - start + 1 && this.isNext(known.literal, start))
      return known
    const own = bytes.slice(start, end + 1)
    const name = { literal: new Literal(own), text: decoder.decode(own.subarray(0, -1)) }
    if (this.names.size >= MOST_NAMES) this.names.clear()
    this.names.set(hash, name)
    return name
  }

  private failLevels(): Array<Level> {
    this.isPlain = false
    return []
  }
}
