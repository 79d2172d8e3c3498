/**
 * Our orders as far as CCXT cannot tell them: the exchange's ids of them, and what those that wait for a price were asked for
 * as. At most `MOST`; the oldest give way, and are then looked for, and told as CCXT reads them.
 */
import type { Order, PrivateEvent } from "@tidewire/core"

const MOST = 10_000

interface Known {
  readonly venueOrderId?: string | undefined
  readonly asked?: Pick<Order.Request, "kind" | "triggerPrice">
}

export class KnownOrders {
  readonly #known = new Map<string, Known>()

  /** It is about to be sent. */
  ask({ clientOrderId, kind, triggerPrice }: Order.Request): void {
    if (triggerPrice !== undefined) this.#add(clientOrderId, { asked: { kind, triggerPrice } })
  }

  /** The exchange's id is known. */
  learn(clientOrderId: string, venueOrderId: string | undefined): void {
    if (venueOrderId !== undefined) this.#add(clientOrderId, { venueOrderId })
  }

  /** The exchange's id of an order. */
  idOf({ clientOrderId, venueOrderId }: Order.Reference): string | undefined {
    return venueOrderId ?? this.#known.get(clientOrderId)?.venueOrderId
  }

  /** An order that was told, as what it was asked for. */
  told(order: PrivateEvent.Order): PrivateEvent.Order {
    this.learn(order.clientOrderId, order.venueOrderId)
    const { asked } = this.#known.get(order.clientOrderId) ?? {}
    return asked === undefined ? order : { ...order, ...asked }
  }

  #add(clientOrderId: string, more: Known): void {
    this.#known.set(clientOrderId, { ...this.#known.get(clientOrderId), ...more })
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) break
      this.#known.delete(oldest)
    }
  }
}
