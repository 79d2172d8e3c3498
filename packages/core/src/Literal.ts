/**
 * A text that frames are compared with, four bytes at a time: a key, a name, `true`.
 *
 * Guarantees: equal means equal in every byte; nothing is looked at but the bytes of the text's own length.
 */

/** Bytes that are compared as one integer. */
const WORD = 4

const encoder = new TextEncoder()

export const bytesOf = (text: string): Uint8Array => encoder.encode(text)

export class Literal {
  readonly bytes: Uint8Array
  readonly length: number
  /** Its bytes, four at a time, but for the last ones, from one to four. */
  readonly words: Int32Array
  /** Its last four bytes, some of which may be of the last word too. */
  readonly tail: number

  constructor(bytes: Uint8Array) {
    const { length } = bytes
    const view = new DataView(bytes.buffer, bytes.byteOffset, length)
    this.bytes = bytes
    this.length = length
    this.words = Int32Array.from({ length: Math.max(0, Math.ceil(length / WORD) - 1) }, (_, index) =>
      view.getInt32(index * WORD, true)
    )
    this.tail = length < WORD ? 0 : view.getInt32(length - WORD, true)
  }

  /** True when it stands at an offset of this memory, which has room for it there. */
  standsAt(memory: DataView, offset: number): boolean {
    const { length, tail, words } = this
    if (length < WORD) return this.#isShortAt(memory, offset)
    if (memory.getInt32(offset + length - WORD, true) !== tail) return false
    for (let index = 0, at = offset; index < words.length; index++, at += WORD) {
      if (memory.getInt32(at, true) !== words[index]) return false
    }
    return true
  }

  #isShortAt(memory: DataView, offset: number): boolean {
    for (let index = 0; index < this.length; index++) {
      if (memory.getUint8(offset + index) !== this.bytes[index]) return false
    }
    return true
  }
}

export const literal = (text: string): Literal => new Literal(bytesOf(text))
