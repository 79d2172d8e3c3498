/**
 * How a row of a stream becomes an event: the shape all readers share.
 *
 * A reader is synchronous, throws nothing for any JSON value, and tells the sink exactly one thing a row: an event, a
 * change, or why there is none (plus `inexact` for each value that a float64 does not hold).
 */
import type { SocketVenue } from "@tidewire/core"

/** A JSON object whose fields have not been looked at. */
export type Row = Readonly<Record<string, unknown>>

/** Where and when a row came in. One of these lives as long as its decoder; only `stream` and `receivedTime` change. */
export interface Context {
  /** What events carry as `venue`. */
  readonly venue: string
  receivedTime: number
  /** The combined stream's name; absent on raw sockets. */
  stream: string | undefined
}

export type Reader = (row: Row, context: Context, sink: SocketVenue.DecodeSink) => void

export const isRow = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The symbol in the stream's name; `""` where there is none. */
export const streamSymbol = ({ stream = "" }: Context): string =>
  stream.slice(0, Math.max(0, stream.indexOf("@"))).toUpperCase()
