/**
 * The entries of one block, written one after another into memory: a few bytes beside what came. This is on the way of
 * every frame: plain synchronous code that copies and nothing more.
 */
import type { Kind } from "./Tape.ts"

/** Bits beside the kind. */
export const BEGINS_TURN = 0x80
export const BEGINS_LOOP = 0x40
export const IS_BINARY = 0x20
export const KIND = 0x1f

/** Flags, and three numbers of seven bits a byte. */
const MOST_PREFIX = 1 + 8 + 5 + 5

/** The longest text of so many characters, in bytes of UTF-8. */
const BYTES_A_CHARACTER = 3

export class EntryWriter {
  #bytes: Buffer
  length = 0
  entries = 0
  firstMicros = 0
  lastMicros = 0

  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafe(capacity)
  }

  add(kind: Kind, flags: number, micros: number, connection: number, payload: string | Uint8Array): void {
    const isText = typeof payload === "string"
    this.#reserve(MOST_PREFIX + payload.length * (isText ? BYTES_A_CHARACTER : 1))
    if (this.entries === 0) this.firstMicros = this.lastMicros = micros
    const delta = micros - this.lastMicros
    this.lastMicros = micros
    this.entries++
    this.#bytes[this.length++] = kind | flags
    // an entry may be stamped before the one that was told first
    this.#number(delta < 0 ? -delta * 2 - 1 : delta * 2)
    this.#number(connection)
    const size = isText ? Buffer.byteLength(payload) : payload.length
    this.#number(size)
    if (isText) this.#bytes.write(payload, this.length)
    else this.#bytes.set(payload, this.length)
    this.length += size
  }

  /** What was written; the writer is not used any more. */
  take(): Buffer {
    return this.#bytes.subarray(0, this.length)
  }

  #number(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.#bytes[this.length++] = (rest % 0x80) | 0x80
      rest = Math.floor(rest / 0x80)
    }
    this.#bytes[this.length++] = rest
  }

  #reserve(more: number): void {
    const needed = this.length + more
    if (needed <= this.#bytes.length) return
    const bytes = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(bytes, 0, 0, this.length)
    this.#bytes = bytes
  }
}
