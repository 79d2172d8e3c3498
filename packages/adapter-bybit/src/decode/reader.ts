/**
 * How the frame of a topic becomes events: the shape all readers share.
 *
 * A reader is synchronous, throws nothing for any JSON value, and tells the sink of every row of its frame either what it
 * is or why it is nothing (plus `inexact` for each value that a float64 does not hold).
 */
import { Field, type SocketVenue } from "@tidewire/core"
import type { SizeUnit } from "../market.ts"
import type { Tickers } from "./tickers.ts"

/** A JSON object whose fields have not been looked at. */
export type Row = Readonly<Record<string, unknown>>

/** Where and when a frame came in. One of these lives as long as its session; only `topic` and `receivedTime` change. */
export interface Context {
  /** What events carry as `venue`. */
  readonly venue: string
  readonly sizeUnit: SizeUnit
  /** What later frames of this session refer to. */
  readonly tickers: Tickers
  /** The topic of the frame. */
  topic: string
  receivedTime: number
}

export type Reader = (frame: Row, context: Context, sink: SocketVenue.DecodeSink) => void

/** Reads one row of a frame whose data is a list; `frameTime` is the venue's stamp of the frame. */
export type RowReader = (row: Row, context: Context, sink: SocketVenue.DecodeSink, frameTime: unknown) => void

export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The reader of a topic whose data is a list: each row has an outcome of its own. */
export const eachRow =
  (read: RowReader): Reader =>
  (frame, context, sink) => {
    const { data } = frame
    if (!Array.isArray(data)) return sink.malformed(Field.reason("data", "a list", data))
    if (data.length === 0) return sink.ignored()
    for (let index = 0; index < data.length; index++) {
      const row: unknown = data[index]
      if (isRow(row)) read(row, context, sink, frame["ts"])
      else sink.malformed(Field.reason(`data[${index}]`, "an object", row))
    }
  }

/** The symbol in the topic's name; `""` where there is none. */
export const topicSymbol = ({ topic }: Context): string => topic.slice(topic.lastIndexOf(".") + 1)
