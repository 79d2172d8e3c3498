/**
 * Bars of one symbol and interval: final once, in order, as the trades made them, or inside one gap; nothing of a bar
 * after its end. Bars are counted by their open times; months, which have no even length, are not checked.
 */
import * as grid from "../market/grid.ts"
import { type Interval, nextOpen, openOf } from "../market/interval.ts"
import type { Market } from "../market/market.ts"
import * as written from "../market/written.ts"
import type { BarEvent, GapEvent } from "./ClientEvent.ts"
import { countGap } from "./gaps.ts"
import { Ledger } from "./Ledger.ts"
import type { Complain, Findings } from "./Report.ts"

export class BarsCheck {
  private readonly market: Market
  private readonly interval: Interval
  private readonly findings: Findings
  private readonly complain: Complain
  private readonly ledger: Ledger
  private readonly length: number
  /** Where counting begins: an open time. */
  private readonly origin: number
  /** The bar that was updated last. */
  private open: BarEvent | undefined

  constructor(market: Market, interval: Interval, findings: Findings, complain: Complain) {
    this.market = market
    this.interval = interval
    this.findings = findings
    this.complain = complain
    this.origin = openOf(interval, market.bornAt)
    this.length = nextOpen(interval, this.origin) - this.origin
    this.ledger = new Ledger(complain, (position) => new Date(this.origin + position * this.length).toISOString())
  }

  accept(event: BarEvent): void {
    const { accounted } = this.findings
    const { openTime, receivedTime } = event
    const isBackfill = event.origin === "backfill"
    const position = this.position(openTime)
    if (openOf(this.interval, openTime) !== openTime || event.closeTime !== openTime + this.length - 1) {
      return this.complain("unknown", `a bar from ${openTime} to ${event.closeTime}`, receivedTime)
    }
    if (!event.isFinal) {
      accounted.barUpdates++
      this.update(event, position)
      return
    }
    accounted.finalBars++
    if (isBackfill) accounted.backfilledBars++
    if (this.ledger.take(position, isBackfill, receivedTime)) this.compare(event)
  }

  gap(gap: GapEvent): void {
    const bound = (time: number | string | undefined) =>
      typeof time === "number" ? this.position(time) : time === undefined ? undefined : Number.NaN
    const claim = { from: bound(gap.from), to: bound(gap.to), lost: gap.lost, repaired: gap.repaired }
    const countsPositions = gap.reason !== "overflow"
    this.findings.accounted.barsInGaps += this.ledger.tell({ ...claim, countsPositions }, gap.receivedTime)
    countGap(this.findings, gap)
  }

  /** Bars that ended less than `graceMs` ago may still be on their way. */
  finish(atMs: number, graceMs: number): void {
    if (this.ledger.next === undefined) this.complain("missing", "not one bar was delivered", atMs)
    else this.ledger.finish(this.position(openOf(this.interval, atMs - graceMs)) - 1, atMs)
  }

  private position(openTime: number): number {
    return (openTime - this.origin) / this.length
  }

  private update(event: BarEvent, position: number): void {
    const { ledger, open } = this
    const { receivedTime } = event
    if (ledger.next !== undefined && position === ledger.next - 1) {
      return this.complain("after-final", `an update of ${new Date(event.openTime).toISOString()}`, receivedTime)
    }
    if (!ledger.reach(position, event.origin === "backfill", receivedTime)) return
    this.open = event
    const isSame = open?.openTime === event.openTime
    if (isSame && (event.trades ?? 0) < (open.trades ?? 0)) {
      this.complain("backwards", `${event.trades} trades after ${open.trades}`, receivedTime)
    }
    const truth = this.truth(event.openTime)
    if (truth === undefined) return
    const { priceGrid } = this.market
    const [opened, high, low] = [truth.open, truth.high, truth.low].map((ticks) => grid.toNumber(priceGrid, ticks))
    const isPossible = event.open === opened && event.high <= high! && event.low >= low!
    if (!isPossible) {
      const told = `${event.open} ${event.high} ${event.low}`
      this.complain("wrong", `open, high, low so far ${told}; the bar has ${opened} ${high} ${low}`, receivedTime)
    }
  }

  private truth(openTime: number) {
    const series = this.market.bars.series.get(this.interval)
    const found = series?.at(series.search(openTime, (bar) => bar.openTime))
    return found?.openTime === openTime ? found : undefined
  }

  private compare(event: BarEvent): void {
    const truth = this.truth(event.openTime)
    if (truth === undefined) {
      const first = this.market.bars.series.get(this.interval)?.at(0)
      if (first !== undefined && event.openTime < first.openTime) this.findings.accounted.notComparable++
      else this.complain("unknown", `a bar from ${event.openTime}`, event.receivedTime)
      return
    }
    const { market } = this
    const { trades: count, turnover, ...texts } = written.bar(market, truth)
    // what is worth something in coin is not told
    const worth = market.rules.isInverse ? texts.volume : turnover
    const numbers = [...Object.values(texts), worth].map(Number)
    const expected = [true, ...numbers, market.rules.countsBarTrades ? count : undefined]
    const { open, high, low, close, volume, quoteVolume, trades } = event
    const told = [truth.final, open, high, low, close, volume, quoteVolume, trades]
    if (told.every((value, index) => value === expected[index])) return
    this.complain("wrong", `${event.openTime}: ${told.join(" ")}; it was ${expected.join(" ")}`, event.receivedTime)
  }
}
