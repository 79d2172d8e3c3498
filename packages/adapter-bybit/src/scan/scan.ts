/**
 * The frames that come often, read from their bytes without `JSON.parse`: each topic is a table of the fields of its data
 * and what to tell of them. What they mean is told at the decoder's reader of the same name, which also sees every frame
 * that is not exactly as it is wanted here.
 *
 * Guarantees: the sink is told nothing, or what the reader would have told; keys may come in any order, and unknown ones
 * may be among them.
 */
import { type Envelope, Shape, type SocketVenue } from "@tidewire/core"
import type { Context } from "../decode/reader.ts"

/** What stands beside the data. */
export interface Head {
  /** Its `type`; `undefined` where there is none. */
  type: "snapshot" | "delta" | undefined
  /** The time of the frame, and that of the matching engine; `NaN` where there is none. */
  ts: number
  cts: number
}

export interface Scan extends Envelope.Scan {
  /** Tells the data that was read last; false when it is to be read another way. Nothing may be told then. */
  readonly tell: (context: Context, sink: SocketVenue.DecodeSink, head: Head) => boolean
}

const types = ["snapshot", "delta"] as const

/** The fields of the envelope. */
export const fields = {
  type: Shape.optional(Shape.choice(...types)),
  ts: Shape.optional(Shape.integer),
  cts: Shape.optional(Shape.integer)
}

export const head = ({ at, numbers }: Shape.Shape<"type" | "ts" | "cts">, into: Head): Head => {
  into.type = types[numbers[at.type]!]
  into.ts = numbers[at.ts]!
  into.cts = numbers[at.cts]!
  return into
}

/** The matching engine's time, else the frame's; `NaN` where there is neither. */
export const timeOf = ({ cts, ts }: Head): number => (cts === cts ? cts : ts)
