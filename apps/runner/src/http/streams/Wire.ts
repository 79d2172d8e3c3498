/** How a protocol writes events: as bytes that are the same for every client, so that they are made once. */
import type { Told } from "../../output/Output.ts"

export interface Wire {
  readonly name: "sse" | "ws"
  /** `json` is the event's text. */
  readonly event: (type: Told["type"], json: string) => Uint8Array
  /** That so many events were lost. */
  readonly lost: (count: number) => Uint8Array
  /** Shows that the connection is there when nothing happens. */
  readonly alive: Uint8Array
}

const encoder = new TextEncoder()

/** Server-sent events. */
export const sse: Wire = {
  name: "sse",
  event: (type, json) => encoder.encode(`event: ${type}\ndata: ${json}\n\n`),
  lost: (lost) => encoder.encode(`event: lost\ndata: ${JSON.stringify({ lost })}\n\n`),
  alive: encoder.encode(": alive\n\n")
}

const FINAL_TEXT = 0x81
const FINAL_PING = 0x89

/** A whole text message as one frame, as a server sends it (RFC 6455, 5.2: not masked). */
export const textFrame = (text: string): Uint8Array => {
  const payload = encoder.encode(text)
  const { length } = payload
  const headerLength = length < 126 ? 2 : length < 65_536 ? 4 : 10
  const frame = new Uint8Array(headerLength + length)
  frame[0] = FINAL_TEXT
  const header = new DataView(frame.buffer)
  if (headerLength === 2) frame[1] = length
  else if (headerLength === 4) {
    frame[1] = 126
    header.setUint16(2, length)
  } else {
    frame[1] = 127
    header.setBigUint64(2, BigInt(length))
  }
  frame.set(payload, headerLength)
  return frame
}

/** Each event a text message. */
export const webSocket: Wire = {
  name: "ws",
  event: (_, json) => textFrame(json),
  lost: (lost) => textFrame(JSON.stringify({ type: "lost", lost })),
  alive: Uint8Array.of(FINAL_PING, 0)
}
