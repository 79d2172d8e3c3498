/**
 * One symbol's market: book, tape, bars and the events that move them, on the venue's own time line.
 * Guarantees that what happens depends on the seed and the time of birth alone, however `advance` is sliced: actions,
 * bar boundaries and periodic work run in the order of their times. Memory is bounded by `keepTrades` and `keepBars`.
 */
import type { Random } from "../random.ts"
import { make as makeRandom } from "../random.ts"
import { type Bar, Bars } from "./bars.ts"
import { Book, type LevelSize, type Order, type Owner, type Side } from "./book.ts"
import type { MarketDefinition, Rates } from "./definition.ts"
import type { Grid } from "./grid.ts"
import * as grid from "./grid.ts"
import * as history from "./history.ts"
import { DepthChain } from "./DepthChain.ts"
import { Journal } from "./journal.ts"
import { FILLS_PER_TAKER, Participants, type Taken } from "./participants.ts"
import { type MarketRules, rulesOf } from "./rules.ts"
import { type DayStats, dayStats } from "./stats.ts"
import { type Aggregate, Tape, type Trade } from "./tape.ts"

export interface MarketOptions {
  readonly seed: string
  /** Epoch milliseconds at which live trading begins. */
  readonly bornAt: number
  readonly rates: Rates
  readonly depth: number
  readonly keepTrades: number
  readonly keepBars: number
  readonly keepBookChanges: number
  readonly historyMinutes: number
  readonly historyTradesPerMinute: number
  readonly firstTradeId: number
  readonly firstAggregateId: number
  readonly firstUpdateId: number
  /** How often funding is paid. */
  readonly fundingMs: number
}

/** A liquidation order, as the venue reports it. Price and sizes in ticks and steps. */
export interface Liquidation {
  readonly side: "BUY" | "SELL"
  readonly price: number
  readonly averagePrice: number
  readonly size: number
  readonly lastSize: number
  readonly time: number
}

/** Told synchronously, in the order things happen. */
export interface MarketListener {
  readonly traded: (trades: ReadonlyArray<Trade>, aggregates: ReadonlyArray<Aggregate>) => void
  readonly levelChanged: (side: Side, price: number) => void
  /** The best bid or ask, in price or size, is not what it was before the last action. */
  readonly topChanged: () => void
  readonly barClosed: (bar: Bar) => void
  readonly liquidated: (liquidation: Liquidation) => void
}

/** A trade and whose order was in the book. */
export interface Matched {
  readonly trade: Trade
  readonly maker: Order
}

/** Told of what happened to users' orders, after the streams. */
export interface MarketUsers {
  readonly matched: (matched: ReadonlyArray<Matched>) => void
}

export interface Periodic {
  readonly periodMs: number
  nextAt: number
  readonly run: (time: number) => void
}

export class Market {
  readonly definition: MarketDefinition
  readonly rules: MarketRules
  readonly seed: string
  readonly priceGrid: Grid
  readonly sizeGrid: Grid
  readonly book: Book
  readonly tape: Tape
  readonly bars: Bars
  readonly participants: Participants
  /** Only when the simulator was asked to keep changes of its books. */
  readonly journal: Journal | undefined
  readonly bornAt: number
  readonly fundingMs: number
  /** The numbered rows of book messages that have begun, by their levels. */
  readonly chains = new Map<number, DepthChain>()
  rates: Rates
  /** Venue time reached so far, whole milliseconds. */
  time: number
  /** Time of the last change of the book. */
  bookTime: number
  listener: MarketListener | undefined
  users: MarketUsers | undefined
  private readonly random: Random
  private readonly keepBookChanges: number
  private readonly periodic: Array<Periodic> = []
  private nextActionAt: number
  private top: readonly [LevelSize | undefined, LevelSize | undefined]

  constructor(definition: MarketDefinition, options: MarketOptions) {
    const rules = rulesOf[definition.market]
    const digits = rules.digits(definition)
    const bornAt = Math.floor(options.bornAt)
    this.definition = definition
    this.rates = { ...options.rates, ...definition.rates }
    this.random = makeRandom(options.seed)
    this.rules = rules
    this.seed = options.seed
    this.fundingMs = options.fundingMs
    this.priceGrid = grid.make(definition.tickSize, digits.price)
    this.sizeGrid = grid.make(definition.stepSize, digits.size)
    this.bornAt = this.time = this.bookTime = bornAt
    const price = grid.units(this.priceGrid, definition.price)
    const typicalSize = Math.max(1, grid.units(this.sizeGrid, definition.typicalSize))
    const fromMs = bornAt - options.historyMinutes * 60_000
    const worth = (ticks: number, steps: number) => rules.worth(this, ticks, steps)
    this.tape = new Tape(options.firstTradeId, options.firstAggregateId, options.keepTrades, worth)
    this.bars = new Bars(rules.intervals, options.keepBars, fromMs, price, this.tape.totals)
    const tradesPerMinute = options.historyTradesPerMinute
    const { firstUpdateId, keepBookChanges } = options
    const plan = { fromMs, toMs: bornAt, tradesPerMinute, price, typicalSize, firstUpdateId }
    const last = tradesPerMinute > 0 ? history.write(this.random, this.tape, this.bars, plan) : price
    const step = rules.sharesUpdateIds ? () => 1 + this.random.int(40) : () => 1
    this.keepBookChanges = keepBookChanges
    this.journal = keepBookChanges > 0 ? new Journal(keepBookChanges, firstUpdateId) : undefined
    this.book = new Book(firstUpdateId, step, (side, at) => this.changed(side, at))
    this.participants = new Participants(this.random, this.book, { price, typicalSize, depth: options.depth }, last)
    this.participants.open()
    this.top = this.best()
    this.keepTop()
    this.nextActionAt = bornAt + this.wait()
  }

  /** Lets everything happen that is due by `until`. */
  advance(until: number): void {
    for (;;) {
      const periodic = this.duePeriodic()
      const next = Math.min(this.nextActionAt, this.bars.due, periodic?.nextAt ?? Infinity)
      if (next > until) break
      this.time = Math.max(this.time, Math.floor(next))
      if (this.bars.due <= next) for (const bar of this.bars.roll()) this.listener?.barClosed(bar)
      else if (periodic !== undefined && periodic.nextAt <= next) {
        periodic.nextAt += periodic.periodMs
        periodic.run(this.time)
      } else {
        this.act()
        this.nextActionAt += this.wait()
      }
    }
    this.time = Math.max(this.time, Math.floor(until))
  }

  /** Runs something at every multiple of the period, in order with the market's own events. */
  every(periodMs: number, run: (time: number) => void): () => void {
    const entry: Periodic = { periodMs, nextAt: (Math.floor(this.time / periodMs) + 1) * periodMs, run }
    this.periodic.push(entry)
    return () => {
      const index = this.periodic.indexOf(entry)
      if (index >= 0) this.periodic.splice(index, 1)
    }
  }

  /** The row of messages about so many levels; begun at the first call, it goes on whether or not anybody listens. */
  chain(levels: number, periodMs: number): DepthChain {
    const known = this.chains.get(levels)
    if (known !== undefined) return known
    const chain = new DepthChain(this, levels, this.keepBookChanges)
    this.chains.set(levels, chain)
    this.every(periodMs, () => chain.tick())
    return chain
  }

  /** A taker order from outside, in steps. */
  take(from: Side, size: number): ReadonlyArray<Trade> {
    return this.settle(this.participants.takeFrom(from, size))
  }

  /**
   * A user's order takes what it can get up to its limit, in steps and ticks; with an owner what is left of it rests.
   * `users` is not told of it.
   */
  takeBy(
    from: Side,
    size: number,
    limit: number | undefined,
    owner: Owner | undefined
  ): { readonly matched: ReadonlyArray<Matched>; readonly resting: Order | undefined } {
    const taken = this.participants.takeBy(from, size, limit)
    const left = taken.fills.reduce((rest, fill) => rest - fill.size, size)
    const side = from === "ask" ? "bid" : "ask"
    // It rests before makers come back, who would stand in its way.
    const isResting = owner !== undefined && limit !== undefined && left > 0
    const resting = isResting ? this.book.add(side, limit, left, owner) : undefined
    this.participants.replenish(from)
    const matched = this.record(taken)
    this.afterAction()
    return { matched, resting }
  }

  /** A user's order rests. */
  rest(side: Side, price: number, size: number, owner: Owner): Order {
    const order = this.book.add(side, price, size, owner)
    this.afterAction()
    return order
  }

  /** A user's order leaves the book, or with `by` becomes so much smaller. */
  withdraw(order: Order, by = order.size): void {
    if (by < order.size) this.book.shrink(order, by)
    else this.book.cancel(order)
    this.participants.replenish(order.side)
    this.afterAction()
  }

  /** A liquidation order from outside, in steps; a long is liquidated by selling into the bids. */
  liquidate(side: "BUY" | "SELL", size: number): void {
    const trades = this.take(side === "SELL" ? "bid" : "ask", size)
    const last = trades[trades.length - 1]
    if (last === undefined) return
    const filled = trades.reduce((sum, trade) => sum + trade.size, 0)
    const worth = trades.reduce((sum, trade) => sum + trade.price * trade.size, 0)
    const averagePrice = Math.round(worth / filled)
    this.listener?.liquidated({
      side,
      price: last.price,
      averagePrice,
      size: filled,
      lastSize: last.size,
      time: last.time
    })
  }

  /** Goes on after a halt, as if nothing had been missed: bars of the time between are flat and told to nobody. */
  resume(now: number): void {
    while (this.bars.due <= now) this.bars.roll()
    this.time = Math.max(this.time, Math.floor(now))
    this.nextActionAt = now + this.wait()
  }

  setRates(rates: Partial<Rates>): void {
    this.rates = { ...this.rates, ...rates }
    this.nextActionAt = this.time + this.wait()
  }

  best(): readonly [LevelSize | undefined, LevelSize | undefined] {
    return [this.book.top("bid", 1)[0], this.book.top("ask", 1)[0]]
  }

  day(): DayStats {
    return dayStats(this.bars.series.get("1m")!, this.time)
  }

  private act(): void {
    const { liquidationsPerSecond, ordersPerSecond } = this.rates
    const drawn = this.random.next() * this.total()
    if (drawn < ordersPerSecond) {
      this.participants.make()
      this.afterAction()
    } else if (this.rules.hasLiquidations && drawn < ordersPerSecond + liquidationsPerSecond) {
      this.liquidate(this.random.chance(0.5) ? "BUY" : "SELL", this.participants.size(2))
    } else this.settle(this.participants.take())
  }

  private settle(taken: Taken): ReadonlyArray<Trade> {
    const matched = this.record(taken)
    this.afterAction()
    this.users?.matched(matched)
    return matched.map(({ trade }) => trade)
  }

  private record(taken: Taken): ReadonlyArray<Matched> {
    const matched = taken.fills.map(({ maker, price, size }) => {
      const { updateId } = this.book
      const trade = this.tape.record(price, size, this.time, taken.from === "bid", updateId)
      this.bars.add(trade, this.tape.totals)
      return { trade, maker }
    })
    const trades = matched.map(({ trade }) => trade)
    const aggregates = this.tape.aggregate(trades)
    if (trades.length > 0) this.listener?.traded(trades, aggregates)
    return matched
  }

  private afterAction(): void {
    const [bid, ask] = this.top
    const now = this.best()
    this.bookTime = this.time
    this.top = now
    const same = (a: LevelSize | undefined, b: LevelSize | undefined) => a?.[0] === b?.[0] && a?.[1] === b?.[1]
    if (same(bid, now[0]) && same(ask, now[1])) return
    this.keepTop()
    this.listener?.topChanged()
  }

  private changed(side: Side, price: number): void {
    const { book } = this
    for (const chain of this.chains.values()) chain.touch()
    this.journal?.changed({ id: book.updateId, side, price, size: book.size(side, price) })
    this.listener?.levelChanged(side, price)
  }

  private keepTop(): void {
    const [bid, ask] = this.top
    this.journal?.tops.push({ id: this.book.updateId, time: this.time, bid, ask })
  }

  /** Actions a second. */
  private total(): number {
    const { liquidationsPerSecond, ordersPerSecond, tradesPerSecond } = this.rates
    const liquidations = this.rules.hasLiquidations ? liquidationsPerSecond : 0
    return ordersPerSecond + liquidations + tradesPerSecond / FILLS_PER_TAKER
  }

  private wait(): number {
    const total = this.total()
    return total > 0 ? this.random.exponential(1000 / total) : Infinity
  }

  private duePeriodic(): Periodic | undefined {
    let next: Periodic | undefined
    for (const entry of this.periodic) if (next === undefined || entry.nextAt < next.nextAt) next = entry
    return next
  }
}
