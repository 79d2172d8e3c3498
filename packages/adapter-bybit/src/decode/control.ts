/**
 * Frames without a topic: answers to requests, and to pings in all their shapes.
 * Source: docs/venues/bybit.md, "Control frames".
 */
import type { SocketVenue } from "@tidewire/core"
import { isDuplicate, rejection } from "../errors.ts"
import { answered } from "../requests.ts"
import type { Row } from "./reader.ts"

export const control = (row: Row, sink: SocketVenue.DecodeSink): void => {
  const { op, ret_msg: message, req_id: name, success } = row
  if (op === "ping" || op === "pong") return sink.ignored()
  if (typeof success !== "boolean" || (success && op !== "subscribe" && op !== "unsubscribe")) {
    return sink.unknown(typeof op === "string" && op !== "" ? op : "frame without a topic")
  }
  const request = answered(name)
  const isNameless = name === undefined || name === ""
  if (request === undefined && (!isNameless || (success && op === "unsubscribe"))) return sink.ignored()
  const isThere = request?.topics === 1 && isDuplicate(message)
  if (success || isThere) sink.acknowledged(request?.id)
  else sink.rejected(request?.id, rejection(message))
}
