/**
 * Tickers, marks and liquidations of one symbol: never older than the one before, never the same again, and a gap after
 * the only connection that carried them was lost.
 */
import * as grid from "../market/grid.ts"
import type { Market } from "../market/market.ts"
import type { GapEvent, TimedEvent } from "./ClientEvent.ts"
import type { Complain, Findings } from "./Report.ts"
import { Unnumbered } from "./Unnumbered.ts"

const counters = { ticker: "tickers", mark: "marks", liquidation: "liquidations" } as const

/** After how long without a trade a ticker must show the last one. */
const TICKER_PERIOD_MS = 2_500

/** All of it but when it came. */
const textOf = (event: TimedEvent): string => JSON.stringify({ ...event, receivedTime: 0 })

export class TimedCheck extends Unnumbered<TimedEvent> {
  private readonly market: Market
  private readonly skews: ReadonlySet<number>
  /** When the stream lost its connection, epoch milliseconds. */
  private interruptedAt: number | undefined

  constructor(market: Market, skews: ReadonlySet<number>, findings: Findings, complain: Complain) {
    super(findings, complain)
    this.market = market
    this.skews = skews
  }

  /** The only connection that carried it has ended. */
  interrupted(atMs: number): void {
    this.interruptedAt = atMs
  }

  override gap(gap: GapEvent): void {
    super.gap(gap)
    this.interruptedAt = undefined
  }

  accept(event: TimedEvent): void {
    this.findings.accounted[counters[event.type]]++
    const { last } = this
    const { exchangeTime, receivedTime } = event
    if (exchangeTime === undefined) this.complain("unknown", "without an exchange time", receivedTime)
    else if (last?.exchangeTime !== undefined) {
      // liquidations stand for themselves, in whatever order the exchange sends them
      if (event.type !== "liquidation" && exchangeTime < last.exchangeTime - this.spread()) {
        this.complain("backwards", `${exchangeTime} after ${last.exchangeTime}`, receivedTime)
      } else if (exchangeTime === last.exchangeTime && textOf(event) === textOf(last)) {
        this.complain("repeated", textOf(event), receivedTime)
      }
    }
    // what is older may have been on its way when the connection was lost
    if (this.interruptedAt !== undefined && (exchangeTime ?? 0) - Math.max(...this.skews) > this.interruptedAt) {
      if (last !== undefined) {
        this.complain("gap-missing", `its connection was lost at ${this.interruptedAt}`, receivedTime)
      }
      this.interruptedAt = undefined
    }
    this.follow(event)
  }

  /** How far the exchange's own clock may have gone back, in milliseconds. */
  private spread(): number {
    return Math.max(...this.skews) - Math.min(...this.skews)
  }

  finish(atMs: number): void {
    const { last } = this
    const trade = this.market.tape.trades.last()
    if (last?.type !== "ticker" || trade === undefined || atMs - trade.time < TICKER_PERIOD_MS) return
    const price = grid.toNumber(this.market.priceGrid, trade.price)
    if (last.last !== price) this.complain("behind", `last price ${last.last}, the market's is ${price}`, atMs)
  }
}
