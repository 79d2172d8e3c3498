/**
 * The orders and fills of one account: joins what is told of them, journals it, and passes on what is new.
 *
 * Guarantees: an order's change is journalled before it is told, a fill is told once; nothing that an account tells is lost,
 * whoever's order it is. Bounded: orders that have not ended (by risk and the venue), the latest `MAX_ENDED` that have, the
 * latest `MAX_FILL_IDS` ids of fills, and `MAX_UNMATCHED` fills whose order is not known yet, beyond which the oldest is told
 * as it is.
 */
import type { PrivateEvent } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { Entry } from "./Journal.ts"
import type { Tell } from "./Notice.ts"
import * as OrderState from "./OrderState.ts"
import { TrackedOrder } from "./TrackedOrder.ts"

const MAX_ENDED = 1_000
const MAX_FILL_IDS = 20_000
const MAX_UNMATCHED = 1_000

export interface OrderStoreSetup {
  readonly venue: string
  readonly write: (entry: Entry) => void
  /** This order will not be asked for any more. */
  readonly forget: (clientOrderId: string) => void
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
  readonly tell: Tell
  /** Something was learnt of an order. */
  readonly onLearnt: (order: TrackedOrder) => void
  /** A fill was told that had not been. */
  readonly onFill: (fill: PrivateEvent.Fill) => void
}

export class OrderStore {
  /** Not ended, oldest first, by client order id. */
  readonly open = new Map<string, TrackedOrder>()
  /** When the latest fill of each symbol was, by the venue's clock where it tells. */
  readonly lastFills = new Map<string, number>()
  readonly #setup: OrderStoreSetup
  readonly #ended = new Map<string, TrackedOrder>()
  readonly #byVenueOrderId = new Map<string, TrackedOrder>()
  readonly #fillIds = new Set<string>()
  readonly #unmatched = new Map<string, PrivateEvent.Fill>()

  constructor(setup: OrderStoreSetup) {
    this.#setup = setup
  }

  get(clientOrderId: string): TrackedOrder | undefined {
    return this.open.get(clientOrderId) ?? this.#ended.get(clientOrderId)
  }

  /** An order of ours, which is journalled already. Gives it as it stands. */
  begin(intent: OrderState.Intent): TrackedOrder {
    const order = this.#track(intent.request.clientOrderId, intent.time)
    order.learn({ _tag: "Intent", intent })
    if (order.view !== undefined) this.#setup.emit(order.view)
    return order
  }

  learn(order: TrackedOrder, input: OrderState.Input): void {
    const before = order.status
    const wasEnded = order.isEnded
    if (order.learn(input) && order.view !== undefined) {
      this.#setup.write({ _tag: "Order", order: order.view })
      this.#setup.emit(order.view)
    }
    this.#index(order)
    if (wasEnded && !order.isEnded) this.#revised(order, before)
    if (order.isEnded && !wasEnded) this.#end(order)
    this.#setup.onLearnt(order)
  }

  /** The client order id that an order of the venue is known by; of those that have none it is the venue's. */
  idOf({ clientOrderId, symbol, venueOrderId }: PrivateEvent.Order): string {
    if (this.get(clientOrderId) !== undefined) return clientOrderId
    const known = this.#byVenue(symbol, venueOrderId)
    return known?.clientOrderId ?? (clientOrderId === "" ? (venueOrderId ?? "") : clientOrderId)
  }

  /** What is told of an order, by whatever way. Gives whether it was not known before. */
  onOrder(told: PrivateEvent.Order): boolean {
    const clientOrderId = this.idOf(told)
    const known = this.get(clientOrderId)
    const order = known ?? this.#track(clientOrderId, told.receivedTime)
    this.learn(order, { _tag: "Report", order: told })
    return known === undefined
  }

  /** Gives whether it is new. */
  onFill(told: PrivateEvent.Fill): boolean {
    const order = this.#orderOf(told)
    const isNew = !this.#fillIds.has(keyOf(told.symbol, told.id))
    if (isNew && order === undefined && told.clientOrderId === undefined && told.venueOrderId !== undefined) {
      this.#wait(told)
      return true
    }
    // it may have been told before its order was known, and then the order has still to count it
    const counts = order !== undefined && !order.state.fillIds.has(told.id)
    if (isNew) this.#tellFill(told, order)
    if (order !== undefined && counts) this.learn(order, { _tag: "Fill", fill: told })
    return isNew
  }

  /** Fills whose order was not found within this time are told as somebody else's. */
  release(beforeMs: number): void {
    for (const [key, told] of this.#unmatched) {
      if (told.receivedTime > beforeMs) continue
      this.#unmatched.delete(key)
      this.#tellFill(told, undefined)
    }
  }

  /** What an earlier process has left; it is neither journalled nor told again. */
  restore(entry: Entry): void {
    switch (entry._tag) {
      case "Intent": {
        const { strategy, time, request, venue } = entry
        const order = this.#track(request.clientOrderId, time)
        order.learn({ _tag: "Intent", intent: { time, venue, strategy, request } })
        return
      }
      case "Cancel":
        this.get(entry.clientOrderId)?.learn({ _tag: "CancelRequested", time: entry.time })
        return
      case "Order":
        return this.#restoreOrder(entry.order)
      case "Fill":
        this.#rememberFill(entry.fill)
        this.#orderOf(entry.fill)?.learn({ _tag: "Fill", fill: entry.fill })
        return
      default:
        return
    }
  }

  /** All is restored: what an earlier process has sent, and had no answer to, may be at the venue. */
  restored(time: number): void {
    for (const order of this.open.values()) {
      if (order.status === "sent") order.learn({ _tag: "OutcomeUnknown", time, reason: "the engine was restarted" })
    }
  }

  #restoreOrder(told: PrivateEvent.Order): void {
    const order = this.get(told.clientOrderId) ?? this.#track(told.clientOrderId, told.receivedTime)
    const { reason = "", receivedTime: time } = told
    // a rejection was perhaps only concluded; then the venue's word still counts
    order.learn(told.status === "rejected" ? { _tag: "Refused", time, reason } : { _tag: "Report", order: told })
    this.#index(order)
    if (order.isEnded && this.open.has(order.clientOrderId)) this.#end(order)
  }

  #track(clientOrderId: string, since: number): TrackedOrder {
    const order = new TrackedOrder(clientOrderId, since)
    this.open.set(clientOrderId, order)
    return order
  }

  #index(order: TrackedOrder): void {
    const { venueOrderId } = order.state
    if (venueOrderId === undefined || order.view === undefined) return
    const key = keyOf(order.view.symbol, venueOrderId)
    if (this.#byVenueOrderId.get(key) === order) return
    this.#byVenueOrderId.set(key, order)
    for (const [id, told] of this.#unmatched) {
      if (told.symbol !== order.view.symbol || told.venueOrderId !== venueOrderId) continue
      this.#unmatched.delete(id)
      this.onFill(told)
    }
  }

  #byVenue(symbol: string, venueOrderId: string | undefined): TrackedOrder | undefined {
    return venueOrderId === undefined ? undefined : this.#byVenueOrderId.get(keyOf(symbol, venueOrderId))
  }

  #orderOf(told: PrivateEvent.Fill): TrackedOrder | undefined {
    const named = told.clientOrderId === undefined ? undefined : this.get(told.clientOrderId)
    return named ?? this.#byVenue(told.symbol, told.venueOrderId)
  }

  #tellFill(told: PrivateEvent.Fill, order: TrackedOrder | undefined): void {
    const strategy = order?.view?.strategy
    const fill: PrivateEvent.Fill = {
      ...told,
      ...(order === undefined ? {} : { clientOrderId: order.clientOrderId }),
      ...(strategy === undefined ? {} : { strategy })
    }
    this.#rememberFill(fill)
    this.#setup.write({ _tag: "Fill", fill })
    this.#setup.onFill(fill)
    this.#setup.emit(fill)
  }

  #rememberFill(fill: PrivateEvent.Fill): void {
    const time = fill.exchangeTime ?? fill.receivedTime
    this.lastFills.set(fill.symbol, Math.max(time, this.lastFills.get(fill.symbol) ?? 0))
    this.#fillIds.add(keyOf(fill.symbol, fill.id))
    if (this.#fillIds.size > MAX_FILL_IDS) this.#fillIds.delete(oldest(this.#fillIds)!)
  }

  #wait(told: PrivateEvent.Fill): void {
    this.#unmatched.set(keyOf(told.symbol, told.id), told)
    if (this.#unmatched.size <= MAX_UNMATCHED) return
    const key = oldest(this.#unmatched.keys())!
    const released = this.#unmatched.get(key)!
    this.#unmatched.delete(key)
    this.#tellFill(released, undefined)
  }

  #end(order: TrackedOrder): void {
    this.open.delete(order.clientOrderId)
    this.#ended.set(order.clientOrderId, order)
    if (this.#ended.size <= MAX_ENDED) return
    const forgotten = this.#ended.get(oldest(this.#ended.keys())!)!
    this.#ended.delete(forgotten.clientOrderId)
    this.#setup.forget(forgotten.clientOrderId)
    const { venueOrderId } = forgotten.state
    if (venueOrderId !== undefined) this.#byVenueOrderId.delete(keyOf(forgotten.view?.symbol ?? "", venueOrderId))
  }

  /** The venue has what we took for never placed, or gone. */
  #revised(order: TrackedOrder, was: string): void {
    this.#ended.delete(order.clientOrderId)
    this.open.set(order.clientOrderId, order)
    this.#setup.tell({
      _tag: "Revised",
      level: "error",
      venue: this.#setup.venue,
      message: `Order ${order.clientOrderId} was taken for ${was}, and is ${order.status}.`,
      fields: { clientOrderId: order.clientOrderId }
    })
  }
}

/** What the venue says is filled of orders of ours and no fill has told: by symbol, since when it is to be asked for. */
export const missingFills = (orders: Iterable<TrackedOrder>): ReadonlyMap<string, number> => {
  const missing = new Map<string, number>()
  for (const order of orders) {
    const symbol = order.view?.symbol
    if (symbol === undefined || !order.isOurs || BigDecimal.isZero(OrderState.missing(order.state))) continue
    missing.set(symbol, Math.min(order.since, missing.get(symbol) ?? Number.POSITIVE_INFINITY))
  }
  return missing
}

const keyOf = (symbol: string, id: string): string => `${symbol} ${id}`

const oldest = <A>(items: Iterable<A>): A | undefined => {
  for (const item of items) return item
  return undefined
}
