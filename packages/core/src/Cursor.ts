/**
 * A place in the bytes of a JSON text, moved from one token to the next: brackets, commas, keys, strings as they stand, and
 * texts that are known beforehand.
 *
 * Guarantees: what is not as it is wanted, or outside the subset of `Scanner`, sets `isPlain` to false for good. It never
 * throws, and never takes what is beyond the bytes it was given.
 */
import * as JsonValue from "./jsonValue.ts"
import { type Literal, literal } from "./Literal.ts"

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125
/** Below this a character may not stand in a JSON string as it is. */
const SPACE = 32

/** Bytes that a literal compares at once. */
const WORD = 4

const TRUE = literal("true")
const FALSE = literal("false")

export class Cursor {
  /** False once anything was met that is not taken here. */
  isPlain = true
  protected bytes: Uint8Array = new Uint8Array()
  protected at = 0
  /** Where the last string began and ended. */
  protected start = 0
  protected end = 0
  /** All of the memory that the text is a part of. */
  protected memory = new DataView<ArrayBufferLike>(new ArrayBuffer(0))
  /** Where in it the text begins. */
  protected shift = 0

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

  /** Takes this text, if it is what follows. */
  takes(expected: Literal): boolean {
    if (!this.isNext(expected, this.at)) return false
    this.at += expected.length
    return true
  }

  /** Takes this key, of at least one character, if it is what follows. */
  takesKey({ length, tail, words }: Literal): boolean {
    const { at, memory } = this
    const begin = at + this.shift
    if (at + length > this.bytes.length || memory.getInt32(begin + length - WORD, true) !== tail) return false
    for (let index = 0; index < words.length; index++) {
      if (memory.getInt32(begin + index * WORD, true) !== words[index]) return false
    }
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

  /** Takes the one of these texts, given with their quotes, that follows, and gives its index. */
  choice(options: ReadonlyArray<Literal>): number {
    for (let index = 0; index < options.length; index++) if (this.takes(options[index]!)) return index
    return this.fail()
  }

  boolean(): boolean {
    const isTrue = this.takes(TRUE)
    if (!isTrue && !this.takes(FALSE)) this.isPlain = false
    return isTrue
  }

  /** Takes `""`. */
  empty(): boolean {
    if (this.bytes[this.at] !== QUOTE || this.bytes[this.at + 1] !== QUOTE) return false
    this.at += 2
    return true
  }

  /** Passes over any value, which is checked to be one. */
  skip(): void {
    const end = JsonValue.endOf(this.bytes, this.at)
    if (end === -1) this.isPlain = false
    else this.at = end
  }

  protected isNext(expected: Literal, at: number): boolean {
    return at + expected.length <= this.bytes.length && expected.standsAt(this.memory, at + this.shift)
  }

  protected fail(): number {
    this.isPlain = false
    return 0
  }
}
