/**
 * What orders that wait for a trigger waited for, by client order id: the orders they become do not know it.
 * Bounded: the oldest give way, and are then told as what they have become.
 */
import type { Amount, Order } from "@tidewire/core"

export interface Trigger {
  readonly kind: Order.Kind
  readonly triggerPrice: Amount.Amount | undefined
}

/** The venue allows 200 that wait at once. */
const MOST = 2_000

export class Triggers {
  readonly #known = new Map<string, Trigger>()

  of(clientOrderId: string): Trigger | undefined {
    return this.#known.get(clientOrderId)
  }

  remember(clientOrderId: string, trigger: Trigger): void {
    this.#known.delete(clientOrderId)
    this.#known.set(clientOrderId, trigger)
    if (this.#known.size <= MOST) return
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest)
      break
    }
  }
}
