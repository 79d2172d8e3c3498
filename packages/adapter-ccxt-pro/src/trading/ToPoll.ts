/**
 * What of an account has to be asked for because CCXT does not watch it there: which orders are open as far as is known, and
 * of which symbols fills may be due.
 *
 * Guarantees: at most `MOST` orders and ids of fills; the oldest give way.
 */
import { Order, type PrivateEvent } from "@tidewire/core"

const MOST = 10_000

/** Rounds in which an order may be in no list, or a fill may not be there yet, before nobody asks for it any more. */
const PATIENCE = 5

interface Open {
  readonly reference: Order.Reference
  /** What was told of it last, without its stamps. */
  readonly told: string | undefined
  readonly missed: number
}

/** Lets the oldest go. */
const trim = <Key>(entries: { readonly size: number; keys(): Iterable<Key>; delete(key: Key): boolean }): void => {
  for (const oldest of entries.keys()) {
    if (entries.size <= MOST) break
    entries.delete(oldest)
  }
}

export class ToPoll {
  readonly #open = new Map<string, Open>()
  /** By symbol, rounds in which its fills are still asked for. */
  readonly #due = new Map<string, number>()
  readonly #fills = new Set<string>()

  /** An order is about to be sent. */
  ask({ clientOrderId, symbol }: Order.Reference): void {
    this.#add({ reference: { clientOrderId, symbol }, told: undefined, missed: 0 })
  }

  /** It is known that it never arrived. */
  forget({ clientOrderId }: Order.Reference): void {
    this.#open.delete(clientOrderId)
  }

  /** An order was told or read; `false` when that is what is known of it already. */
  order(event: PrivateEvent.Order): boolean {
    const { clientOrderId, filled, status, symbol, venueOrderId } = event
    const { exchangeTime: _, receivedTime: __, ...terms } = event
    const told = JSON.stringify(terms)
    const isNew = this.#open.get(clientOrderId)?.told !== told
    if (isNew && filled !== "0") this.#due.set(symbol, PATIENCE)
    if (Order.isEnded(status)) this.#open.delete(clientOrderId)
    else {
      const reference = { clientOrderId, symbol, ...(venueOrderId !== undefined && { venueOrderId }) }
      this.#add({ reference, told, missed: 0 })
    }
    return isNew
  }

  /** An order was read by somebody else; one that is open and not known is asked for from now on. */
  seen(event: PrivateEvent.Order): void {
    if (!this.#open.has(event.clientOrderId)) this.order(event)
  }

  /** A fill was told or read; `false` when it was before. */
  fill({ id, symbol }: PrivateEvent.Fill): boolean {
    const key = `${symbol} ${id}`
    if (this.#fills.has(key)) return false
    this.#fills.add(key)
    trim(this.#fills)
    return true
  }

  /** An order was nowhere: it is asked for some more times. */
  missed({ clientOrderId }: Order.Reference): void {
    const open = this.#open.get(clientOrderId)
    if (open === undefined) return
    if (open.missed + 1 >= PATIENCE) this.#open.delete(clientOrderId)
    else this.#open.set(clientOrderId, { ...open, missed: open.missed + 1 })
  }

  /** The symbols with orders that are open. */
  get symbols(): ReadonlyArray<string> {
    return [...new Set([...this.#open.values()].map(({ reference }) => reference.symbol))]
  }

  openOf(symbol: string): ReadonlyArray<Order.Reference> {
    return [...this.#open.values()].flatMap(({ reference }) => (reference.symbol === symbol ? [reference] : []))
  }

  /** The symbols of which fills are asked for in this round. */
  takeDue(): ReadonlyArray<string> {
    const symbols = [...this.#due.keys()]
    for (const [symbol, rounds] of this.#due) {
      if (rounds <= 1) this.#due.delete(symbol)
      else this.#due.set(symbol, rounds - 1)
    }
    return symbols
  }

  #add(open: Open): void {
    this.#open.set(open.reference.clientOrderId, open)
    trim(this.#open)
  }
}
