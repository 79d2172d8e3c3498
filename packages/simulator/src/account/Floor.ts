/**
 * The trading floor: users' orders in the markets' books, against the participants and each other, and what follows for
 * wallets and positions. Guarantees price and time priority (a user's order stands behind what was there), that every fill
 * of a user is a public trade and every resting order is in the public book, and that nothing happens in a market without
 * users that would not have happened anyway.
 */
import type { Order as BookOrder, Owner, Side } from "../market/book.ts"
import type { Market, Matched } from "../market/market.ts"
import type { Account } from "./Account.ts"
import type { Change } from "./AccountEvent.ts"
import { walletOf } from "./AccountDefinition.ts"
import { payFunding } from "./funding.ts"
import { closable, isSpot, settleOf } from "./funds.ts"
import * as ledger from "./ledger.ts"
import { zero } from "./money.ts"
import { Refusal } from "./Refusal.ts"
import { termsOf } from "./terms.ts"
import { type Ending, isOver, left, type OrderRequest, type UserFill, type UserOrder } from "./UserOrder.ts"

const sideOf = ({ direction }: OrderRequest): Side => (direction === "buy" ? "bid" : "ask")
const opposite = ({ direction }: OrderRequest): Side => (direction === "buy" ? "ask" : "bid")

/** Users' orders of one market that are open, by where they stand in the book, and those that wait for a price. */
interface Pit {
  readonly resting: Map<BookOrder, UserOrder>
  readonly waiting: Set<UserOrder>
}

export class Floor {
  private readonly pits = new Map<Market, Pit>()
  private readonly accounts: () => Iterable<Account>
  private nextOrder: number
  private nextExecution = 1_372_540_060
  /** Whose order takes from a book at this moment. */
  private taker: Account | undefined
  /** Resting orders that lost their place while somebody took. */
  private readonly fallen = new Set<UserOrder>()

  /** `firstOrder`: beyond 32 bits, as the venues' are. */
  constructor(accounts: () => Iterable<Account>, firstOrder: number) {
    this.accounts = accounts
    this.nextOrder = firstOrder
  }

  execution(): number {
    return this.nextExecution++
  }

  /** Takes an order in. Throws `Refusal`; then nothing has happened. */
  place(account: Account, market: Market, request: OrderRequest): UserOrder {
    const pit = this.pit(market)
    const size = this.checkedSize(account, market, request)
    const order: UserOrder = {
      ...request,
      size,
      id: this.nextOrder++,
      account,
      market,
      status: request.trigger === undefined ? "open" : "untriggered",
      ending: undefined,
      filled: 0,
      worth: zero,
      fee: zero,
      resting: undefined,
      locked: undefined,
      createdAt: market.time,
      updatedAt: market.time,
      workingAt: request.trigger === undefined ? market.time : undefined,
      triggeredAt: undefined,
      amendments: 0,
      fills: []
    }
    if (order.trigger !== undefined) {
      if (this.isTriggered(order)) throw new Refusal("wouldTrigger")
      if (isSpot(market)) ledger.lock(order)
      account.keep(order)
      pit.waiting.add(order)
      this.tell(order, "new")
      this.settled(account, market, false)
      return order
    }
    const { refuses } = termsOf[market.definition.market]
    if (refuses !== "none" && order.lifetime === "postOnly" && this.wouldTake(order)) throw new Refusal("wouldTake")
    if (refuses === "both" && order.lifetime === "fok" && !this.canFill(order)) throw new Refusal("fokUnfilled")
    ledger.lock(order)
    account.keep(order)
    this.tell(order, "new")
    this.work(order)
    return order
  }

  /** Throws `Refusal` when it has ended. */
  cancel(order: UserOrder, requestId?: string): void {
    if (isOver(order)) throw new Refusal("notOpen")
    this.end(order, "cancelled", undefined, requestId)
    this.settled(order.account, order.market, false)
  }

  /** A new price or size, the whole order's. Smaller at the same price keeps its place, anything else loses it. */
  amend(order: UserOrder, change: { readonly price?: number; readonly size?: number }): void {
    const { account, market, resting } = order
    const price = change.price ?? order.price
    const size = change.size ?? order.size
    if (isOver(order)) throw new Refusal("notOpen")
    if (price === order.price && size === order.size) throw new Refusal("unchanged")
    const before = { price: order.price, size: order.size, locked: order.locked }
    if (size <= order.filled) {
      this.end(order, "cancelled", undefined)
      return this.settled(account, market, false)
    }
    if (resting !== undefined && price === order.price && size < order.size) {
      ledger.unlock(order)
      market.withdraw(resting, order.size - size)
      order.size = size
      ledger.relock(order)
    } else {
      if (order.lifetime === "postOnly" && this.wouldTake({ ...order, price })) throw new Refusal("wouldTake")
      ledger.unlock(order)
      Object.assign(order, { price, size })
      try {
        ledger.lock(order)
      } catch (cause) {
        Object.assign(order, before)
        ledger.relock(order)
        throw cause
      }
      if (resting !== undefined) this.leave(order)
    }
    order.amendments++
    order.updatedAt = market.time
    this.tell(order, "amended")
    if (order.status === "open" && order.resting === undefined) this.work(order)
    else this.settled(account, market, false)
  }

  /** Something has traded, or time has passed: orders that wait for a price may have found it. */
  look(market: Market): void {
    const pit = this.pits.get(market)
    if (pit === undefined) return
    for (const order of pit.waiting) {
      if (order.status === "untriggered" && this.isTriggered(order)) this.fire(order, pit)
    }
  }

  private pit(market: Market): Pit {
    const known = this.pits.get(market)
    if (known !== undefined) return known
    const pit: Pit = { resting: new Map(), waiting: new Set() }
    this.pits.set(market, pit)
    market.users = {
      matched: (matched) => {
        this.madeBy(market, matched)
        this.look(market)
      }
    }
    market.every(LOOK_MS, () => this.look(market))
    if (!isSpot(market)) {
      market.every(market.fundingMs, () => {
        for (const account of this.accounts()) payFunding(account, market, () => this.execution())
      })
    }
    return pit
  }

  /** The size that it may have: one that may only close is made to fit. */
  private checkedSize(account: Account, market: Market, request: OrderRequest): number {
    if (!request.reduceOnly || request.trigger !== undefined) return request.size
    const room = closable(account, market, request.direction, request.leg)
    if (room === 0) throw new Refusal("reduceOnly")
    return Math.min(request.size, room)
  }

  private isTriggered({ market, trigger }: UserOrder): boolean {
    if (trigger === undefined) return false
    const last = market.tape.trades.last()?.price ?? Math.round(market.participants.fair)
    const price = trigger.by === "last" ? last : Math.round(market.participants.fair)
    return trigger.when === "rises" ? price >= trigger.price : price <= trigger.price
  }

  private fire(order: UserOrder, pit: Pit): void {
    const { account, market } = order
    pit.waiting.delete(order)
    order.triggeredAt = order.updatedAt = market.time
    this.tell(order, "triggering")
    order.status = "open"
    try {
      order.size = this.checkedSize(account, market, { ...order, trigger: undefined })
      if (!isSpot(market)) ledger.lock(order)
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause
      this.end(order, "rejected", cause.reason === "reduceOnly" ? "reduceOnly" : "funds")
      return
    }
    order.workingAt = market.time
    this.tell(order, "triggered")
    this.work(order)
  }

  /** Takes what it may take; what is left rests or ends. */
  private work(order: UserOrder): void {
    const { account, lifetime, market } = order
    if (lifetime === "postOnly" && this.wouldTake(order)) return this.finish(order, "wouldTake")
    if (lifetime === "fok" && !this.canFill(order)) return this.finish(order, "fok")
    const owner = order.price !== undefined && lifetime !== "ioc" ? this.ownerOf(order) : undefined
    const { matched, resting } = this.enter(order, owner)
    if (resting !== undefined) {
      order.resting = resting
      this.pit(market).resting.set(resting, order)
    }
    for (const { trade } of matched) this.fill(order, trade, false)
    this.madeBy(market, matched)
    if (!isOver(order) && order.resting === undefined) {
      this.end(order, "expired", order.price === undefined ? "noLiquidity" : "unfilled")
    }
    this.settled(account, market, matched.length > 0)
    this.look(market)
  }

  private finish(order: UserOrder, ending: Ending): void {
    this.end(order, "expired", ending)
    this.settled(order.account, order.market, false)
  }

  /** Takes and rests, or rests at once. */
  private enter(order: UserOrder, owner: Owner | undefined): ReturnType<Market["takeBy"]> {
    const { account, market, price } = order
    if (this.wouldTake(order)) {
      this.taker = account
      const entered = market.takeBy(opposite(order), left(order), price, owner)
      this.taker = undefined
      return entered
    }
    const isResting = owner !== undefined && price !== undefined
    return { matched: [], resting: isResting ? market.rest(sideOf(order), price, left(order), owner) : undefined }
  }

  private ownerOf(order: UserOrder): Owner {
    const { account, market } = order
    return {
      room: () => {
        if (this.taker === account && termsOf[market.definition.market].expiresOwnMaker) return 0
        const rest = left(order) - this.unsettled(order)
        if (!order.reduceOnly) return rest
        return Math.min(rest, closable(account, market, order.direction, order.leg) - this.closing(order))
      },
      matched: (size) => void this.matching.set(order, this.unsettled(order) + size),
      removed: () => void this.fallen.add(order)
    }
  }

  /** Steps filled in the sweep of this moment that are not in the ledger yet. */
  private readonly matching = new Map<UserOrder, number>()

  private unsettled(order: UserOrder): number {
    return this.matching.get(order) ?? 0
  }

  /** By all orders of the same account and leg. */
  private closing({ account, direction, leg, market }: UserOrder): number {
    let sum = 0
    for (const [order, size] of this.matching) {
      if (order.account === account && order.market === market && order.leg === leg && order.direction === direction)
        sum += size
    }
    return sum
  }

  /** Enters the fills of resting orders, and ends those that lost their place. */
  private madeBy(market: Market, matched: ReadonlyArray<Matched>): void {
    const pit = this.pit(market)
    const touched = new Map<Account, boolean>()
    for (const { maker, trade } of matched) {
      const order = pit.resting.get(maker)
      if (order === undefined) continue
      this.fill(order, trade, true)
      touched.set(order.account, true)
    }
    this.matching.clear()
    for (const order of this.fallen) {
      this.fallen.delete(order)
      if (order.resting !== undefined) pit.resting.delete(order.resting)
      order.resting = undefined
      if (isOver(order)) continue
      this.end(order, "expired", order.reduceOnly ? "reduceOnly" : "ownMaker")
      touched.set(order.account, touched.get(order.account) ?? false)
    }
    for (const [account, isFilled] of touched) this.settled(account, market, isFilled)
  }

  private fill(order: UserOrder, trade: Matched["trade"], isMaker: boolean): void {
    const { account, market } = order
    const fill = ledger.enter(order, trade, isMaker, this.execution())
    if (order.status === "filled") {
      if (order.resting !== undefined) this.pit(market).resting.delete(order.resting)
      order.resting = undefined
    }
    this.tell(order, "trade", { fill, executionId: fill.executionId })
    account.retire(order)
  }

  private end(
    order: UserOrder,
    status: "cancelled" | "expired" | "rejected",
    ending: Ending | undefined,
    requestId?: string
  ): void {
    this.leave(order)
    this.pit(order.market).waiting.delete(order)
    ledger.unlock(order)
    order.status = status
    order.ending = ending
    order.updatedAt = order.market.time
    this.tell(order, status, requestId === undefined ? {} : { requestId })
    order.account.retire(order)
  }

  /** Out of the book. */
  private leave(order: UserOrder): void {
    const { market, resting } = order
    if (resting === undefined) return
    this.pit(market).resting.delete(resting)
    order.resting = undefined
    market.withdraw(resting)
  }

  /** Tells what the account has now, and makes orders fit that may only close. */
  private settled(account: Account, market: Market, isFilled: boolean): void {
    const { definition } = market
    const assets = isSpot(market) ? [definition.base, definition.quote] : [settleOf(market)]
    const positions = isSpot(market)
      ? []
      : account.positionsOf(definition.market).filter((each) => each.market === market)
    account.tell({
      type: "account",
      reason: "order",
      isFilled,
      wallet: walletOf[definition.market],
      market: definition.market,
      assets,
      positions,
      time: market.time
    })
    for (const order of account.openOrders(definition.market, definition.symbol)) {
      if (!order.reduceOnly || order.status !== "open") continue
      const room = closable(account, market, order.direction, order.leg)
      if (room === 0) this.end(order, "expired", "reduceOnly")
      else if (room < left(order)) this.shorten(order, left(order) - room)
    }
  }

  private shorten(order: UserOrder, by: number): void {
    if (order.resting !== undefined) order.market.withdraw(order.resting, by)
    order.size -= by
    this.tell(order, "amended")
  }

  private wouldTake(order: OrderRequest & { readonly market: Market }): boolean {
    const best = order.market.book.of(opposite(order)).best()
    if (best === undefined) return false
    return order.price === undefined || (order.direction === "buy" ? order.price >= best : order.price <= best)
  }

  private canFill(order: UserOrder): boolean {
    let there = 0
    for (const [price, size] of order.market.book.top(opposite(order), Infinity)) {
      if (order.price !== undefined && (order.direction === "buy" ? price > order.price : price < order.price)) break
      there += size
    }
    for (const [place, own] of this.pit(order.market).resting) {
      const isOwn = own.account === order.account && termsOf[order.market.definition.market].expiresOwnMaker
      if (isOwn && place.side === opposite(order)) there -= place.size
    }
    return there >= left(order)
  }

  private tell(
    order: UserOrder,
    change: Change,
    more: { readonly fill?: UserFill; readonly requestId?: string; readonly executionId?: number } = {}
  ): void {
    order.account.tell({
      type: "order",
      change,
      order,
      executionId: more.executionId ?? this.execution(),
      time: order.market.time,
      ...more
    })
  }
}

/** How often orders that wait for the mark price are looked at, when nothing trades. */
const LOOK_MS = 1_000
