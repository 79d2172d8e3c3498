/**
 * The book of one symbol, rebuilt from what the client was told: after every book event it equals the true book at that
 * event's sequence, level by level, as deep as the snapshot went. Changes come only between a snapshot and the next
 * `stale`; a hole is told right behind the snapshot that mends it.
 */
import type { Market } from "../market/market.ts"
import { type BookRow, journalOf } from "./BookRow.ts"
import type { BookEvent, BookStateEvent, GapEvent } from "./ClientEvent.ts"
import { ComparedSide } from "./ComparedSide.ts"
import { countGap } from "./gaps.ts"
import type { Complain, Findings } from "./Report.ts"
import { TrueRows } from "./TrueBook.ts"

/** Levels a side of a snapshot under a `book` without a depth, as the venue gives them at most. */
const DEFAULT_DEPTH = 1000

/** Both bounds exclusive. */
interface Hole {
  readonly from: number
  readonly to: number
}

export class BookCheck {
  private readonly findings: Findings
  private readonly complain: Complain
  private readonly row: BookRow
  private readonly truth: TrueRows
  private readonly sides = { bid: new ComparedSide("bid"), ask: new ComparedSide("ask") }
  /** Levels a side of a snapshot. */
  private readonly depth: number
  private state: string | undefined
  private sequence: number | undefined
  private hasSnapshot = false
  /** The last event was a snapshot. */
  private isFresh = false
  /** The gap that must come next. */
  private owed: Hole | undefined
  /** A gap that may come next: a whole book in place of one that was live. */
  private mayTell: Hole | undefined
  /** A gap before which nothing had come may follow. */
  private isFirst = false
  /** A snapshot could not be compared yet. */
  private isUnjudged = false
  /** One complaint for each snapshot: what follows a wrong level is wrong too. */
  private isKnownWrong = false

  constructor(market: Market, channel: string, row: BookRow, findings: Findings, complain: Complain) {
    this.row = row
    this.findings = findings
    this.complain = complain
    // where the row itself has an edge, what lies beyond is not unknown but told as gone
    this.depth = row.window === undefined ? Number(channel.split(":")[1] ?? DEFAULT_DEPTH) : Infinity
    const { ask, bid } = this.sides
    this.truth = new TrueRows(market, row, {
      emptied: () => [bid, ask].forEach((side) => [...side.truth.keys()].forEach((price) => side.setTruth(price, 0))),
      changed: (side, price, size) => this.sides[side].setTruth(price, size)
    })
  }

  accept(event: BookEvent): void {
    this.findings.accounted.bookEvents++
    const { receivedTime, sequence } = event
    this.expectNothingOwed(receivedTime)
    this.mayTell = undefined
    if (event.kind === "snapshot") this.begin(event)
    else if (!this.hasSnapshot) return this.complain("without-snapshot", `a change to ${sequence}`, receivedTime)
    else {
      this.compareSequence(sequence, receivedTime)
      for (const [price, size] of event.bids) this.sides.bid.setClient(price, size)
      for (const [price, size] of event.asks) this.sides.ask.setClient(price, size)
    }
    this.sequence = sequence
    this.isFresh = event.kind === "snapshot"
    this.compare(event)
  }

  move(event: BookStateEvent): void {
    this.expectNothingOwed(event.receivedTime)
    this.state = event.state
    if (event.state === "stale") this.hasSnapshot = false
    if (event.state === "live" && !this.hasSnapshot) {
      this.complain("without-snapshot", "live without a whole book", event.receivedTime)
    }
  }

  gap(gap: GapEvent): void {
    countGap(this.findings, gap)
    const { mayTell, owed } = this
    this.owed = this.mayTell = undefined
    const told = `(${gap.from ?? "…"}, ${gap.to ?? "…"})`
    if (owed !== undefined) {
      if (gap.from !== owed.from || gap.to !== owed.to) {
        this.complain("gap-bounds", `told ${told}, the hole is (${owed.from}, ${owed.to})`, gap.receivedTime)
      }
      if (!gap.repaired) this.complain("gap-repaired", "a snapshot has repaired it", gap.receivedTime)
      return
    }
    if (mayTell !== undefined && gap.from === mayTell.from && gap.to === mayTell.to && gap.repaired) return
    const isOpenEnd = gap.to === undefined && gap.from === this.sequence && this.state !== "live"
    const isOpenBegin = this.isFirst && gap.from === undefined && gap.to === this.sequence
    if (!isOpenBegin && !isOpenEnd) this.complain("gap-bounds", `told ${told} where no hole is`, gap.receivedTime)
    if (gap.repaired !== isOpenBegin) this.complain("gap-repaired", `told ${gap.repaired}`, gap.receivedTime)
  }

  /** Nothing moves any more: the book must be the market's. */
  finish(atMs: number): void {
    this.expectNothingOwed(atMs)
    const updateId = this.row.last()
    if (this.state !== "live") this.complain("not-live", `the book is ${this.state ?? "not there"}`, atMs)
    if (this.sequence !== updateId) this.complain("behind", `at ${this.sequence}, the market is at ${updateId}`, atMs)
    else if (this.row.journals().length > 0) {
      for (const side of Object.values(this.sides)) side.judgeAll()
      this.judge(atMs)
    }
  }

  /** Futures join a change that ends where the snapshot stands: it changes nothing, and only it may be as old. */
  private compareSequence(sequence: number, at: number): void {
    const before = this.sequence!
    if (sequence < before) this.complain("backwards", `${sequence} after ${before}`, at)
    else if (sequence === before && !this.isFresh) this.complain("repeated", `${sequence}`, at)
  }

  private begin(event: BookEvent): void {
    const { receivedTime, sequence } = event
    const before = this.sequence
    const isAgain = this.state === "live" && before !== undefined
    // the numbers of a row that begins anew are lower
    if (isAgain && sequence <= before && this.row.journals().length < 2) {
      this.complain("backwards", `${sequence} after ${before}`, receivedTime)
    }
    if (isAgain) this.mayTell = { from: before, to: sequence }
    if (this.state !== "live" && before !== undefined && before !== sequence) this.owed = { from: before, to: sequence }
    this.isFirst = before === undefined
    this.hasSnapshot = true
    this.isKnownWrong = false
    this.isUnjudged = true
    this.sides.bid.replace(event.bids, this.depth)
    this.sides.ask.replace(event.asks, this.depth)
  }

  private compare({ exchangeTime, kind, receivedTime, sequence }: BookEvent): void {
    const moved = this.truth.moveTo(sequence, kind === "snapshot", exchangeTime)
    if (moved === "unreachable") return void this.findings.accounted.notComparable++
    if (moved === "unknown") {
      const isOlder = journalOf(this.row.journals(), 0, sequence, exchangeTime) !== undefined
      if (isOlder) return this.complain("backwards", `${sequence}, from before it began anew`, receivedTime)
      return this.complain("unknown", `the book never was at ${sequence}`, receivedTime)
    }
    if (this.isUnjudged) for (const side of Object.values(this.sides)) side.judgeAll()
    this.isUnjudged = false
    this.judge(receivedTime)
  }

  private judge(at: number): void {
    this.findings.accounted.booksCompared++
    const { ask, bid } = this.sides
    if (this.isKnownWrong || bid.wrong.size + ask.wrong.size === 0) return
    this.isKnownWrong = true
    const { state } = this
    this.complain("wrong", `${state} at ${this.sequence}: bids ${bid.describe()} asks ${ask.describe()}`, at)
  }

  private expectNothingOwed(at: number): void {
    const { owed } = this
    if (owed === undefined) return
    this.owed = undefined
    this.complain("gap-missing", `(${owed.from}, ${owed.to}) is not told behind the snapshot`, at)
  }
}
