/**
 * A venue that trades on paper: the trading contract of `Trading`, filled from the events of a real market as they are told to
 * `market`. The engine knows no difference.
 *
 * Guarantees: deterministic: the same events and requests at the same times of the time line give the same events, to the
 * byte; everything happens on the time line, orders after the latency out, their answers and events after the latency back, in
 * the order they happened. At most `MOST_OPEN` orders are open, and the latest `MOST_ENDED` that ended can be asked for.
 *
 * Assumptions: our orders do not move the market; the models (`Latency`, `Fees`, `QueuePosition`) say theirs. A market that is
 * not shown (no live book, no quote) fills nothing: orders that rest stay, orders that must take are refused.
 */
import {
  Amount,
  type Event,
  type Instrument,
  type Order,
  type OrderBook,
  type PrivateEvent,
  type Trading,
  VenueError
} from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as HoldingOf from "../Holding.ts"
import type { TimeLine } from "../TimeLine.ts"
import { Displayed } from "./Displayed.ts"
import type { Fees, Liquidity } from "./Fees.ts"
import type { Latency } from "./Latency.ts"
import { isReached, PaperMarket } from "./PaperMarket.ts"
import { PaperOrder } from "./PaperOrder.ts"
import type { QueuePosition } from "./QueuePosition.ts"
import { Wallet } from "./Wallet.ts"

const MOST_OPEN = 10_000
const MOST_ENDED = 10_000
const MOST_FILLS = 100_000

export interface PaperOptions {
  /** The configured name of the venue whose market it is. */
  readonly venue: string
  readonly timeLine: TimeLine
  readonly instrument: (symbol: string) => Instrument.Instrument | undefined
  /** The checked book, where one is subscribed. */
  readonly book: (symbol: string) => OrderBook.BookView | undefined
  readonly balances: Readonly<Record<string, Amount.Amount>>
  readonly latency: Latency
  readonly fees: Fees
  readonly queue: QueuePosition
  /** Of contracts: what a position is worth by the margin it needs. */
  readonly leverage: number
}

type Answer<A> =
  | { readonly _tag: "Done"; readonly value: A }
  | { readonly _tag: "Refused"; readonly reason: VenueError.Reason }

const done = <A>(value: A): Answer<A> => ({ _tag: "Done", value })
const refused = (message: string, code: number): Answer<never> => ({
  _tag: "Refused",
  reason: new VenueError.OrderRejected({ message, code })
})

/** Codes of this venue's refusals. */
const code = {
  instrument: 1,
  duplicate: 2,
  funds: 3,
  noMarket: 4,
  postOnly: 5,
  reduceOnly: 6,
  trigger: 7,
  full: 8,
  gone: 9
}

export class PaperVenue implements Trading.Trading {
  readonly capabilities: Trading.TradingCapabilities = {
    kinds: ["limit", "market", "stop", "takeProfit"],
    timesInForce: ["gtc", "ioc", "fok", "postOnly"],
    reduceOnly: true,
    amends: "priceAndSize",
    positions: true,
    deadMan: false
  }
  readonly #options: PaperOptions
  readonly #wallet: Wallet
  readonly #markets = new Map<string, PaperMarket>()
  readonly #open = new Map<string, PaperOrder>()
  readonly #ended = new Map<string, PaperOrder>()
  readonly #fills: Array<PrivateEvent.Fill> = []
  readonly #fundings = new Map<string, { readonly at: number; readonly rate: number; readonly mark: number }>()
  #emit: (event: PrivateEvent.PrivateEvent) => void = () => {}
  /** When the latest answer arrives: none overtakes another. */
  #answeredAt = 0
  #orders = 0
  #executions = 0

  constructor(options: PaperOptions) {
    this.#options = options
    this.#wallet = new Wallet(options.balances, options.leverage)
  }

  readonly open: Trading.Trading["open"] = (emit) =>
    Effect.gen({ self: this }, function* () {
      this.#emit = emit
      const stream = yield* SubscriptionRef.make<Trading.StreamState>({ _tag: "Up", session: 1 })
      const connections = yield* SubscriptionRef.make<
        Trading.Account["connections"] extends SubscriptionRef.SubscriptionRef<infer A> ? A : never
      >(new Map())
      yield* Effect.addFinalizer(() => Effect.sync(() => void (this.#emit = () => {})))
      const now = <A>(read: () => A) => Effect.sync(read)
      return {
        stream,
        connections,
        submit: (request) => this.#ask(`order ${request.clientOrderId}`, () => this.#submit(request)),
        amend: (change) => this.#ask(`amend ${change.clientOrderId}`, () => this.#amend(change)),
        cancel: (reference) => this.#ask(`cancel ${reference.clientOrderId}`, () => this.#cancel(reference)),
        cancelAll: (symbols) => this.#ask("cancel all", () => this.#cancelAll(symbols)),
        order: ({ clientOrderId }) =>
          now(() => {
            const order = this.#open.get(clientOrderId) ?? this.#ended.get(clientOrderId)
            return order === undefined ? undefined : this.#told(order)
          }),
        openOrders: (symbols) =>
          now(() =>
            [...this.#open.values()]
              .filter((each) => symbols.includes(each.request.symbol))
              .map((each) => this.#told(each))
          ),
        fills: ({ since, symbol }) =>
          now(() => this.#fills.filter((each) => each.symbol === symbol && each.receivedTime >= since)),
        balances: now(() => [...this.#wallet.assets.keys()].map((asset) => this.#balance(asset))),
        positions: now(() =>
          [...this.#wallet.positions.keys()].map((symbol) => this.#position(symbol)).filter(({ size }) => size !== "0")
        ),
        positionMode: Effect.succeed("oneWay" as const)
      }
    })

  /** Takes what the market has told; before the strategies hear of it. The time line must have come to its time. */
  market(event: Event.Event): void {
    switch (event.type) {
      case "trade":
        return this.#market(event.symbol)?.trade(event)
      case "quote":
        return this.#market(event.symbol)?.quote(event)
      case "book":
        return this.#market(event.symbol)?.book(event)
      case "mark":
        return this.#mark(event)
      default:
    }
  }

  #submit(request: Order.Request): Answer<Trading.Accepted> {
    const { clientOrderId, symbol } = request
    const market = this.#market(symbol)
    if (market === undefined) return refused(`no instrument ${symbol}`, code.instrument)
    if (this.#open.has(clientOrderId) || this.#ended.has(clientOrderId)) {
      return refused(`client order id ${clientOrderId} was used before`, code.duplicate)
    }
    if (this.#open.size >= MOST_OPEN) return refused(`${MOST_OPEN} orders are open`, code.full)
    const order = new PaperOrder(request, market.instrument, String(++this.#orders))
    if (!order.isTriggered && isReached(order, market.displayed.last)) {
      return refused("it would be triggered at once", code.trigger)
    }
    const problem = order.isTriggered ? this.#problem(market, order) : undefined
    if (problem !== undefined) return problem
    this.#open.set(clientOrderId, order)
    this.#tell(order)
    if (order.isTriggered) this.#enter(market, order)
    else market.add(order)
    return done({ venueOrderId: order.venueOrderId })
  }

  /** Why an order cannot enter the market; takes what it needs of the account when it can. */
  #problem(market: PaperMarket, order: PaperOrder): Answer<never> | undefined {
    const { instrument, request, side } = order
    if (request.reduceOnly === true) {
      const held = this.#wallet.position(request.symbol).size
      if (BigDecimal.sign(held) !== (side === "buy" ? -1 : 1))
        return refused("there is nothing to reduce", code.reduceOnly)
      order.size = BigDecimal.min(order.size, BigDecimal.abs(held))
    }
    const offers = market.displayed.offers(side, order.price)
    if (request.timeInForce === "postOnly" && (offers?.length ?? 0) > 0) {
      return refused("it would take at once", code.postOnly)
    }
    if (offers === undefined && this.#mustTake(order)) return refused("the market is not shown", code.noMarket)
    const worst =
      request.price ?? Amount.canonicalOf(String(worstOf(offers ?? [], BigDecimal.toNumberUnsafe(order.size))))
    if (worst === undefined || Number(worst) === 0) return refused("nothing is offered", code.noMarket)
    const hold = this.#wallet.cost(instrument, side, order.size, BigDecimal.fromStringUnsafe(worst))
    if (!this.#wallet.hold(hold)) {
      return refused(
        `not enough ${hold.asset}: ${Amount.write(hold.amount)} needed, ${Amount.write(this.#wallet.free(hold.asset))} free`,
        code.funds
      )
    }
    order.held = hold
    return undefined
  }

  #mustTake({ request }: PaperOrder): boolean {
    return request.price === undefined || request.timeInForce === "ioc" || request.timeInForce === "fok"
  }

  #enter(market: PaperMarket, order: PaperOrder): void {
    const { timeInForce } = order.request
    if (timeInForce === "fok") {
      const offered = (market.displayed.offers(order.side, order.price) ?? []).reduce((sum, [, size]) => sum + size, 0)
      if (offered < BigDecimal.toNumberUnsafe(order.size))
        return this.#end(market, order, "expired", "not all of it was offered")
    }
    if (timeInForce !== "postOnly") market.take(order)
    if (!order.isOpen) return
    if (this.#mustTake(order)) return this.#end(market, order, "expired", "no more was offered")
    market.add(order)
  }

  #triggered(order: PaperOrder): void {
    const market = this.#market(order.request.symbol)!
    order.isTriggered = true
    const problem = this.#problem(market, order)
    if (problem?._tag === "Refused") return this.#end(market, order, "expired", problem.reason.message)
    this.#tell(order)
    this.#enter(market, order)
  }

  #amend({ clientOrderId, price, size }: Order.Amendment): Answer<void> {
    const order = this.#open.get(clientOrderId)
    if (order === undefined) return refused("no open order of this id", code.gone)
    if (order.price === undefined && price !== undefined)
      return refused("an order without a price stays without", code.instrument)
    if (size !== undefined && BigDecimal.isLessThanOrEqualTo(BigDecimal.fromStringUnsafe(size), order.filled)) {
      return refused(`${Amount.write(order.filled)} of it is filled`, code.instrument)
    }
    const market = this.#market(order.request.symbol)!
    const before = { request: order.request, size: order.size }
    const keepsPlace =
      price === undefined && size !== undefined && BigDecimal.isLessThan(BigDecimal.fromStringUnsafe(size), order.size)
    this.#release(order)
    order.change(price, size)
    const problem = order.isTriggered ? this.#problem(market, order) : undefined
    if (problem !== undefined) {
      order.change(before.request.price, Amount.write(before.size))
      this.#hold(order)
      return problem
    }
    this.#shrink(order)
    this.#tell(order)
    if (!keepsPlace) {
      market.remove(order)
      if (order.isTriggered) this.#enter(market, order)
      else market.add(order)
    }
    return done(undefined)
  }

  #cancel({ clientOrderId, symbol }: Order.Reference): Answer<void> {
    const order = this.#open.get(clientOrderId)
    if (order !== undefined) this.#end(this.#market(symbol)!, order, "cancelled", undefined)
    else if (!this.#ended.has(clientOrderId)) return refused("no order of this id", code.gone)
    return done(undefined)
  }

  #cancelAll(symbols: ReadonlyArray<string>): Answer<void> {
    for (const order of this.#open.values()) {
      const { symbol } = order.request
      if (symbols.includes(symbol)) this.#end(this.#market(symbol)!, order, "cancelled", undefined)
    }
    return done(undefined)
  }

  #filled(order: PaperOrder, size: BigDecimal.BigDecimal, price: BigDecimal.BigDecimal, liquidity: Liquidity): void {
    const { instrument, request, side, venueOrderId } = order
    const fee = this.#options.fees.of(instrument, side, size, price, liquidity)
    this.#release(order)
    order.fill(side === "buy" ? size : BigDecimal.negate(size), price)
    const assets = this.#wallet.fill(instrument, side, size, price, fee)
    if (order.isOpen) this.#hold(order)
    const fill: PrivateEvent.Fill = {
      type: "fill",
      ...this.#stamps(),
      symbol: request.symbol,
      id: String(++this.#executions),
      clientOrderId: request.clientOrderId,
      venueOrderId,
      side,
      price: Amount.write(price),
      size: Amount.write(size),
      fee: Amount.write(fee.amount),
      feeAsset: fee.asset,
      liquidity
    }
    this.#fills.push(fill)
    if (this.#fills.length > MOST_FILLS) this.#fills.shift()
    this.#later(fill)
    this.#tell(order)
    if (!order.isOpen) this.#bury(order)
    for (const asset of assets) this.#later(this.#balance(asset))
    if (instrument.kind !== "spot") this.#later(this.#position(request.symbol))
  }

  #end(market: PaperMarket, order: PaperOrder, status: "cancelled" | "expired", reason: string | undefined): void {
    order.status = status
    order.reason = reason
    market.remove(order)
    this.#release(order)
    this.#bury(order)
    this.#tell(order)
  }

  #bury(order: PaperOrder): void {
    this.#open.delete(order.request.clientOrderId)
    this.#ended.set(order.request.clientOrderId, order)
    if (this.#ended.size > MOST_ENDED) this.#ended.delete(this.#ended.keys().next().value!)
  }

  #release(order: PaperOrder): void {
    if (order.held !== undefined) this.#wallet.release(order.held)
    order.held = undefined
  }

  /** Keeps what the rest of an order that was there before may cost: it is not refused. */
  #hold(order: PaperOrder): void {
    const { instrument, remaining, request, side } = order
    if (request.price === undefined) return
    const hold = this.#wallet.cost(instrument, side, remaining, BigDecimal.fromStringUnsafe(request.price))
    if (this.#wallet.hold(hold)) order.held = hold
  }

  /** What was kept for all of an amended order, for what is not filled of it. */
  #shrink(order: PaperOrder): void {
    this.#release(order)
    this.#hold(order)
  }

  /** Funding is paid by the last mark that was told before its time. */
  #mark({ fundingRate, mark, nextFundingTime, symbol }: Event.Mark): void {
    const due = this.#fundings.get(symbol)
    if (due !== undefined && this.#options.timeLine.now >= due.at) {
      this.#fundings.delete(symbol)
      this.#pay(symbol, due.rate, due.mark)
    }
    if (fundingRate === undefined || mark === undefined || nextFundingTime === undefined) return
    if (nextFundingTime > this.#options.timeLine.now) {
      this.#fundings.set(symbol, { at: nextFundingTime, rate: fundingRate, mark })
    }
  }

  #pay(symbol: string, rate: number, mark: number): void {
    const position = this.#wallet.positions.get(symbol)
    if (position === undefined || BigDecimal.isZero(position.holding.size)) return
    const { holding, instrument } = position
    const worth = BigDecimal.abs(HoldingOf.worth(instrument, BigDecimal.fromNumberUnsafe(mark)))
    const paid = BigDecimal.multiply(BigDecimal.multiply(holding.size, worth), BigDecimal.fromNumberUnsafe(rate))
    const amount = BigDecimal.round(BigDecimal.negate(paid), { scale: 8, mode: "half-even" })
    const asset = instrument.settle ?? instrument.quote
    this.#wallet.pay(asset, amount)
    this.#later({ type: "funding", ...this.#stamps(), symbol, asset, amount: Amount.write(amount) })
    this.#later(this.#balance(asset))
  }

  #market(symbol: string): PaperMarket | undefined {
    const known = this.#markets.get(symbol)
    if (known !== undefined) return known
    const instrument = this.#options.instrument(symbol)
    if (instrument === undefined) return undefined
    const displayed = new Displayed(() => this.#options.book(symbol))
    const market = new PaperMarket(instrument, displayed, this.#options.queue, {
      fill: (order, size, price, liquidity) => this.#filled(order, size, price, liquidity),
      triggered: (order) => this.#triggered(order)
    })
    this.#markets.set(symbol, market)
    return market
  }

  /** Sends a request on its way, and its answer back. One that is interrupted is carried out all the same, as on a real wire. */
  #ask<A>(operation: string, carryOut: () => Answer<A>): Effect.Effect<A, VenueError.VenueError> {
    const { latency, timeLine, venue } = this.#options
    return Effect.callback<A, VenueError.VenueError>((resume) => {
      timeLine.schedule(timeLine.now + latency.order(), () => {
        const answer = carryOut()
        timeLine.schedule(this.#answerAt(), () =>
          resume(
            answer._tag === "Done"
              ? Effect.succeed(answer.value)
              : Effect.fail(new VenueError.VenueError({ venue, operation, reason: answer.reason }))
          )
        )
      })
    })
  }

  #tell(order: PaperOrder): void {
    this.#later(this.#told(order))
  }

  #told(order: PaperOrder): PrivateEvent.Order {
    return order.told(this.#options.venue, this.#options.timeLine.now)
  }

  #later(event: PrivateEvent.PrivateEvent): void {
    const at = this.#answerAt()
    this.#options.timeLine.schedule(at, () => this.#emit({ ...event, receivedTime: at }))
  }

  #answerAt(): number {
    this.#answeredAt = Math.max(this.#answeredAt, this.#options.timeLine.now + this.#options.latency.answer())
    return this.#answeredAt
  }

  #stamps() {
    const { timeLine, venue } = this.#options
    return { venue, exchangeTime: timeLine.now, receivedTime: timeLine.now }
  }

  #balance(asset: string): PrivateEvent.Balance {
    const { locked, total } = this.#wallet.assets.get(asset)!
    return {
      type: "balance",
      ...this.#stamps(),
      asset,
      total: Amount.write(total),
      free: Amount.write(this.#wallet.free(asset)),
      locked: Amount.write(locked)
    }
  }

  #position(symbol: string): PrivateEvent.Position {
    const { holding, instrument } = this.#wallet.positions.get(symbol)!
    const entry = HoldingOf.averagePrice(instrument, holding)
    return {
      type: "position",
      ...this.#stamps(),
      symbol,
      leg: "net",
      size: Amount.write(holding.size),
      ...(entry !== undefined && {
        entryPrice: Amount.write(BigDecimal.round(entry, { scale: 12, mode: "half-even" }))
      })
    }
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
