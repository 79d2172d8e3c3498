/**
 * A book as the page follows it: a snapshot of the API, and the changes that came after it, by their sequence.
 *
 * Guarantees: a change that the snapshot has is not taken again; while the venue's book is not live there are no levels, so
 * that nobody trades on them; at most `MOST` levels a side. What the page lost is not seen here: whoever reads calls `begin`.
 */
import type { Event } from "@tidewire/core"
import type { BookAnswer } from "../api/Stream.ts"

const MOST = 1_000
const MOST_WAITING = 2_000

export type BookState = Event.BookState["state"]

export class LiveBook {
  state: BookState | undefined
  reason: string | undefined
  sequence = 0
  /** Epoch ms of the last change, by the instance. */
  changedAt: number | undefined
  /** Taken from the API, and followed since then. */
  isWhole = false
  #bids = new Map<number, number>()
  #asks = new Map<number, number>()
  #waiting: Array<Event.Book> = []

  /** A snapshot is asked for: changes wait for it. */
  begin(): void {
    this.isWhole = false
    this.#waiting = []
  }

  snapshot({ asks, bids, sequence = 0, state }: BookAnswer): void {
    this.state = state
    if (state !== "live") return this.#clear()
    this.#replace(bids, asks, sequence)
    const waiting = this.#waiting
    this.#waiting = []
    for (const change of waiting) this.change(change)
  }

  change(change: Event.Book): void {
    if (change.kind === "snapshot") this.#replace(change.bids, change.asks, change.sequence)
    else if (!this.isWhole) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(change)
      return
    } else if (change.sequence <= this.sequence) return
    else {
      apply(this.#bids, change.bids, (one, other) => other - one)
      apply(this.#asks, change.asks, (one, other) => one - other)
      this.sequence = change.sequence
    }
    this.changedAt = change.receivedTime
  }

  became({ reason, state }: Event.BookState): void {
    this.state = state
    this.reason = reason
    if (state !== "live") this.#clear()
  }

  /** Best first. */
  bids(depth: number): ReadonlyArray<Event.Level> {
    return best(this.#bids, depth, (one, other) => other - one)
  }

  asks(depth: number): ReadonlyArray<Event.Level> {
    return best(this.#asks, depth, (one, other) => one - other)
  }

  #replace(bids: ReadonlyArray<Event.Level>, asks: ReadonlyArray<Event.Level>, sequence: number): void {
    this.#bids = new Map(bids.slice(0, MOST))
    this.#asks = new Map(asks.slice(0, MOST))
    this.sequence = sequence
    this.isWhole = true
  }

  #clear(): void {
    this.#bids = new Map()
    this.#asks = new Map()
    this.#waiting = []
    this.isWhole = false
  }
}

type Order = (one: number, other: number) => number

const apply = (side: Map<number, number>, levels: ReadonlyArray<Event.Level>, order: Order): void => {
  for (const [price, size] of levels) {
    if (size === 0) side.delete(price)
    else side.set(price, size)
  }
  if (side.size <= 2 * MOST) return
  for (const price of [...side.keys()].toSorted(order).slice(MOST)) side.delete(price)
}

const best = (side: ReadonlyMap<number, number>, depth: number, order: Order): ReadonlyArray<Event.Level> =>
  [...side].toSorted(([one], [other]) => order(one, other)).slice(0, depth)
