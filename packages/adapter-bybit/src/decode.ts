/**
 * Frames of a market to events, on the hot path: `JSON.parse`, a look at the topic, one reader.
 *
 * Guarantees: no input string makes a decoder throw; each row of a frame tells the sink what it is or why it is nothing; no
 * event carries a value that the venue has not told in this session. The order of keys does not matter, nor do keys that
 * are not known. A decoder belongs to one session, because tickers come in parts.
 */
import { Field, Frame, type SocketVenue } from "@tidewire/core"
import { control } from "./decode/control.ts"
import { type Context, isRow } from "./decode/reader.ts"
import { Tickers } from "./decode/tickers.ts"
import type { Market } from "./market.ts"

export const make =
  ({ readers, sizeUnit }: Pick<Market, "readers" | "sizeUnit">, venue: string) =>
  (): SocketVenue.Decode => {
    const context: Context = { venue, sizeUnit, tickers: new Tickers(), topic: "", receivedTime: 0 }
    return (frame, receivedTime, sink) => {
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
      for (const [prefix, read] of readers) {
        if (!topic.startsWith(prefix)) continue
        context.topic = topic
        context.receivedTime = receivedTime
        return read(parsed, context, sink)
      }
      sink.unknown(topic)
    }
  }
