/**
 * What a market's book and best prices were at each of their last `capacity` changes, so that a client that is behind
 * can be held against the book as it was then. Guarantees that the base with the changes after it is the true book at
 * any of their ids. Memory is bounded by `capacity` and the levels of one book.
 */
import type { LevelSize, Side } from "./book.ts"
import { Ring } from "./ring.ts"

/** A level has this size from this update id on; prices are ticks, sizes steps, 0 removes. */
export interface Change {
  readonly id: number
  readonly side: Side
  readonly price: number
  readonly size: number
}

/** The best prices from this update id on; an empty side is absent. */
export interface Top {
  readonly id: number
  /** Venue time, epoch milliseconds. */
  readonly time: number
  readonly bid: LevelSize | undefined
  readonly ask: LevelSize | undefined
}

export class Journal {
  readonly changes: Ring<Change>
  readonly tops: Ring<Top>
  /** The book at `baseId`: before the oldest change that is kept. */
  readonly base = { bid: new Map<number, number>(), ask: new Map<number, number>() }
  baseId: number
  /** Changes that are in the base. */
  forgotten = 0

  constructor(capacity: number, firstUpdateId: number) {
    this.changes = new Ring(capacity)
    this.tops = new Ring(capacity)
    this.baseId = firstUpdateId
  }

  changed(change: Change): void {
    const oldest = this.changes.at(0)
    if (oldest !== undefined && this.changes.length === this.changes.capacity) {
      const levels = this.base[oldest.side]
      if (oldest.size === 0) levels.delete(oldest.price)
      else levels.set(oldest.price, oldest.size)
      this.baseId = oldest.id
      this.forgotten++
    }
    this.changes.push(change)
  }
}
