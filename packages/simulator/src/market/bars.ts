/**
 * The bars of one market, in every interval, built from the trades as they happen.
 * Guarantees that each bar closes once, at its boundary, with or without trades in it, and that its numbers equal the
 * trades of its time span exactly. Keeps the last `keep` bars of each interval.
 */
import { type Interval, nextOpen, openOf } from "./interval.ts"
import { Ring } from "./ring.ts"
import type { Totals, Trade } from "./tape.ts"

export interface Bar {
  readonly interval: Interval
  readonly openTime: number
  readonly closeTime: number
  open: number
  high: number
  low: number
  close: number
  /** -1 while there is no trade. */
  firstId: number
  lastId: number
  readonly from: Totals
  to: Totals
  final: boolean
}

export class Bars {
  readonly series = new Map<Interval, Ring<Bar>>()
  private readonly open = new Map<Interval, Bar>()
  private nextBoundary: number

  constructor(intervals: ReadonlyArray<Interval>, keep: number, time: number, price: number, totals: Totals) {
    for (const interval of intervals) {
      this.series.set(interval, new Ring(keep))
      this.begin(interval, openOf(interval, time), price, totals)
    }
    this.nextBoundary = this.boundary()
  }

  current(interval: Interval): Bar {
    return this.open.get(interval)!
  }

  /** When the next bar closes, in any interval. */
  get due(): number {
    return this.nextBoundary
  }

  /** Closes what has ended by `time` (one boundary at a time: call again while `due <= time`). */
  roll(): Array<Bar> {
    const closed: Array<Bar> = []
    for (const [interval, bar] of this.open) {
      if (bar.closeTime + 1 > this.nextBoundary) continue
      bar.final = true
      closed.push(bar)
      this.begin(interval, bar.closeTime + 1, bar.close, bar.to)
    }
    this.nextBoundary = this.boundary()
    return closed
  }

  /** Adds a trade; `totals` include it. */
  add(trade: Trade, totals: Totals): void {
    for (const bar of this.open.values()) {
      if (bar.firstId === -1) {
        bar.firstId = trade.id
        bar.open = bar.high = bar.low = trade.price
      }
      if (trade.price > bar.high) bar.high = trade.price
      if (trade.price < bar.low) bar.low = trade.price
      bar.close = trade.price
      bar.lastId = trade.id
      bar.to = totals
    }
  }

  private begin(interval: Interval, openTime: number, price: number, totals: Totals): void {
    const bar: Bar = {
      interval,
      openTime,
      closeTime: nextOpen(interval, openTime) - 1,
      open: price,
      high: price,
      low: price,
      close: price,
      firstId: -1,
      lastId: -1,
      from: totals,
      to: totals,
      final: false
    }
    this.open.set(interval, bar)
    this.series.get(interval)!.push(bar)
  }

  private boundary(): number {
    let next = Infinity
    for (const bar of this.open.values()) next = Math.min(next, bar.closeTime + 1)
    return next
  }
}
