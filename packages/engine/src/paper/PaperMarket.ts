/**
 * One instrument of a paper venue: what the market shows, and our orders that rest in it. Says which orders are filled, how
 * much and at what price; booking it is the venue's business.
 *
 * Guarantees: nothing is filled but at a price that the market has shown or traded at, or better for us than that; an order
 * that rests is filled at its own price; better prices before worse ones, then who came first; a public trade fills no more
 * than its size.
 */
import { Decimal, type Event, type Instrument, type Order } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import type { Displayed } from "./Displayed.ts"
import type { Liquidity } from "./Fees.ts"
import type { PaperOrder } from "./PaperOrder.ts"
import type { QueuePosition } from "./QueuePosition.ts"

export interface MarketReport {
  readonly fill: (
    order: PaperOrder,
    size: BigDecimal.BigDecimal,
    price: BigDecimal.BigDecimal,
    liquidity: Liquidity
  ) => void
  /** Its trigger was reached: it enters the market. */
  readonly triggered: (order: PaperOrder) => void
}

/** Differences of floats have an error in their last digits, which is not to cost a lot. */
const exact = (value: number): BigDecimal.BigDecimal =>
  BigDecimal.fromStringUnsafe(Decimal.format(Number(value.toPrecision(12))))

export class PaperMarket {
  readonly displayed: Displayed
  readonly #queue: QueuePosition
  readonly #report: MarketReport
  #lot: BigDecimal.BigDecimal
  /** Best price first, then by arrival; those that wait for a trigger among the others' end. */
  #orders: Array<PaperOrder> = []

  constructor(instrument: Instrument.Instrument, displayed: Displayed, queue: QueuePosition, report: MarketReport) {
    this.displayed = displayed
    this.#queue = queue
    this.#report = report
    this.#lot = BigDecimal.fromStringUnsafe(instrument.lotSize)
  }

  /** The instrument is listed anew, perhaps with another lot. */
  relist({ lotSize }: Instrument.Instrument): void {
    this.#lot = BigDecimal.fromStringUnsafe(lotSize)
  }

  get orders(): ReadonlyArray<PaperOrder> {
    return this.#orders
  }

  trade({ price, side, size }: Event.Trade): void {
    this.displayed.last = price
    if (this.#orders.length === 0) return
    const makers = side === "sell" ? "buy" : "sell"
    let served = 0
    for (const order of this.#resting(makers)) {
      if (isBetter(makers, price, order.price!)) continue
      let left = size - served
      if (order.price === price) {
        const before = order.ahead
        order.ahead = Math.max(0, before - size)
        order.shown = Math.max(0, order.shown - size)
        left = size - before - served
      }
      served += this.#serve(order, left)
    }
    this.#trigger(price)
    this.#tidy()
  }

  quote(quote: Event.Quote): void {
    this.displayed.quote(quote)
    if (this.#orders.length === 0) return
    for (const order of this.#resting()) {
      const [best, size] = order.side === "buy" ? [quote.bid, quote.bidSize] : [quote.ask, quote.askSize]
      if (best === order.price) this.#moved(order, size)
    }
    this.#cross()
  }

  book(book: Event.Book): void {
    this.displayed.changed(book)
    if (this.#orders.length === 0) return
    for (const order of this.#resting()) {
      if (book.kind === "snapshot") this.#moved(order, this.displayed.resting(order.side, order.price!))
      else {
        const level = (order.side === "buy" ? book.bids : book.asks).find(([price]) => price === order.price)
        if (level !== undefined) this.#moved(order, level[1])
      }
    }
    this.#cross()
  }

  /** What can be taken now, in exact numbers and whole lots. */
  take(order: PaperOrder): void {
    const { side } = order
    for (const [price, size] of this.displayed.offers(side, order.price) ?? []) {
      if (!order.isOpen) return
      const taken = this.#wholeLots(BigDecimal.min(exact(size), order.remaining))
      if (BigDecimal.isZero(taken)) continue
      this.displayed.take(side, price, BigDecimal.toNumberUnsafe(taken))
      this.#report.fill(order, taken, exact(price), "taker")
    }
  }

  /** An order waits from now on: for a trade, or for its trigger. */
  add(order: PaperOrder): void {
    if (order.isTriggered) {
      order.shown = this.displayed.resting(order.side, order.price!)
      order.ahead = this.#queue.join(order.shown)
    }
    const before = this.#orders.findIndex((each) => precedes(order, each))
    this.#orders.splice(before === -1 ? this.#orders.length : before, 0, order)
  }

  remove(order: PaperOrder): void {
    this.#orders = this.#orders.filter((each) => each !== order)
  }

  #resting(side?: Order.Side): ReadonlyArray<PaperOrder> {
    return this.#orders.filter((order) => order.rests && (side === undefined || order.side === side))
  }

  /** The level of an order was told with another size. */
  #moved(order: PaperOrder, after: number): void {
    order.ahead = this.#queue.changed(order.ahead, order.shown, after)
    order.shown = after
  }

  /** The market has come to the other side of orders that rest: they were met on its way. */
  #cross(): void {
    for (const order of this.#resting()) {
      if (!this.displayed.crosses(order.side, order.price!)) continue
      for (const [price, size] of this.displayed.offers(order.side, order.price) ?? []) {
        const served = this.#serve(order, size)
        if (served > 0) this.displayed.take(order.side, price, served)
      }
    }
    this.#tidy()
  }

  /** Fills a resting order with at most this; gives with how much. */
  #serve(order: PaperOrder, most: number): number {
    if (!(most > 0) || !order.isOpen) return 0
    const size = this.#wholeLots(BigDecimal.min(exact(most), order.remaining))
    if (BigDecimal.isZero(size)) return 0
    this.#report.fill(order, size, BigDecimal.fromStringUnsafe(order.request.price!), "maker")
    return BigDecimal.toNumberUnsafe(size)
  }

  #trigger(last: number): void {
    for (const order of this.#orders.filter((each) => each.isOpen && !each.isTriggered)) {
      if (!isReached(order, last)) continue
      this.remove(order)
      this.#report.triggered(order)
    }
  }

  #wholeLots(size: BigDecimal.BigDecimal): BigDecimal.BigDecimal {
    return BigDecimal.subtract(size, BigDecimal.remainderUnsafe(size, this.#lot))
  }

  #tidy(): void {
    if (this.#orders.some((order) => !order.isOpen)) this.#orders = this.#orders.filter((order) => order.isOpen)
  }
}

/** Whether the first price is better to be a maker at than the second: an order at the second is not met there. */
const isBetter = (side: Order.Side, price: number, than: number): boolean =>
  side === "buy" ? price > than : price < than

const precedes = (order: PaperOrder, other: PaperOrder): boolean =>
  order.rests && (!other.rests || (order.side === other.side && isBetter(order.side, order.price!, other.price!)))

/** A stop follows the price against it, a take-profit one in its favour. */
export const isReached = ({ request: { kind, side }, triggerPrice }: PaperOrder, last: number): boolean => {
  if (last === 0 || triggerPrice === undefined) return false
  const onTheWayUp = (kind === "stop") === (side === "buy")
  return onTheWayUp ? last >= triggerPrice : last <= triggerPrice
}
