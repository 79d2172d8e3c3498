/**
 * Cuts the bytes that arrive on a WebSocket into frames and takes the plain ones: whole text frames, as servers send
 * them. Pings, pongs, binary frames and messages in fragments are passed on byte for byte, in their place, to who knows
 * all of the protocol. What ends a connection, a close or what is not allowed, is not judged here: from there on everything
 * is passed on.
 *
 * Guarantees: the same texts and the same passed bytes in the same order, however the bytes are cut into chunks; keeps no
 * more than one frame, of at most `maxPayload` bytes, and takes no memory for bytes that have not come.
 */

/** The first byte of a frame: the final bit, three reserved ones, and what it is. */
const CONTINUATION = 0x00
const FIRST_OF_TEXT = 0x01
const FIRST_OF_BINARY = 0x02
const LAST = 0x80
const TEXT = 0x81
const BINARY = 0x82
const PING = 0x89
const PONG = 0x8a

/** The second byte is a length, or says in how many more bytes it is; above that the payload is masked. */
const LENGTH_IN_TWO = 126
const LENGTH_IN_EIGHT = 127
const LONGEST_CONTROL = 125

const TWO_TO_32 = 2 ** 32

/** A message in more fragments than this is left to who knows the protocol. */
const MOST_FRAGMENTS = 1_000

/** Room for a frame that is cut in two, at first, and how much of it is not given back after a longer one. */
const ROOM = 4_096
const LARGEST_ROOM = 65_536

export interface FrameSplitterOptions {
  readonly maxPayload: number
  /** Takes the payload of a text frame; the bytes are valid only during the call. */
  readonly text: (payload: Uint8Array) => void
  /** Takes bytes of other frames. */
  readonly pass: (bytes: Uint8Array) => void
}

export class FrameSplitter {
  readonly #options: FrameSplitterOptions
  /** The beginning of a frame, whose rest has not come. */
  #kept = new Uint8Array(ROOM)
  #keptLength = 0
  /** How many bytes of the frame that is being passed on are still to come. */
  #owed = 0
  #isFragmented = false
  #fragments = 0
  #fragmentBytes = 0
  #isOver = false

  constructor(options: FrameSplitterOptions) {
    this.#options = options
  }

  /**
   * Takes what arrived. Once it has come to what it does not judge, it gives back what is to be passed on with all that
   * comes after; it must not be given anything more then.
   */
  push(chunk: Uint8Array): Uint8Array | undefined {
    const end = chunk.length
    let at = this.#keptLength > 0 ? this.#complete(chunk) : 0
    while (at < end && !this.#isOver) {
      if (this.#owed > 0) {
        at = this.#passOwed(chunk, at)
        continue
      }
      at = this.#takeTexts(chunk, at)
      if (at === end || this.#isOver || this.#isNoText(chunk, at, end)) continue
      this.#keep(chunk, at, end - at)
      at = end
    }
    return this.#isOver ? this.#rest(chunk.subarray(at)) : undefined
  }

  /** Takes nothing more, also when asked so by `text` or `pass`; gives back what was kept. */
  end(): Uint8Array {
    this.#isOver = true
    return this.#rest(new Uint8Array())
  }

  /** Takes text frames as long as they are whole; gives back where it stopped. */
  #takeTexts(chunk: Uint8Array, from: number): number {
    const { maxPayload, text } = this.#options
    const { buffer, byteOffset, length: end } = chunk
    let at = from
    while (!this.#isFragmented && chunk[at] === TEXT && end - at >= 2) {
      const second = chunk[at + 1]!
      const next = at + sizeOf(chunk, at, end)
      const start = at + headerSize(second)
      if (second > LENGTH_IN_EIGHT || next > end || next - start > maxPayload) break
      at = next
      text(new Uint8Array(buffer, byteOffset + start, next - start))
      if (this.#isOver) break
    }
    return at
  }

  /** Completes the frame whose beginning was kept; gives back how much of the chunk that took. */
  #complete(chunk: Uint8Array): number {
    let at = 0
    while (true) {
      const length = this.#keptLength
      if (this.#isNoText(this.#kept, 0, length)) {
        if (this.#isOver) return at
        this.#owed -= length
        this.#keptLength = 0
        this.#options.pass(this.#kept.slice(0, length))
        return at
      }
      const size = sizeOf(this.#kept, 0, length)
      if (length === size) {
        const frame = this.#kept
        this.#keptLength = 0
        if (frame.length > LARGEST_ROOM) this.#kept = new Uint8Array(ROOM)
        this.#options.text(frame.subarray(headerSize(frame[1]!), size))
        return at
      }
      if (at === chunk.length) return at
      const taken = Math.min(size - length, chunk.length - at)
      this.#keep(chunk, at, taken)
      at += taken
    }
  }

  #keep(chunk: Uint8Array, at: number, count: number): void {
    const length = this.#keptLength + count
    if (length > this.#kept.length) {
      const larger = new Uint8Array(Math.max(length, this.#kept.length * 2))
      larger.set(this.#kept.subarray(0, this.#keptLength))
      this.#kept = larger
    }
    this.#kept.set(chunk.subarray(at, at + count), this.#keptLength)
    this.#keptLength = length
  }

  #passOwed(chunk: Uint8Array, at: number): number {
    const until = Math.min(at + this.#owed, chunk.length)
    this.#owed -= until - at
    this.#options.pass(chunk.subarray(at, until))
    return until
  }

  /** What was kept, and this behind it. */
  #rest(after: Uint8Array): Uint8Array {
    if (this.#keptLength === 0) return after
    const rest = new Uint8Array(this.#keptLength + after.length)
    rest.set(this.#kept.subarray(0, this.#keptLength))
    rest.set(after, this.#keptLength)
    this.#keptLength = 0
    return rest
  }

  /** A frame that is passed on begins here (then it is owed), or what is not judged; false too as long as it does not show. */
  #isNoText(bytes: Uint8Array, at: number, end: number): boolean {
    if (end - at < 2) return false
    const first = bytes[at]!
    const second = bytes[at + 1]!
    if (second > LENGTH_IN_EIGHT || !this.#isInPlace(first, second)) return this.#over()
    const header = headerSize(second)
    if (end - at < header) return false
    const size = sizeOf(bytes, at, end)
    if (size - header > this.#options.maxPayload) return this.#over()
    if (first === TEXT) return false
    if (first <= LAST && !this.#countFragment(first, size - header)) return this.#over()
    this.#owed = size
    return true
  }

  /** Whether such a frame may stand here, and is not a close. */
  #isInPlace(first: number, second: number): boolean {
    switch (first) {
      case TEXT:
      case BINARY:
      case FIRST_OF_TEXT:
      case FIRST_OF_BINARY:
        return !this.#isFragmented
      case CONTINUATION:
      case LAST:
        return this.#isFragmented
      case PING:
      case PONG:
        return second <= LONGEST_CONTROL
      default:
        return false
    }
  }

  /** False when the message becomes too long, or too much in pieces. */
  #countFragment(first: number, bytes: number): boolean {
    if (!this.#isFragmented) this.#fragments = this.#fragmentBytes = 0
    this.#isFragmented = first !== LAST
    this.#fragmentBytes += bytes
    return ++this.#fragments <= MOST_FRAGMENTS && this.#fragmentBytes <= this.#options.maxPayload
  }

  #over(): true {
    this.#isOver = true
    return true
  }
}

const headerSize = (second: number): number => (second < LENGTH_IN_TWO ? 2 : second === LENGTH_IN_TWO ? 4 : 10)

/** How long the frame is that begins here, its header included; of a header that is not whole, how long that is. */
const sizeOf = (bytes: Uint8Array, at: number, end: number): number => {
  const second = bytes[at + 1]!
  if (end - at < 2) return 2
  if (second < LENGTH_IN_TWO) return 2 + second
  if (second === LENGTH_IN_TWO) return end - at < 4 ? 4 : 4 + bytes[at + 2]! * 256 + bytes[at + 3]!
  return end - at < 10 ? 10 : 10 + uint32(bytes, at + 2) * TWO_TO_32 + uint32(bytes, at + 6)
}

const uint32 = (bytes: Uint8Array, at: number): number =>
  bytes[at]! * 2 ** 24 + bytes[at + 1]! * 2 ** 16 + bytes[at + 2]! * 2 ** 8 + bytes[at + 3]!
