/**
 * Damage to the bytes of a frame: flipped, lost, inserted, exchanged, repeated, cut off, digits edited.
 */
import type { Random } from "./random.ts"

const tokens = [...'0123456789.-+eE"{}[],: \\tfnu\u0000\u001f'].concat(
  ["null", "true", "\\u0041", "é", "1e5", "00", "[]", "{}", '"",', '"p":"1"', '"s":"A"', '"topic":"x"', "]}"],
  ["999999999999999999999", "0.0000000000000000000000001"]
)
const pieces = tokens.map((token) => Buffer.from(token))

const DIGIT_ZERO = 48
const DIGIT_NINE = 57
const LONGEST_SPAN = 40

const spliced = (bytes: Uint8Array, at: number, lost: number, added: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + lost)])

const nothing = new Uint8Array()

const kinds: ReadonlyArray<(bytes: Uint8Array, random: Random) => Uint8Array> = [
  (bytes, random) => {
    const copy = Buffer.from(bytes)
    const at = random.below(copy.length)
    copy[at] = copy[at]! ^ (1 << random.below(8))
    return copy
  },
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1, nothing),
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1 + random.below(LONGEST_SPAN), nothing),
  (bytes, random) => spliced(bytes, random.below(bytes.length + 1), 0, random.pick(pieces)),
  (bytes, random) => spliced(bytes, random.below(bytes.length), 1, random.pick(pieces)),
  (bytes, random) => bytes.subarray(0, random.below(bytes.length)),
  // two spans change places
  (bytes, random) => {
    const from = random.below(bytes.length)
    const length = 1 + random.below(LONGEST_SPAN)
    const span = bytes.slice(from, from + length)
    const rest = spliced(bytes, from, length, nothing)
    return spliced(rest, random.below(rest.length + 1), 0, span)
  },
  // a span comes twice
  (bytes, random) => {
    const from = random.below(bytes.length)
    const span = bytes.slice(from, from + 1 + random.below(LONGEST_SPAN))
    return spliced(bytes, random.chance(0.5) ? from : random.below(bytes.length), 0, span)
  },
  // a digit becomes another, or more
  (bytes, random) => {
    const start = random.below(bytes.length)
    for (let step = 0; step < bytes.length; step++) {
      const at = (start + step) % bytes.length
      const code = bytes[at]!
      if (code < DIGIT_ZERO || code > DIGIT_NINE) continue
      return spliced(
        bytes,
        at,
        1,
        Buffer.from(random.pick(["0", "9", "00", ".0", "1e2", "-1", "12345678901234567890"]))
      )
    }
    return bytes
  }
]

/** One to three times. */
export const damaged = (frame: Uint8Array, random: Random): Uint8Array => {
  let bytes = frame
  for (let times = 1 + random.below(3); times > 0 && bytes.length > 0; times--)
    bytes = random.pick(kinds)(bytes, random)
  return bytes
}
