/**
 * Frames of a market to events, on the hot path: the scan of its topic where there is one, else `JSON.parse`, a look at the
 * topic, one reader.
 *
 * Guarantees: no input string makes a decoder throw; each row of a frame tells the sink what it is or why it is nothing; no
 * event carries a value that the venue has not told in this session. The order of keys does not matter, nor do keys that
 * are not known. A decoder belongs to one session, because tickers come in parts.
 */
import { Envelope, Field, Frame, type SocketVenue } from "@tidewire/core"
import { control } from "./decode/control.ts"
import { type Context, isRow } from "./decode/reader.ts"
import { Tickers } from "./decode/tickers.ts"
import type { Market } from "./market.ts"
import * as scans from "./scan/scan.ts"
import type { Scan } from "./scan/scan.ts"

export const make = ({ readers, sizeUnit }: Pick<Market, "readers" | "sizeUnit">, venue: string) => {
  const envelope = new Envelope.Envelope<Scan, keyof typeof scans.fields>({
    name: "topic",
    data: "data",
    also: scans.fields,
    scanOf: (topic) => readers.find(([prefix]) => topic.startsWith(prefix))?.[2]
  })
  const head: scans.Head = { type: undefined, ts: Number.NaN, cts: Number.NaN }
  return (): SocketVenue.Decode => {
    const context: Context = { venue, sizeUnit, tickers: new Tickers(), topic: "", receivedTime: 0 }
    return (frame, receivedTime, sink) => {
      context.receivedTime = receivedTime
      const scan = envelope.read(Frame.bytes(frame))
      if (scan !== undefined) {
        context.topic = envelope.name
        if (scan.tell(context, sink, scans.head(envelope.fields, head))) return
      }
      let parsed: unknown
      try {
        parsed = JSON.parse(Frame.text(frame))
      } catch {
        return sink.malformed("not JSON")
      }
      if (!isRow(parsed)) return sink.malformed(Field.reason("frame", "an object", parsed))
      const { topic } = parsed
      if (topic === undefined) return control(parsed, sink)
      if (typeof topic !== "string") return sink.malformed(Field.reason("topic", "a topic", topic))
      if (envelope.scanOf(topic) !== undefined) sink.fallback()
      for (const [prefix, read] of readers) {
        if (!topic.startsWith(prefix)) continue
        context.topic = topic
        return read(parsed, context, sink)
      }
      sink.unknown(topic)
    }
  }
}
