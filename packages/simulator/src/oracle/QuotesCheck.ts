/**
 * Best prices of one symbol: each as the market had it at its sequence, never twice, never backwards. What an interruption
 * has swallowed, or a silence longer than clients may take to see it, must be in a gap; a single frame that was lost on
 * the way cannot be known to the client, and is counted.
 */
import type { LevelSize } from "../market/book.ts"
import * as grid from "../market/grid.ts"
import type { Market } from "../market/market.ts"
import type { QuoteEvent } from "./ClientEvent.ts"
import type { Complain, Findings } from "./Report.ts"
import { Unnumbered } from "./Unnumbered.ts"

export class QuotesCheck extends Unnumbered<QuoteEvent> {
  private readonly market: Market
  private readonly detectWithinMs: number
  /** The update id at which the stream first lost its connection since the last quote. */
  private interruptedAt: number | undefined

  constructor(market: Market, detectWithinMs: number, findings: Findings, complain: Complain) {
    super(findings, complain)
    this.market = market
    this.detectWithinMs = detectWithinMs
  }

  /** The only connection that carried it has ended. */
  interrupted(): void {
    this.interruptedAt ??= this.tops?.last()?.id
  }

  accept(event: QuoteEvent): void {
    this.findings.accounted.quotes++
    const { receivedTime, sequence } = event
    const last = this.last?.sequence
    if (sequence === undefined) this.complain("unknown", "a quote without a sequence", receivedTime)
    else if (last !== undefined && sequence === last) this.complain("repeated", `${sequence}`, receivedTime)
    else if (last !== undefined && sequence < last) this.complain("backwards", `${sequence} < ${last}`, receivedTime)
    else this.compare(event, sequence)
    this.follow(event)
  }

  finish(atMs: number): void {
    const top = this.tops?.last()
    if (top === undefined) return
    if (this.last?.sequence !== top.id) {
      this.complain("behind", `at ${this.last?.sequence}, the market's best prices are of ${top.id}`, atMs)
    }
  }

  private get tops() {
    return this.market.journal?.tops
  }

  private indexOf(sequence: number): number | undefined {
    const index = this.tops?.search(sequence, ({ id }) => id)
    return index !== undefined && this.tops?.at(index)?.id === sequence ? index : undefined
  }

  private compare(event: QuoteEvent, sequence: number): void {
    const { tops } = this
    const oldest = tops?.at(0)
    if (tops === undefined || oldest === undefined || sequence < oldest.id) {
      this.findings.accounted.notComparable++
      return
    }
    const index = this.indexOf(sequence)
    if (index === undefined) {
      return this.complain("unknown", `no best prices of ${sequence}`, event.receivedTime)
    }
    const { ask, bid } = tops.at(index)!
    const expected = [...this.numbers(bid), ...this.numbers(ask)]
    const told = [event.bid, event.bidSize, event.ask, event.askSize]
    if (told.some((value, place) => value !== expected[place])) {
      this.complain("wrong", `${sequence}: ${told.join(" ")}; it was ${expected.join(" ")}`, event.receivedTime)
    }
    // what is older was on its way when the connection was lost
    const isInterrupted = this.interruptedAt !== undefined && this.interruptedAt < sequence
    if (isInterrupted) this.interruptedAt = undefined
    if (this.last?.sequence !== undefined) this.account(event, this.last.sequence, index, isInterrupted)
  }

  private numbers(level: LevelSize | undefined): readonly [number, number] {
    if (level === undefined) return [0, 0]
    const { priceGrid, sizeGrid } = this.market
    return [grid.toNumber(priceGrid, level[0]), grid.toNumber(sizeGrid, level[1])]
  }

  /** What lies between two quotes. */
  private account({ receivedTime, sequence }: QuoteEvent, last: number, index: number, isInterrupted: boolean): void {
    const before = this.indexOf(last)
    if (before === undefined) return void this.findings.accounted.notComparable++
    const unseen = index - before - 1
    if (unseen === 0 || this.told !== undefined) return
    const tops = this.tops!
    const silentMs = tops.at(index)!.time - tops.at(before + 1)!.time
    if (isInterrupted) {
      this.complain("gap-missing", `${unseen} of (${last}, ${sequence}) lost with a connection`, receivedTime)
    } else if (silentMs > this.detectWithinMs) {
      this.complain("gap-missing", `${unseen} of (${last}, ${sequence}) in ${silentMs} ms of silence`, receivedTime)
    } else this.findings.accounted.quotesUnseen += unseen
  }
}
