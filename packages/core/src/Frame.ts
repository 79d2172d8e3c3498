/**
 * A text frame as a transport hands it over: a string, or its UTF-8 bytes, which most transports have and which are
 * cheaper to look into. Bytes are the transport's own memory: they are valid only during the call they come with.
 */
export type Frame = string | Uint8Array

const decoder = new TextDecoder()
const encoder = new TextEncoder()

/** What strings are written into to be looked at as bytes; a longer one gets bytes of its own. */
const scratch = new Uint8Array(64 * 1024)

/** A character has at most three bytes for each of its UTF-16 units. */
const BYTES_A_UNIT = 3

export const text = (frame: Frame): string => (typeof frame === "string" ? frame : decoder.decode(frame))

/** The bytes of a frame; those of a string are valid until the next call. */
export const bytes = (frame: Frame): Uint8Array => {
  if (typeof frame !== "string") return frame
  if (frame.length * BYTES_A_UNIT > scratch.length) return encoder.encode(frame)
  return scratch.subarray(0, encoder.encodeInto(frame, scratch).written)
}
