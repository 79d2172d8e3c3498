/**
 * Trades of one symbol: every id once, in order, as it was traded, or inside one gap. Spot counts fills, USDⓈ-M
 * aggregates.
 */
import * as grid from "../market/grid.ts"
import type { Market } from "../market/market.ts"
import type { GapEvent, TradeEvent } from "./ClientEvent.ts"
import { Ledger } from "./Ledger.ts"
import { countGap } from "./gaps.ts"
import type { Complain, Findings } from "./Report.ts"

export class TradesCheck {
  private readonly market: Market
  private readonly skews: ReadonlySet<number>
  private readonly findings: Findings
  private readonly complain: Complain
  private readonly ledger: Ledger

  constructor(market: Market, skews: ReadonlySet<number>, findings: Findings, complain: Complain) {
    this.market = market
    this.skews = skews
    this.findings = findings
    this.complain = complain
    this.ledger = new Ledger(complain)
  }

  accept(event: TradeEvent): void {
    const { accounted } = this.findings
    const isBackfill = event.origin === "backfill"
    const id = Number(event.id)
    if (!Number.isSafeInteger(id)) return this.complain("unknown", `id ${event.id}`, event.receivedTime)
    if (isBackfill) accounted.backfilledTrades++
    else accounted.trades++
    this.ledger.take(id, isBackfill, event.receivedTime)
    this.compare(event, id)
  }

  gap(gap: GapEvent): void {
    const bound = (id: number | string | undefined) => (id === undefined ? undefined : Number(id))
    const claim = { from: bound(gap.from), to: bound(gap.to), lost: gap.lost, repaired: gap.repaired }
    if (typeof gap.from === "number" || typeof gap.to === "number") {
      this.complain("gap-bounds", `bounds are ids, which are texts: ${gap.from}, ${gap.to}`, gap.receivedTime)
    }
    this.findings.accounted.tradesInGaps += this.ledger.tell({ ...claim, countsPositions: true }, gap.receivedTime)
    countGap(this.findings, gap)
  }

  finish(atMs: number): void {
    const last = this.tape.last()
    if (last === undefined) return
    if (this.ledger.next === undefined) this.complain("missing", "not one trade was delivered", atMs)
    else this.ledger.finish(last.id, atMs)
  }

  private get tape() {
    const { definition, tape } = this.market
    return definition.market === "spot" ? tape.trades : tape.aggregates
  }

  private compare(event: TradeEvent, id: number): void {
    const { priceGrid, sizeGrid } = this.market
    const { tape } = this
    const first = tape.at(0)
    if (first === undefined || id < first.id) return void this.findings.accounted.notComparable++
    const truth = tape.at(id - first.id)
    if (truth === undefined) return this.complain("unknown", `id ${id}`, event.receivedTime)
    const price = grid.toNumber(priceGrid, truth.price)
    const size = grid.toNumber(sizeGrid, truth.size)
    const side = truth.buyerIsMaker ? "sell" : "buy"
    const isAtItsTime = event.exchangeTime !== undefined && this.skews.has(event.exchangeTime - truth.time)
    if (event.price === price && event.size === size && event.side === side && isAtItsTime) return
    const told = `${event.side} ${event.size} at ${event.price}, ${event.exchangeTime}`
    this.complain("wrong", `id ${id}: ${told}; it was ${side} ${size} at ${price}, ${truth.time}`, event.receivedTime)
  }
}
