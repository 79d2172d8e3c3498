/**
 * Order entry of a paper venue: what is asked for, judged and put into its market, and what becomes of it.
 *
 * Guarantees: an order holds what it may cost until it ends; one that is reduce-only is never larger than the position, also
 * when that has become smaller since. At most `MOST_OPEN` orders are open, the latest `MOST_ENDED` that ended are remembered.
 */
import { Amount, type Instrument, type Order, type OrderBook, type PrivateEvent, type Trading } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import { Displayed } from "./Displayed.ts"
import type { Liquidity } from "./Fees.ts"
import type { PaperAccount } from "./PaperAccount.ts"
import { type Answer, done, type PaperLine, refused } from "./PaperLine.ts"
import { isReached, PaperMarket } from "./PaperMarket.ts"
import { PaperOrder } from "./PaperOrder.ts"
import type { QueuePosition } from "./QueuePosition.ts"

const MOST_OPEN = 10_000
const MOST_ENDED = 10_000

const ZERO = BigDecimal.fromBigInt(0n)

export interface PaperOrdersSetup {
  readonly instrument: (symbol: string) => Instrument.Instrument | undefined
  readonly book: (symbol: string) => OrderBook.BookView | undefined
  readonly queue: QueuePosition
  readonly account: PaperAccount
  readonly line: PaperLine
}

export class PaperOrders {
  readonly #setup: PaperOrdersSetup
  readonly #markets = new Map<string, PaperMarket>()
  readonly #open = new Map<string, PaperOrder>()
  readonly #ended = new Map<string, PaperOrder>()

  constructor(setup: PaperOrdersSetup) {
    this.#setup = setup
  }

  /** `undefined` where no such instrument is listed. */
  market(symbol: string): PaperMarket | undefined {
    const known = this.#markets.get(symbol)
    if (known !== undefined) return known
    const instrument = this.#setup.instrument(symbol)
    if (instrument === undefined) return undefined
    const displayed = new Displayed(() => this.#setup.book(symbol))
    const market = new PaperMarket(instrument, displayed, this.#setup.queue, {
      fill: (order, size, price, liquidity) => this.#filled(order, size, price, liquidity),
      triggered: (order) => this.#triggered(order)
    })
    this.#markets.set(symbol, market)
    return market
  }

  get({ clientOrderId }: Order.Reference): PrivateEvent.Order | undefined {
    const order = this.#open.get(clientOrderId) ?? this.#ended.get(clientOrderId)
    return order === undefined ? this.#setup.account.expired.get(clientOrderId) : this.#told(order)
  }

  open(symbols: ReadonlyArray<string>): ReadonlyArray<PrivateEvent.Order> {
    return this.#openOf(symbols).map((each) => this.#told(each))
  }

  submit(request: Order.Request): Answer<Trading.Accepted> {
    const { clientOrderId, symbol } = request
    const market = this.market(symbol)
    const instrument = this.#setup.instrument(symbol)
    if (market === undefined || instrument === undefined) return refused("instrument", `no instrument ${symbol}`)
    market.relist(instrument)
    if (this.get({ clientOrderId, symbol }) !== undefined) {
      return refused("duplicate", `client order id ${clientOrderId} was used before`)
    }
    if (this.#open.size >= MOST_OPEN) return refused("full", `${MOST_OPEN} orders are open`)
    const order = new PaperOrder(request, instrument, this.#setup.account.nextOrderId())
    if (!order.isTriggered && isReached(order, market.displayed.last)) {
      return refused("trigger", "it would be triggered at once")
    }
    const problem = order.isTriggered ? this.#problem(market, order) : undefined
    if (problem !== undefined) return problem
    this.#open.set(clientOrderId, order)
    this.#tell(order)
    this.#tellHeld(order)
    if (order.isTriggered) this.#enter(market, order)
    else market.add(order)
    return done({ venueOrderId: order.venueOrderId })
  }

  amend({ clientOrderId, price, size }: Order.Amendment): Answer<void> {
    const order = this.#open.get(clientOrderId)
    if (order === undefined) return refused("gone", "no open order of this id")
    if (order.price === undefined && price !== undefined) {
      return refused("instrument", "an order without a price stays without")
    }
    const wanted = size === undefined ? undefined : BigDecimal.fromStringUnsafe(size)
    if (wanted !== undefined && BigDecimal.isLessThanOrEqualTo(wanted, order.filled)) {
      return refused("instrument", `${Amount.write(order.filled)} of it is filled`)
    }
    const market = this.market(order.request.symbol)!
    const before = order.asked
    const keepsPlace = price === undefined && wanted !== undefined && BigDecimal.isLessThan(wanted, order.size)
    this.#release(order)
    order.change(price, size)
    const problem = order.isTriggered ? this.#problem(market, order) : undefined
    if (problem !== undefined) {
      order.restore(before)
      this.#hold(order)
      return problem
    }
    this.#tell(order)
    this.#tellHeld(order)
    if (!keepsPlace) {
      market.remove(order)
      if (order.isTriggered) this.#enter(market, order)
      else market.add(order)
    }
    return done(undefined)
  }

  cancel({ clientOrderId, symbol }: Order.Reference): Answer<void> {
    const order = this.#open.get(clientOrderId)
    if (order !== undefined) this.#end(order, "cancelled", undefined)
    else if (this.get({ clientOrderId, symbol }) === undefined) return refused("gone", "no order of this id")
    return done(undefined)
  }

  cancelAll(symbols: ReadonlyArray<string>): Answer<void> {
    for (const order of this.#openOf(symbols)) this.#end(order, "cancelled", undefined)
    return done(undefined)
  }

  #openOf(symbols: ReadonlyArray<string>): ReadonlyArray<PaperOrder> {
    return [...this.#open.values()].filter((each) => symbols.includes(each.request.symbol))
  }

  /** Why an order cannot enter the market; takes what it needs of the account when it can. */
  #problem(market: PaperMarket, order: PaperOrder) {
    const { instrument, remaining, request, side } = order
    if (request.reduceOnly === true && !this.#clip(order)) {
      return refused("reduceOnly", "there is nothing to reduce")
    }
    const offers = market.displayed.offers(side, order.price)
    if (request.timeInForce === "postOnly" && (offers?.length ?? 0) > 0) {
      return refused("postOnly", "it would take at once")
    }
    if (offers === undefined && order.mustTake) return refused("noMarket", "the market is not shown")
    const worst =
      request.price ?? Amount.canonicalOf(String(worstOf(offers ?? [], BigDecimal.toNumberUnsafe(remaining))))
    if (worst === undefined || Number(worst) === 0) return refused("noMarket", "nothing is offered")
    const { wallet } = this.#setup.account
    const others = this.#openOnSide(order)
    const hold = wallet.cost(instrument, side, order.remaining, BigDecimal.fromStringUnsafe(worst), others)
    if (!wallet.hold(hold)) {
      const [needed, free] = [Amount.write(hold.amount), Amount.write(wallet.free(hold.asset))]
      return refused("funds", `not enough ${hold.asset}: ${needed} needed, ${free} free`)
    }
    order.held = hold
    return undefined
  }

  /** Makes a reduce-only order no larger than what it can reduce; false when that is nothing. */
  #clip(order: PaperOrder): boolean {
    const held = this.#setup.account.wallet.position(order.request.symbol).size
    if (BigDecimal.sign(held) !== (order.side === "buy" ? -1 : 1)) return false
    order.size = BigDecimal.min(order.size, BigDecimal.sum(order.filled, BigDecimal.abs(held)))
    return true
  }

  /** What other orders that rest on its side may still be filled with. */
  #openOnSide(order: PaperOrder): BigDecimal.BigDecimal {
    let size = ZERO
    if (order.instrument.kind === "spot") return size
    for (const other of this.market(order.request.symbol)!.orders) {
      if (other !== order && other.rests && other.side === order.side) size = BigDecimal.sum(size, other.remaining)
    }
    return size
  }

  #enter(market: PaperMarket, order: PaperOrder): void {
    const { timeInForce } = order.request
    if (timeInForce === "fok") {
      const offered = (market.displayed.offers(order.side, order.price) ?? []).reduce((sum, [, size]) => sum + size, 0)
      if (offered < BigDecimal.toNumberUnsafe(order.size)) {
        return this.#end(order, "expired", "not all of it was offered")
      }
    }
    if (timeInForce !== "postOnly") market.take(order)
    if (!order.isOpen) return
    if (order.mustTake) return this.#end(order, "expired", "no more was offered")
    market.add(order)
  }

  #triggered(order: PaperOrder): void {
    const market = this.market(order.request.symbol)!
    order.isTriggered = true
    const problem = this.#problem(market, order)
    if (problem !== undefined) return this.#end(order, "expired", problem.reason.message)
    this.#tell(order)
    this.#tellHeld(order)
    this.#enter(market, order)
  }

  #filled(order: PaperOrder, size: BigDecimal.BigDecimal, price: BigDecimal.BigDecimal, liquidity: Liquidity): void {
    const { account, line } = this.#setup
    const { symbol } = order.request
    this.#release(order)
    order.fill(order.side === "buy" ? size : BigDecimal.negate(size), price)
    const { assets, fill } = account.fill(order, size, price, liquidity)
    if (order.isOpen) this.#hold(order)
    line.tell(fill)
    this.#tell(order)
    if (!order.isOpen) this.#bury(order)
    if (order.instrument.kind !== "spot") {
      this.#reduce(symbol)
      line.tell(account.position(symbol))
    }
    for (const asset of assets) line.tell(account.balance(asset))
  }

  /** The position has changed: what may only reduce it is made as small, or ends; and what others need is kept anew. */
  #reduce(symbol: string): void {
    for (const order of this.#open.values()) {
      if (order.request.symbol !== symbol || !order.isTriggered) continue
      this.#release(order)
      this.#hold(order)
      if (order.request.reduceOnly !== true) continue
      const before = order.size
      if (!this.#clip(order)) this.#end(order, "expired", "there is nothing left to reduce")
      else if (!BigDecimal.equals(before, order.size)) this.#tell(order)
    }
  }

  #end(order: PaperOrder, status: "cancelled" | "expired", reason: string | undefined): void {
    order.status = status
    order.reason = reason
    this.market(order.request.symbol)!.remove(order)
    const { held } = order
    this.#release(order)
    this.#bury(order)
    this.#tell(order)
    this.#tellHeld(order, held)
  }

  #bury(order: PaperOrder): void {
    this.#open.delete(order.request.clientOrderId)
    this.#ended.set(order.request.clientOrderId, order)
    if (this.#ended.size > MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!)
  }

  #release(order: PaperOrder): void {
    if (order.held !== undefined) this.#setup.account.wallet.release(order.held)
    order.held = undefined
  }

  /** Keeps what the rest of an order that was there before may cost: it is not refused. */
  #hold(order: PaperOrder): void {
    const { instrument, remaining, request, side } = order
    if (request.price === undefined || !order.isTriggered) return
    const { wallet } = this.#setup.account
    const price = BigDecimal.fromStringUnsafe(request.price)
    const hold = wallet.cost(instrument, side, remaining, price, this.#openOnSide(order))
    if (wallet.hold(hold)) order.held = hold
  }

  #tell(order: PaperOrder): void {
    this.#setup.line.tell(this.#told(order))
  }

  /** On spot the venue tells of a balance when an order begins or ceases to hold some of it. */
  #tellHeld({ held, instrument }: PaperOrder, what = held): void {
    if (what === undefined || instrument.kind !== "spot") return
    this.#setup.line.tell(this.#setup.account.balance(what.asset))
  }

  #told(order: PaperOrder): PrivateEvent.Order {
    return order.told(this.#setup.line.stamps())
  }
}

/** The worst price that an order of this size would be filled at; 0 when nothing is offered. */
const worstOf = (offers: ReadonlyArray<readonly [number, number]>, size: number): number => {
  let left = size
  let worst = 0
  for (const [price, offered] of offers) {
    if (left <= 0) break
    worst = price
    left -= offered
  }
  return worst
}
