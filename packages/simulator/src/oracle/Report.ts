/**
 * What an oracle found and what it accounted for. Guarantees that every violation is counted and that the first of them
 * are kept with their details; memory is bounded.
 */

/**
 * - `missing`: it happened, and was neither delivered nor told as a gap.
 * - `repeated`: delivered twice, or once more with an older number.
 * - `in-gap`: delivered, though it was told as lost.
 * - `wrong`: delivered with other values than the true ones. `unknown`: it never happened.
 * - `gap-bounds`, `gap-lost`, `gap-repaired`: a gap that is not where the hole is, miscounts it, or was not repaired.
 * - `gap-missing`: an interruption lost something, or a backfill filled something, and no gap was told.
 * - `backwards`: an older number or time than before. `after-final`: an update of a bar that had closed.
 * - `without-snapshot`: a change of a book, or a live book, without a whole one before it.
 * - `behind`: at the end, not what the market is.
 * - `illegal-state`, `active-without-socket`, `active-but-silent`, `not-active`, `not-live`: states that are not so.
 * - `counts`: received is not delivered + conflated + dropped + waiting, or not what arrived.
 * - `memory`: the heap grew beyond its bound.
 */
export type ViolationKind =
  | "missing"
  | "repeated"
  | "in-gap"
  | "wrong"
  | "unknown"
  | "gap-bounds"
  | "gap-lost"
  | "gap-repaired"
  | "gap-missing"
  | "backwards"
  | "after-final"
  | "without-snapshot"
  | "behind"
  | "illegal-state"
  | "active-without-socket"
  | "active-but-silent"
  | "not-active"
  | "not-live"
  | "counts"
  | "memory"

export interface Violation {
  readonly kind: ViolationKind
  readonly venue: string
  /** Empty where no symbol is concerned. */
  readonly symbol: string
  /** The channel, or the connection's name. */
  readonly channel: string
  readonly detail: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Everything that was held against the truth. */
export interface Accounted {
  events: number
  trades: number
  backfilledTrades: number
  /** Trades that were neither delivered nor in a gap, and that the client could not know of: a fault kept them back. */
  tradesUnseen: number
  /** Trades that were told as lost. */
  tradesInGaps: number
  quotes: number
  /** Best prices that were neither delivered nor in a gap, and that the client could not know of. */
  quotesUnseen: number
  bookEvents: number
  booksCompared: number
  barUpdates: number
  finalBars: number
  backfilledBars: number
  barsInGaps: number
  tickers: number
  marks: number
  liquidations: number
  gaps: number
  repairedGaps: number
  unrepairedGaps: number
  connectionEvents: number
  /** Sessions that were lost, as the client told them. */
  reconnects: number
  /** Events older than what the simulator keeps: nothing can be said of them. */
  notComparable: number
}

export interface HeapReport {
  readonly samples: number
  readonly firstBytes: number
  readonly lastBytes: number
  /** Mean of the last quarter less mean of the second. */
  readonly growthBytes: number
}

export interface Report {
  /** The first of them. */
  readonly violations: ReadonlyArray<Violation>
  /** All of them. */
  readonly violationCount: number
  readonly accounted: Accounted
  /** Undefined with fewer than four samples. */
  readonly heap: HeapReport | undefined
}

/** Violations kept with their details. */
const KEPT = 200

export class Findings {
  readonly violations: Array<Violation> = []
  count = 0
  readonly accounted: Accounted = {
    events: 0,
    trades: 0,
    backfilledTrades: 0,
    tradesUnseen: 0,
    tradesInGaps: 0,
    quotes: 0,
    quotesUnseen: 0,
    bookEvents: 0,
    booksCompared: 0,
    barUpdates: 0,
    finalBars: 0,
    backfilledBars: 0,
    barsInGaps: 0,
    tickers: 0,
    marks: 0,
    liquidations: 0,
    gaps: 0,
    repairedGaps: 0,
    unrepairedGaps: 0,
    connectionEvents: 0,
    reconnects: 0,
    notComparable: 0
  }

  add(violation: Violation): void {
    this.count++
    if (this.violations.length < KEPT) this.violations.push(violation)
  }
}

export interface Place {
  readonly venue: string
  readonly symbol: string
  readonly channel: string
}

/** Says what is wrong with one channel. */
export type Complain = (kind: ViolationKind, detail: string, at: number) => void

export const complainer =
  (findings: Findings, place: Place): Complain =>
  (kind, detail, at) =>
    findings.add({ kind, ...place, detail, at })
