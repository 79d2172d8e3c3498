/**
 * What the engine must not forget when its process is killed: the intent of every order before it is sent, and what became of
 * it. The engine defines it, the runner supplies one that is durable.
 *
 * Guarantees asked of every journal, which `JournalContract` checks: `write` is synchronous, and what it has returned from
 * survives `kill -9` of the process; `read` gives everything in the order it was written; `replace` is all or nothing.
 *
 * It does not grow with the age of the engine: while that runs it forgets the orders that ended longest ago (`forget`), and when
 * it starts, what `Compaction` says, fills among it that a snapshot of the portfolio covers.
 */
import { Order, PrivateEvent } from "@tidewire/core"
import * as Schema from "effect/Schema"

const stamps = { time: Schema.Finite, venue: Schema.String }

export const Entry = Schema.Union([
  /** An engine has begun: `boot` is in all client order ids that it gives (`ClientOrderIds`). */
  Schema.TaggedStruct("Started", { time: Schema.Finite, boot: Schema.Finite }),
  /** Written before an order is sent. */
  Schema.TaggedStruct("Intent", { ...stamps, strategy: Schema.String, request: Order.Request }),
  /** Written before an order is amended. */
  Schema.TaggedStruct("Amend", {
    ...stamps,
    amendment: Schema.Struct({
      clientOrderId: Schema.String,
      symbol: Schema.String,
      venueOrderId: Schema.optionalKey(Schema.String),
      price: Schema.optionalKey(Schema.String),
      size: Schema.optionalKey(Schema.String)
    })
  }),
  /** Written before an order is cancelled. */
  Schema.TaggedStruct("Cancel", { ...stamps, clientOrderId: Schema.String }),
  /** What is known of an order after something was learnt. */
  Schema.TaggedStruct("Order", { order: PrivateEvent.Order }),
  Schema.TaggedStruct("Fill", { fill: PrivateEvent.Fill }),
  Schema.TaggedStruct("Funding", { funding: PrivateEvent.Funding }),
  /** Trading was halted, or is allowed again. */
  Schema.TaggedStruct("Halt", { time: Schema.Finite, reason: Schema.String }),
  Schema.TaggedStruct("Resume", { time: Schema.Finite, reason: Schema.String }),
  /**
   * What a part of the engine needs of all entries before it, so that they need not be kept for its sake: plain JSON. The
   * latest of a name counts. The fills and funding payments before one named `portfolio` may be forgotten.
   */
  Schema.TaggedStruct("Snapshot", { time: Schema.Finite, name: Schema.String, value: Schema.Unknown })
])
export type Entry = typeof Entry.Type

export interface Journal {
  readonly write: (entry: Entry) => void
  /** Does of `write` what leaves nothing behind, so that the next one is quick. */
  readonly rehearse?: (entry: Entry) => void
  /** At the start: what an earlier process has left. */
  readonly read: () => Iterable<Entry>
  /** All of an order but its fills. It has ended, and need not be known any more. */
  readonly forget: (venue: string, clientOrderId: string) => void
  /** These entries in the place of all that there are, all or nothing. */
  readonly replace: (entries: Iterable<Entry>) => void
}

/** Which order an entry is about, so that it goes with it; `undefined` for what stays, fills among it. */
export const orderOf = (entry: Entry): string | undefined => {
  switch (entry._tag) {
    case "Intent":
      return keyOf(entry.venue, entry.request.clientOrderId)
    case "Amend":
      return keyOf(entry.venue, entry.amendment.clientOrderId)
    case "Cancel":
      return keyOf(entry.venue, entry.clientOrderId)
    case "Order":
      return keyOf(entry.order.venue, entry.order.clientOrderId)
    default:
      return undefined
  }
}

/** Ids are unique within an account. */
export const keyOf = (venue: string, clientOrderId: string): string => `${venue} ${clientOrderId}`
