/**
 * Frames of a market to events, on the hot path: the scan of its stream where there is one, else `JSON.parse`, a look at
 * what it is, one reader.
 *
 * Guarantees: no input string makes it throw; each row of a frame tells the sink exactly one outcome; no event carries a
 * value that the frame does not hold. Combined frames (`{"stream","data"}`) and raw ones are read alike.
 */
import { Envelope, Field, Frame, type SocketVenue } from "@tidewire/core"
import { control, SHUTDOWN, SHUTDOWN_STREAM } from "./decode/control.ts"
import { type Context, isRow, type Row } from "./decode/reader.ts"
import type { Market } from "./market.ts"

/** The kinds of contract that USDⓈ-M streams may also carry. Source: docs/venues/binance.md, "Contract families". */
const USDM_FAMILY = 1

export const make = (market: Pick<Market, "events" | "untagged" | "scans">, venue: string): SocketVenue.Decode => {
  const context: Context = { venue, receivedTime: 0, stream: undefined }

  const readRow = (row: unknown, sink: SocketVenue.DecodeSink): void => {
    if (!isRow(row)) return sink.malformed(Field.reason("data", "an object", row))
    const kind = row["e"]
    if (kind === undefined) return readUntagged(row, sink)
    if (typeof kind !== "string") return sink.malformed(Field.reason("e", "an event kind", kind))
    if (kind === SHUTDOWN) return sink.shutdownNotice()
    const read = market.events.get(kind)
    if (read === undefined) return sink.unknown(kind)
    const family = row["st"]
    if (family !== undefined && family !== USDM_FAMILY) {
      if (Field.integer(family) !== family) return sink.malformed(Field.reason("st", "a kind of contract", family))
      return sink.ignored()
    }
    return read(row, context, sink)
  }

  const readUntagged = (row: Row, sink: SocketVenue.DecodeSink): void => {
    const { stream } = context
    if (stream === SHUTDOWN_STREAM) return sink.shutdownNotice()
    if (stream === undefined && control(row, sink)) return
    const read = market.untagged(row, stream)
    return read === undefined ? sink.unknown(stream ?? "frame without an event kind") : read(row, context, sink)
  }

  const envelope = new Envelope.Envelope({
    name: "stream",
    data: "data",
    also: {},
    scanOf: (stream) => {
      const at = stream.indexOf("@")
      return at === -1 ? undefined : market.scans.get(stream.slice(at + 1))
    }
  })

  return (frame, receivedTime, sink) => {
    context.receivedTime = receivedTime
    const scan = envelope.read(Frame.bytes(frame))
    if (scan !== undefined) {
      context.stream = envelope.name
      if (scan.tell(context, sink)) return
    }
    let parsed: unknown
    try {
      parsed = JSON.parse(Frame.text(frame))
    } catch {
      return sink.malformed("not JSON")
    }
    context.stream = undefined
    let data = parsed
    if (isRow(parsed) && parsed["data"] !== undefined && typeof parsed["stream"] === "string") {
      context.stream = parsed["stream"]
      data = parsed["data"]
      if (envelope.scanOf(context.stream) !== undefined) sink.fallback()
    }
    if (!Array.isArray(data)) return readRow(data, sink)
    if (data.length === 0) return sink.ignored()
    for (const row of data) readRow(row, sink)
  }
}
