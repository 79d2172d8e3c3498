/** What the venue tells a connection on its own account, in the shape of its envelope. */
import type { NoticeShape } from "../faults/Fault.ts"

/** Soon closed. The WebSocket API has a wrapper of its own, without a subscription's id. */
export const serverShutdown = (shape: NoticeShape, time: number): unknown => {
  const event = { e: "serverShutdown", E: time }
  return shape === "raw" ? event : shape === "api" ? { event } : { stream: "!serverShutdown", data: event }
}

/** A private connection will stay open and be silent. */
export const listenKeyExpired = (combined: boolean, listenKey: string, time: number): unknown => {
  const event = { e: "listenKeyExpired", E: time, listenKey }
  return combined ? { stream: listenKey, data: event } : event
}
