/**
 * Best prices of one symbol: each as the market had it at its sequence, never twice, never backwards. What an interruption
 * has swallowed, or a silence longer than clients may take to see it, must be in a gap; a single frame that was lost on
 * the way cannot be known to the client, and is counted.
 */
import type { LevelSize } from "../market/book.ts"
import * as grid from "../market/grid.ts"
import type { Journal } from "../market/journal.ts"
import type { Market } from "../market/market.ts"
import type { QuoteEvent } from "./ClientEvent.ts"
import type { Complain, Findings } from "./Report.ts"
import { type BookRow, journalOf } from "./BookRow.ts"
import { Unnumbered } from "./Unnumbered.ts"

export class QuotesCheck extends Unnumbered<QuoteEvent> {
  private readonly market: Market
  private readonly row: BookRow
  /** The row's journal that the last quote was of. */
  private journal: Journal | undefined
  private readonly detectWithinMs: number
  /** The update id at which the stream first lost its connection since the last quote. */
  private interruptedAt: { readonly journal: Journal; readonly id: number } | undefined

  constructor(market: Market, row: BookRow, detectWithinMs: number, findings: Findings, complain: Complain) {
    super(findings, complain)
    this.market = market
    this.row = row
    this.detectWithinMs = detectWithinMs
  }

  /** The only connection that carried it has ended. */
  interrupted(): void {
    const journal = this.row.journals().at(-1)
    const id = journal?.tops.last()?.id
    if (journal !== undefined && id !== undefined) this.interruptedAt ??= { journal, id }
  }

  accept(event: QuoteEvent): void {
    this.findings.accounted.quotes++
    const { receivedTime, sequence } = event
    const isNewRow = sequence !== undefined && this.turnTo(event, sequence)
    const last = isNewRow ? undefined : this.last?.sequence
    if (sequence === undefined) this.complain("unknown", "a quote without a sequence", receivedTime)
    else if (last !== undefined && sequence === last) this.complain("repeated", `${sequence}`, receivedTime)
    else if (last !== undefined && sequence < last) this.complain("backwards", `${sequence} < ${last}`, receivedTime)
    else this.compare(event, sequence, isNewRow)
    this.follow(event)
  }

  finish(atMs: number): void {
    const top = this.row.journals().at(-1)?.tops.last()
    if (top === undefined) return
    if (this.last?.sequence !== top.id) {
      this.complain("behind", `at ${this.last?.sequence}, the market's best prices are of ${top.id}`, atMs)
    }
  }

  private get tops() {
    return this.journal?.tops
  }

  /** A number that falls is of the row that began anew; answers whether that is so. */
  private turnTo({ exchangeTime }: QuoteEvent, sequence: number): boolean {
    const journals = this.row.journals()
    const last = this.last?.sequence
    const at = this.journal === undefined ? -1 : journals.indexOf(this.journal)
    if (at >= 0 && last !== undefined && sequence > last && this.indexOf(sequence) !== undefined) return false
    const found = journals.length === 1 ? undefined : journalOf(journals, at + 1, sequence, exchangeTime)
    this.journal = found ?? this.journal ?? journals.at(-1)
    return found !== undefined && at >= 0
  }

  private indexOf(sequence: number): number | undefined {
    const index = this.tops?.search(sequence, ({ id }) => id)
    return index !== undefined && this.tops?.at(index)?.id === sequence ? index : undefined
  }

  private compare(event: QuoteEvent, sequence: number, isNewRow: boolean): void {
    const { tops } = this
    const oldest = tops?.at(0)
    if (tops === undefined || oldest === undefined || sequence < oldest.id) {
      this.findings.accounted.notComparable++
      return
    }
    const index = this.indexOf(sequence)
    if (index === undefined) {
      const isOlder = journalOf(this.row.journals(), 0, sequence, event.exchangeTime) !== undefined
      if (isOlder) return this.complain("backwards", `${sequence}, from before it began anew`, event.receivedTime)
      return this.complain("unknown", `no best prices of ${sequence}`, event.receivedTime)
    }
    const { ask, bid } = tops.at(index)!
    const expected = [...this.numbers(bid), ...this.numbers(ask)]
    const told = [event.bid, event.bidSize, event.ask, event.askSize]
    if (told.some((value, place) => value !== expected[place])) {
      this.complain("wrong", `${sequence}: ${told.join(" ")}; it was ${expected.join(" ")}`, event.receivedTime)
    }
    // what is older was on its way when the connection was lost
    const lost = this.interruptedAt
    const isInterrupted = lost !== undefined && (lost.journal !== this.journal || lost.id < sequence)
    if (isInterrupted) this.interruptedAt = undefined
    if (isNewRow) {
      if (isInterrupted && this.told === undefined) {
        this.complain("gap-missing", `what was before ${sequence} was lost with a connection`, event.receivedTime)
      }
    } else if (this.last?.sequence !== undefined) this.account(event, this.last.sequence, index, isInterrupted)
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
