/** Frames of the WebSocket protocol as bytes, right ones and wrong ones. */

export interface FrameParts {
  /** The final bit, the reserved ones and what it is. */
  readonly first: number
  readonly payload?: Uint8Array | string
  /** How many bytes the length takes; as few as it can, when not given. */
  readonly lengthIn?: 0 | 2 | 8
  /** A length other than that of the payload. */
  readonly claims?: number
  readonly isMasked?: boolean
}

const encoder = new TextEncoder()

export const frame = ({ claims, first, isMasked = false, lengthIn, payload = "" }: FrameParts): Uint8Array => {
  const bytes = typeof payload === "string" ? encoder.encode(payload) : payload
  const length = claims ?? bytes.length
  const within = lengthIn ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8)
  const header = new Uint8Array(2 + within + (isMasked ? 4 : 0))
  header[0] = first
  header[1] = (within === 0 ? length : within === 2 ? 126 : 127) | (isMasked ? 0x80 : 0)
  const view = new DataView(header.buffer)
  if (within === 2) view.setUint16(2, length)
  if (within === 8) view.setBigUint64(2, BigInt(length))
  return joined([header, bytes])
}

export const text = (payload: string): Uint8Array => frame({ first: 0x81, payload })
export const ping = (payload = ""): Uint8Array => frame({ first: 0x89, payload })
export const pong = (payload = ""): Uint8Array => frame({ first: 0x8a, payload })
export const close = (code: number, reason = ""): Uint8Array =>
  frame({ first: 0x88, payload: joined([new Uint8Array([code >> 8, code & 255]), encoder.encode(reason)]) })

export const joined = (parts: ReadonlyArray<Uint8Array>): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** What ends a connection, by its own fault or not. */
export const endings = (maxPayload: number): Readonly<Record<string, Uint8Array>> => ({
  "a close": close(1001, "going"),
  "a close without a code": frame({ first: 0x88 }),
  "a close of one byte": frame({ first: 0x88, payload: "x" }),
  "a close with a code that nobody may send": close(1005),
  "a text that is too long": frame({ first: 0x81, claims: maxPayload + 1 }),
  "a binary frame that is too long": frame({ first: 0x82, claims: maxPayload + 1 }),
  "a text longer than numbers are": frame({ first: 0x81, lengthIn: 8, claims: 2 ** 60 }),
  "fragments that are too long together": joined([
    frame({ first: 0x01, payload: "x" }),
    frame({ first: 0x80, claims: maxPayload })
  ]),
  "a masked text": frame({ first: 0x81, payload: "masked", isMasked: true }),
  "a masked ping": frame({ first: 0x89, isMasked: true }),
  "a compressed text that nobody agreed on": frame({ first: 0xc1, payload: "x" }),
  "a text with a reserved bit": frame({ first: 0xa1, payload: "x" }),
  "a frame of an unknown kind": frame({ first: 0x83, payload: "x" }),
  "a control frame of an unknown kind": frame({ first: 0x8b }),
  "a ping in fragments": frame({ first: 0x09 }),
  "a ping that is too long": frame({ first: 0x89, payload: "x".repeat(126) }),
  "a continuation of nothing": frame({ first: 0x00, payload: "x" }),
  "an end of nothing": frame({ first: 0x80, payload: "x" }),
  "a text within a message": joined([frame({ first: 0x01, payload: "x" }), text("y")]),
  "a message within a message": joined([frame({ first: 0x01, payload: "x" }), frame({ first: 0x02, payload: "y" })])
})
