/**
 * What the engine must not forget when its process is killed: the intent of every order before it is sent, and what became of
 * it. The engine defines it, the runner supplies one that is durable.
 *
 * Guarantees asked of every journal: `write` is synchronous, and what it has returned from survives `kill -9` of the process;
 * `read` gives everything in the order it was written.
 */
import type { Order, PrivateEvent } from "@tidewire/core"

export type Entry =
  /** Written before an order is sent. */
  | {
      readonly _tag: "Intent"
      readonly time: number
      readonly venue: string
      readonly strategy: string
      readonly request: Order.Request
    }
  /** Written before an order is amended. */
  | { readonly _tag: "Amend"; readonly time: number; readonly venue: string; readonly amendment: Order.Amendment }
  /** Written before an order is cancelled. */
  | { readonly _tag: "Cancel"; readonly time: number; readonly venue: string; readonly clientOrderId: string }
  /** What is known of an order after something was learnt. */
  | { readonly _tag: "Order"; readonly order: PrivateEvent.Order }
  | { readonly _tag: "Fill"; readonly fill: PrivateEvent.Fill }
  | { readonly _tag: "Funding"; readonly funding: PrivateEvent.Funding }
  /** Trading was halted, or is allowed again. */
  | { readonly _tag: "Halt"; readonly time: number; readonly reason: string }
  | { readonly _tag: "Resume"; readonly time: number; readonly reason: string }

export interface Journal {
  readonly write: (entry: Entry) => void
  /** At the start: what an earlier process has left. */
  readonly read: () => Iterable<Entry>
}
