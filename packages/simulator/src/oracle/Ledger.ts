/**
 * Keeps account of one row of consecutive positions (trade ids, bars counted by their open times): each is delivered
 * once, in order, or lies inside one gap. Knows nothing of what stands at a position.
 *
 * What is expected around a hole: what could be fetched is delivered with `backfill` first, then the gap: repaired, when
 * all of it was; else one gap for exactly what is still missing, unrepaired. A live event never skips a position.
 */
import type { Complain } from "./Report.ts"

/** Both bounds exclusive. */
interface Hole {
  readonly from: number
  readonly to: number
}

export interface GapClaim {
  readonly from: number | undefined
  readonly to: number | undefined
  readonly lost: number | null
  readonly repaired: boolean
  /** Whether `lost` counts positions: what a queue dropped of bars counts their updates. */
  readonly countsPositions: boolean
}

/** Gaps remembered, to tell what was delivered inside one from what was repeated. */
const TOLD_KEPT = 64

export class Ledger {
  /** The position that must come next. */
  next: number | undefined
  /** Everything from here up to `next` was delivered. */
  private wholeSince = 0
  /** Where the backfill began that is going on, or has just ended. */
  private backfilledFrom: number | undefined
  /** Skipped by a backfill; gaps that tell them must come before the next live event. */
  private holes: Array<Hole> = []
  private readonly told: Array<Hole> = []
  private readonly complain: Complain
  private readonly name: (position: number) => string

  constructor(complain: Complain, name: (position: number) => string = String) {
    this.complain = complain
    this.name = name
  }

  /** Something at `position` has come, and more of it may come; false when nothing should have. */
  reach(position: number, isBackfill: boolean, at: number): boolean {
    const { next } = this
    if (next === undefined) {
      this.next = this.wholeSince = position
      return true
    }
    if (position < next) {
      const hole = this.told.find(({ from, to }) => from < position && position < to)
      if (hole === undefined) this.complain("repeated", `${this.name(position)} after ${this.name(next - 1)}`, at)
      else this.complain("in-gap", `${this.name(position)} was told as lost: ${this.range(hole.from, hole.to)}`, at)
      return false
    }
    if (!isBackfill) this.settle(at)
    if (position > next) {
      if (isBackfill) this.holes.push({ from: next - 1, to: position })
      else this.complain("missing", this.range(next - 1, position), at)
      this.next = this.wholeSince = position
    }
    return true
  }

  /** What stands at `position` has come; false when it should not have. */
  take(position: number, isBackfill: boolean, at: number): boolean {
    const isNew = this.reach(position, isBackfill, at)
    if (isNew) this.next = position + 1
    if (isBackfill) this.backfilledFrom ??= position
    return isNew
  }

  /** A gap was told; answers how many positions it accounts for. */
  tell(gap: GapClaim, at: number): number {
    return gap.repaired ? this.tellRepaired(gap, at) : this.tellLost(gap, at)
  }

  /** The row ends with `last`; nothing more will come. */
  finish(last: number, at: number): void {
    this.settle(at)
    const tail = this.told[this.told.length - 1]
    if (tail?.to === Infinity || this.next === undefined || this.next > last) return
    this.complain("missing", `${this.range(this.next - 1, last + 1)} at the end`, at)
  }

  private tellRepaired({ from, lost, to }: GapClaim, at: number): number {
    const { backfilledFrom, holes, next, wholeSince } = this
    this.backfilledFrom = undefined
    if (from === undefined || to === undefined || to !== next || backfilledFrom !== from + 1 || holes.length > 0) {
      const whole = next === undefined ? "nothing" : this.range(wholeSince - 1, next)
      const since = backfilledFrom === undefined ? "nothing" : `from ${this.name(backfilledFrom)} on`
      this.complain("gap-repaired", `told ${this.range(from, to)}, delivered ${whole}, backfilled ${since}`, at)
    } else if (lost !== to - from - 1) {
      this.complain("gap-lost", `told ${lost} of ${this.range(from, to)}`, at)
    }
    return 0
  }

  private tellLost({ countsPositions, from, lost, to }: GapClaim, at: number): number {
    const { next } = this
    this.backfilledFrom = undefined
    const skipped = this.holes.find((hole) => hole.from === from && hole.to === to)
    if (skipped !== undefined) this.holes = this.holes.filter((hole) => hole !== skipped)
    else if (from !== (next === undefined ? undefined : next - 1) || (to ?? Infinity) <= (from ?? -Infinity) + 1) {
      const after = next === undefined ? "nothing" : this.name(next - 1)
      this.complain("gap-bounds", `told ${this.range(from, to)} after ${after}`, at)
    }
    const count = from === undefined || to === undefined ? null : to - from - 1
    if (countsPositions && lost !== count) this.complain("gap-lost", `told ${lost} of ${this.range(from, to)}`, at)
    this.told.push({ from: from ?? -Infinity, to: to ?? Infinity })
    if (this.told.length > TOLD_KEPT) this.told.shift()
    if (to !== undefined && (next === undefined || to > next)) this.next = this.wholeSince = to
    return Math.max(0, count ?? 0)
  }

  /** What a backfill left open is closed by a gap, or never. */
  private settle(at: number): void {
    const { backfilledFrom, holes } = this
    this.holes = []
    this.backfilledFrom = undefined
    for (const { from, to } of holes) this.complain("missing", `${this.range(from, to)} skipped by a backfill`, at)
    if (backfilledFrom === undefined || holes.length > 0) return
    this.complain("gap-missing", `backfilled from ${this.name(backfilledFrom)} on`, at)
  }

  private range(from: number | undefined, to: number | undefined): string {
    const text = (position: number | undefined) => (position === undefined ? "…" : this.name(position))
    return `(${text(from)}, ${text(to)})`
  }
}
