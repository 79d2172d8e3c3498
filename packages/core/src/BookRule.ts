/**
 * What a venue supplies so that core can keep its order books: the shape of a decoded change, and the venue's rule for
 * chaining one change to the next. Pure data and pure functions; `BookSync` does the rest.
 */
import type { Level } from "./Event.ts"

/** One decoded change of a book. Levels are best first; sizes are absolute, 0 removes. */
export interface BookDelta {
  readonly symbol: string
  /** The first update id that the change covers. */
  readonly first: number
  /** The last update id that the change covers: the sequence of the book once it is applied. */
  readonly last: number
  /** The `last` of the change before, where the venue sends it. */
  readonly previous?: number
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
  readonly exchangeTime?: number
  readonly receivedTime: number
  readonly exact?: Readonly<Record<string, string>>
}

/** A whole book, as the venue gave it. */
export interface BookSnapshot {
  readonly symbol: string
  readonly sequence: number
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
  readonly exchangeTime?: number
  readonly receivedTime: number
  readonly exact?: Readonly<Record<string, string>>
}

/** What is to be done with a change: use it, pass over it (it is already in the book), or say that one is missing. */
export type Verdict = "apply" | "ignore" | "gap"

export interface BookRule {
  /** The first change after a snapshot. `gap`: the snapshot is too old for it. */
  readonly join: (snapshotSequence: number, delta: BookDelta) => Verdict
  /** Each later change, after the one that ended at `sequence`. */
  readonly follow: (sequence: number, delta: BookDelta) => Verdict
}
