/**
 * Where orders are placed. Everything that reaches a venue passes here: risk, the journal, the account; and everything that an
 * account tells passes here on its way to the bus.
 *
 * **Synchronous**: when `submit` returns, the order has been checked, has its id, is durably journalled and is on its way (or
 * was refused, with nothing sent). What becomes of it is told by events.
 */
import type { Amount, Order, PrivateEvent } from "@tidewire/core"
import type { Refusal } from "./Refusal.ts"

/** What a strategy asks for; the desk gives it its client order id. */
export interface NewOrder extends Omit<Order.Request, "clientOrderId"> {
  /** The configured name of the venue. */
  readonly venue: string
}

export type Submitted =
  | { readonly _tag: "Submitted"; readonly order: PrivateEvent.Order }
  | { readonly _tag: "Refused"; readonly refusal: Refusal }

/** Of a request about an order that is there. */
export type Requested = { readonly _tag: "Requested" } | { readonly _tag: "Refused"; readonly refusal: Refusal }

export interface OrderFilter {
  readonly venue?: string
  readonly symbol?: string
  readonly strategy?: string
}

export interface OrderDesk {
  readonly submit: (strategy: string, order: NewOrder) => Submitted
  readonly amend: (
    clientOrderId: string,
    change: { readonly price?: Amount.Amount; readonly size?: Amount.Amount }
  ) => Requested
  readonly cancel: (clientOrderId: string) => Requested
  /** Cancels all open orders that match; gives how many that were. */
  readonly cancelAll: (filter?: OrderFilter) => number
  /** Orders that have not ended, oldest first. */
  readonly open: (filter?: OrderFilter) => ReadonlyArray<PrivateEvent.Order>
  /** An order by its client order id: open ones, and the latest that ended (a bounded number). */
  readonly order: (clientOrderId: string) => PrivateEvent.Order | undefined
}
