/**
 * An order that the desk follows: what is known of it, and what is being done about it.
 */
import { Amount, type Order, type PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as OrderState from "./OrderState.ts"

export class TrackedOrder {
  readonly clientOrderId: string
  /** When it was asked for, or when we first heard of it; epoch ms. */
  readonly since: number
  state: OrderState.OrderState
  /** As it was told last; `undefined` while nothing says what it is. */
  view: PrivateEvent.Order | undefined
  /** What may still be filled, as far as is known; kept because risk sums it up before every order. */
  remaining: BigDecimal.BigDecimal = BigDecimal.make(0n, 0)
  isCancelling = false
  /** Something was refused or not answered, so what it is must be asked. */
  isDoubtful = false
  /** On its way, or taken in by the venue and not yet seen in what it tells of the order. */
  amendment: Order.Amendment | undefined

  constructor(clientOrderId: string, since: number) {
    this.clientOrderId = clientOrderId
    this.since = since
    this.state = OrderState.make(clientOrderId)
  }

  /** Takes an input in. Gives whether anything that is told has changed. */
  learn(input: OrderState.Input): boolean {
    this.state = OrderState.next(this.state, input)
    const view = OrderState.view(this.state)
    const isChanged = view !== undefined && (this.view === undefined || !isSame(this.view, view))
    if (isChanged) this.view = view
    if (view !== undefined && isAmended(view, this.amendment)) this.amendment = undefined
    this.#measure()
    return isChanged
  }

  amending(amendment: Order.Amendment | undefined): void {
    this.amendment = amendment
    this.#measure()
  }

  get status(): Order.Status {
    return OrderState.status(this.state).status
  }

  get isEnded(): boolean {
    return OrderState.isEnded(this.state)
  }

  /** It was placed by an engine, so it has an intent. */
  get isOurs(): boolean {
    return this.state.intent !== undefined
  }

  /** The venue must be asked what it is. */
  get needsLookup(): boolean {
    if (this.isEnded) return false
    const { status } = this
    return this.isDoubtful || status === "unknown" || (status === "open" && BigDecimal.isZero(this.remaining))
  }

  reference(symbol: string): Order.Reference {
    const { venueOrderId } = this.state
    return { symbol, clientOrderId: this.clientOrderId, ...(venueOrderId === undefined ? {} : { venueOrderId }) }
  }

  #measure(): void {
    const remaining = OrderState.remaining(this.state)
    const amended = this.amendment?.size === undefined ? undefined : Amount.read(this.amendment.size)
    this.remaining =
      amended === undefined || this.isEnded
        ? remaining
        : BigDecimal.max(remaining, BigDecimal.subtract(amended, OrderState.filled(this.state)))
  }
}

/** It has what was asked for. */
const isAmended = (view: PrivateEvent.Order, amendment: Order.Amendment | undefined): boolean =>
  amendment !== undefined &&
  (amendment.price === undefined || amendment.price === view.price) &&
  (amendment.size === undefined || amendment.size === view.size)

const told = [
  "status",
  "filled",
  "averagePrice",
  "price",
  "size",
  "triggerPrice",
  "venueOrderId",
  "reason",
  "strategy"
] as const

/** The same but for its stamps. */
const isSame = (left: PrivateEvent.Order, right: PrivateEvent.Order): boolean =>
  told.every((key) => left[key] === right[key])
