/**
 * Trades of one symbol whose ids say nothing of their order: each as it was traded, once, in order, or inside a gap. The
 * client cannot count them, so a gap is told in times, may hold nothing at all, and need not say how many were lost. A
 * repaired one stands behind what was fetched and holds nothing that was not delivered; what could not be fetched whole is
 * told in front of what was. A trade that a fault kept from every frame cannot be known to the
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

/** What was backfilled since the last gap. */
interface Batch {
  fetched: number
  /** When the trade before it was made, epoch milliseconds. */
  readonly from: number | undefined
  /** A gap before it said that it is not whole. */
  readonly isTold: boolean
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
  /** Counts of trades that could not be known to be missing; they may still come. */
  private readonly unseen = new Set<number>()
  /** The tape's count of the trade that must come next. */
  private next: number | undefined
  /** When the last trade that was delivered was made, epoch milliseconds. */
  private lastTime: number | undefined
  private batch: Batch | undefined
  /** Told since the last trade. */
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
    const { receivedTime } = event
    if (event.origin === "backfill") accounted.backfilledTrades++
    else accounted.trades++
    const truth = this.index.find(event.id)
    if (truth === "forgotten") return void accounted.notComparable++
    if (truth === undefined) return this.complain("unknown", `id ${event.id}`, receivedTime)
    this.compare(event, truth)
    const { id, time } = truth
    if (this.lost.has(id)) return this.complain("in-gap", `${event.id} was told as lost`, receivedTime)
    const isLate = this.unseen.delete(id)
    const next = this.next ?? id
    if (isLate) accounted.tradesUnseen--
    else if (id < next) return this.complain("repeated", `${event.id} at ${time}`, receivedTime)
    this.pass(Math.max(id, next), time, receivedTime)
    this.fill(event.origin === "backfill", receivedTime)
    this.next = Math.max(id + 1, next)
    this.lastTime = time
    this.told = []
  }

  gap(gap: GapEvent): void {
    countGap(this.findings, gap)
    const { batch } = this
    const from = gap.repaired ? batch?.from : this.lastTime
    if (gap.repaired && batch === undefined) {
      this.complain("gap-repaired", "nothing was backfilled", gap.receivedTime)
    } else if (!this.isAt(gap.from, from)) {
      this.complain("gap-bounds", `from ${gap.from} after ${from}`, gap.receivedTime)
    }
    if (gap.repaired && gap.lost !== null && batch !== undefined && gap.lost !== batch.fetched) {
      this.complain("gap-lost", `told ${gap.lost}, ${batch.fetched} were backfilled`, gap.receivedTime)
    }
    this.batch = undefined
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
    this.expectToldOf(this.batch, atMs)
  }

  /** What lies before a trade is accounted for when it comes; without a time it is the end. */
  private pass(id: number, time: number | undefined, at: number): void {
    const missing = this.next === undefined ? [] : this.index.between(this.next, id)
    const unrepaired = this.told.filter(({ repaired }) => !repaired)
    const inGap = missing.filter((trade) => unrepaired.some((gap) => this.isWithin(trade, gap)))
    for (const each of inGap) remember(this.lost, each.id)
    this.findings.accounted.tradesInGaps += inGap.length
    const told = new Set(inGap)
    this.accountFor(
      missing.filter((trade) => !told.has(trade)),
      at
    )
    for (const gap of this.told) {
      // what follows need not be known when everything before it is there
      const isOpen = gap.repaired && gap.to === undefined
      if (!isOpen && !this.isAt(gap.to, time)) {
        this.complain("gap-bounds", `to ${gap.to} before ${time ?? "the end"}`, gap.receivedTime)
      }
      if (gap.repaired || gap.lost === null || gap.reason === "overflow") continue
      const count = inGap.filter((trade) => this.isWithin(trade, gap)).length
      if (gap.lost !== count) this.complain("gap-lost", `told ${gap.lost}, it is ${count}`, gap.receivedTime)
    }
  }

  /** Keeps account of what is backfilled: it is told as a gap before the next live trade, or in front of it where it is not whole. */
  private fill(isBackfill: boolean, at: number): void {
    const isToldBefore = this.told.some(({ repaired }) => !repaired)
    if (isBackfill) {
      this.batch ??= { fetched: 0, from: this.lastTime, isTold: isToldBefore }
      this.batch.fetched++
    } else {
      this.expectToldOf(this.batch, at)
      this.batch = undefined
    }
  }

  private expectToldOf(batch: Batch | undefined, at: number): void {
    if (batch?.isTold === false) this.complain("gap-missing", `${batch.fetched} were backfilled`, at)
  }

  /** Whether a bound is this time, on whatever clock the exchange had. */
  private isAt(bound: GapEvent["from"], time: number | undefined): boolean {
    if (typeof bound !== "number" || time === undefined) return bound === time
    const { skews } = this.rules
    return [...skews].some((skew) => bound - skew === time)
  }

  /** By the venue's own clock: either bound may have been told with another. */
  private isWithin({ time }: Trade, { from = -Infinity, to = Infinity }: GapEvent): boolean {
    const skews = [...this.rules.skews]
    // the trades of the bounds' own millisecond may be lost as well
    return skews.some((skew) => time + skew >= Number(from)) && skews.some((skew) => time + skew <= Number(to))
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
    for (const { id } of missing) remember(this.unseen, id)
    if (last.time - first.time <= this.rules.detectWithinMs) return
    this.complain("gap-missing", `${missing.length} in ${last.time - first.time} ms of silence`, at)
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
