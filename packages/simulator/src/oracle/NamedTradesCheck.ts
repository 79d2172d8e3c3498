/**
 * Trades of one symbol whose ids say nothing of their order: each as it was traded, once, in order, or inside a gap. The
 * client cannot count them, so a gap is told in times, may hold nothing at all, and need not say how many were lost; a
 * repaired one holds nothing that was not delivered. A trade that a fault kept from every frame cannot be known to the
 * client, unless it stayed silent for longer than that may go unseen.
 */
import * as grid from "../market/grid.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Market } from "../market/market.ts"
import type { Trade } from "../market/tape.ts"
import type { Frame } from "../topics/Frame.ts"
import type { Channels } from "./Channels.ts"
import type { GapEvent, TradeEvent } from "./ClientEvent.ts"
import { countGap } from "./gaps.ts"
import type { Complain, Findings } from "./Report.ts"
import { TradeIndex } from "./TradeIndex.ts"
import type { Truth } from "./Truth.ts"

export interface NamedTradesRules {
  readonly detectWithinMs: number
  readonly skews: ReadonlySet<number>
  readonly truth: Pick<Truth, "watchWithheld">
  readonly tradeIds: Channels["tradeIds"]
}

/** What is remembered of trades that were kept back, and of those that were told as lost. */
const REMEMBERED = 20_000

/** Forgets the oldest beyond the bound. */
const remember = <A>(set: Set<A>, item: A): void => {
  set.add(item)
  if (set.size > REMEMBERED) for (const oldest of set) return void set.delete(oldest)
}

export class NamedTradesCheck {
  private readonly market: Market
  private readonly rules: NamedTradesRules
  private readonly findings: Findings
  private readonly complain: Complain
  private readonly index: TradeIndex
  private readonly unwatch: () => void
  private readonly withheld = new Set<string>()
  /** Counts of trades that were told as lost. */
  private readonly lost = new Set<number>()
  /** The tape's count of the trade that must come next. */
  private next: number | undefined
  /** Exchange time of the last live trade, as it was told. */
  private lastTime: number | undefined
  /** Backfilled since the last live trade: exchange times by the tape's count. */
  private readonly filled = new Map<number, number>()
  /** Told since the last live trade. */
  private told: Array<GapEvent> = []

  constructor(market: Market, rules: NamedTradesRules, findings: Findings, complain: Complain) {
    this.market = market
    this.rules = rules
    this.findings = findings
    this.complain = complain
    this.index = new TradeIndex(market)
    const { market: own } = market.definition
    this.unwatch = rules.truth.watchWithheld((kind: MarketKind, frame: Frame) => {
      if (kind !== own || frame.symbol !== market.definition.symbol) return
      for (const id of rules.tradeIds(frame)) remember(this.withheld, id)
    })
  }

  accept(event: TradeEvent): void {
    const { accounted } = this.findings
    const isBackfill = event.origin === "backfill"
    if (isBackfill) accounted.backfilledTrades++
    else accounted.trades++
    const truth = this.index.find(event.id)
    if (truth === "forgotten") return void accounted.notComparable++
    if (truth === undefined) return this.complain("unknown", `id ${event.id}`, event.receivedTime)
    this.compare(event, truth)
    const { id } = truth
    if (this.lost.has(id)) return this.complain("in-gap", `${event.id} was told as lost`, event.receivedTime)
    if (id < (this.next ?? -Infinity) || this.filled.has(id)) {
      return this.complain("repeated", `${event.id} at ${event.exchangeTime}`, event.receivedTime)
    }
    if (isBackfill) this.filled.set(id, event.exchangeTime ?? event.receivedTime)
    else this.pass(id, event.exchangeTime ?? event.receivedTime, event.receivedTime)
  }

  gap(gap: GapEvent): void {
    countGap(this.findings, gap)
    this.told.push(gap)
  }

  /** Nothing more will come. */
  finish(atMs: number): void {
    this.unwatch()
    const last = this.market.tape.trades.last()
    if (last === undefined) return
    if (this.next === undefined && this.told.length === 0) {
      return this.complain("missing", "not one trade was delivered", atMs)
    }
    this.pass(last.id + 1, undefined, atMs)
  }

  /** A live trade has come: what lies before it is accounted for now. */
  private pass(id: number, time: number | undefined, at: number): void {
    const { filled, told } = this
    const bounds = new Set([this.lastTime, time, ...filled.values()])
    for (const { from, to, receivedTime } of told) {
      if (
        !bounds.has(from as number | undefined) ||
        !(to === undefined ? time === undefined : bounds.has(to as number))
      ) {
        this.complain("gap-bounds", `told (${from}, ${to}) between ${this.lastTime} and ${time}`, receivedTime)
      }
    }
    const missing =
      this.next === undefined ? [] : this.index.between(this.next, id).filter((one) => !filled.has(one.id))
    const inGap = this.inGaps(missing)
    for (const each of inGap) remember(this.lost, each.id)
    this.findings.accounted.tradesInGaps += inGap.length
    this.accountFor(
      missing.filter((each) => !inGap.includes(each)),
      at
    )
    if (filled.size > 0 && told.length === 0) this.complain("gap-missing", `${filled.size} were backfilled`, at)
    for (const gap of told) this.compareCount(gap, inGap)
    filled.clear()
    this.told = []
    this.next = time === undefined ? id : id + 1
    this.lastTime = time
  }

  private isWithin({ time }: Trade, { from = -Infinity, to = Infinity }: GapEvent): boolean {
    // the trades of the bounds' own millisecond may be lost as well
    return [...this.rules.skews].some((skew) => time + skew >= Number(from) && time + skew <= Number(to))
  }

  private inGaps(missing: ReadonlyArray<Trade>): ReadonlyArray<Trade> {
    const unrepaired = this.told.filter(({ repaired }) => !repaired)
    if (unrepaired.length === 0) return []
    return missing.filter((trade) => unrepaired.some((gap) => this.isWithin(trade, gap)))
  }

  /** What is neither delivered nor in a gap. */
  private accountFor(missing: ReadonlyArray<Trade>, at: number): void {
    const [first] = missing
    const last = missing.at(-1)
    if (first === undefined || last === undefined) return
    const known = missing.filter(({ id }) => !this.withheld.has(this.index.nameOf(id)))
    if (known.length > 0) {
      const ids = known.slice(0, 3).map(({ id, time }) => `${this.index.nameOf(id)} at ${time}`)
      return this.complain("missing", `${known.length}: ${ids.join(", ")}`, at)
    }
    this.findings.accounted.tradesUnseen += missing.length
    if (last.time - first.time <= this.rules.detectWithinMs) return
    this.complain("gap-missing", `${missing.length} in ${last.time - first.time} ms of silence`, at)
  }

  private compareCount(gap: GapEvent, inGap: ReadonlyArray<Trade>): void {
    if (gap.lost === null || gap.reason === "overflow") return
    const within = (times: Iterable<number>) =>
      [...times].filter((time) => time >= Number(gap.from ?? -Infinity) && time <= Number(gap.to ?? Infinity)).length
    const count = gap.repaired
      ? within(this.filled.values())
      : inGap.filter((trade) => this.isWithin(trade, gap)).length
    if (gap.lost !== count) this.complain("gap-lost", `told ${gap.lost}, it is ${count}`, gap.receivedTime)
  }

  private compare(event: TradeEvent, truth: Trade): void {
    const { priceGrid, sizeGrid } = this.market
    const price = grid.toNumber(priceGrid, truth.price)
    const size = grid.toNumber(sizeGrid, truth.size)
    const side = truth.buyerIsMaker ? "sell" : "buy"
    const isAtItsTime = event.exchangeTime !== undefined && this.rules.skews.has(event.exchangeTime - truth.time)
    if (event.price === price && event.size === size && event.side === side && isAtItsTime) return
    const told = `${event.side} ${event.size} at ${event.price}, ${event.exchangeTime}`
    this.complain(
      "wrong",
      `id ${event.id}: ${told}; it was ${side} ${size} at ${price}, ${truth.time}`,
      event.receivedTime
    )
  }
}
