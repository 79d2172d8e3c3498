/**
 * The frames that come often, read from their bytes without `JSON.parse`: each stream is a table of the fields of its row
 * and what to tell of them. What a row means is told at the decoder's reader of the same name, which also sees every frame
 * that is not exactly as it is wanted here.
 *
 * Guarantees: the sink is told nothing, or what the reader would have told; keys may come in any order, and unknown ones
 * may be among them.
 */
import { type Envelope, Shape, type SocketVenue } from "@tidewire/core"
import type { Context } from "../decode/reader.ts"

export interface Scan extends Envelope.Scan {
  /** Tells the row that was read last; false when it is to be read another way. Nothing may be told then. */
  readonly tell: (context: Context, sink: SocketVenue.DecodeSink) => boolean
}

/** Rows of another family of contracts are not for this market. Source: docs/venues/binance.md, "Contract families". */
const USDM_FAMILY = 1

export const family = { st: Shape.optional(Shape.exactly(USDM_FAMILY)) }

/** The time of the event, and that of the matching engine. */
export const times = { E: Shape.optional(Shape.integer), T: Shape.optional(Shape.integer) }

/** The matching time, else the event time; `NaN` when the row has neither. */
export const timeOf = ({ at, numbers }: Shape.Shape<"E" | "T">): number => {
  const matching = numbers[at.T]!
  return matching === matching ? matching : numbers[at.E]!
}
