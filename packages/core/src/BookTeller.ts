/**
 * What the stream is told about one checked book: its snapshots and changes, its state, and its holes. `BookSync`
 * decides, this remembers what was said.
 *
 * Guarantees: a state is not told twice in a row; a hole that grows stays one hole, and is told once, with what came last
 * before it and first after it; nothing is a hole before anything was delivered.
 */
import type { BookDelta, BookSnapshot } from "./BookRule.ts"
import type { Book, BookState, Gap, GapReason } from "./Event.ts"
import type { BookHole } from "./SymbolQueue.ts"

/** Whose book it is. */
export interface BookPlace {
  /** The venue name that events carry. */
  readonly venue: string
  readonly symbol: string
  /** The channel that gaps name. */
  readonly channel: string
}

interface Hole {
  readonly reason: GapReason
  readonly from: number | undefined
  readonly lost: number | null
}

export class BookTeller {
  /** An event is being handed over. */
  isEmitting = false
  #state: BookState["state"] | undefined
  /** Why the book was last not live. */
  #reason: string | undefined
  /** The sequence of the last book event. */
  #delivered: number | undefined
  #hole: Hole | undefined
  readonly #place: BookPlace
  readonly #sink: (event: Book | BookState | Gap) => void

  constructor(place: BookPlace, sink: (event: Book | BookState | Gap) => void) {
    this.#place = place
    this.#sink = sink
  }

  get state(): BookState["state"] | undefined {
    return this.#state
  }

  get reason(): string | undefined {
    return this.#reason
  }

  get delivered(): number | undefined {
    return this.#delivered
  }

  delta(delta: BookDelta): void {
    this.#delivered = delta.last
    this.#emit(this.#book("delta", delta, delta.last))
  }

  /** Tells a snapshot, and the hole that ends with it. */
  snapshot(snapshot: BookSnapshot): void {
    const hole = this.#hole
    this.#hole = undefined
    this.#delivered = snapshot.sequence
    this.#emit(this.#book("snapshot", snapshot, snapshot.sequence))
    // nothing can have happened between equal sequences
    if (hole === undefined || hole.from === snapshot.sequence) return
    this.#emit(this.#gap(hole, snapshot.receivedTime, snapshot.sequence))
  }

  move(state: BookState["state"], receivedTime: number, reason?: string): void {
    if (reason !== undefined) this.#reason = reason
    if (this.#state === state) return
    this.#state = state
    const { symbol, venue } = this.#place
    this.#emit(
      reason === undefined
        ? { type: "bookState", venue, symbol, receivedTime, state }
        : { type: "bookState", venue, symbol, receivedTime, state, reason }
    )
  }

  /**
   * From now on something is missing, or more than was known. Without `consumer` it is not known how much; with it, it
   * is what a consumer lost of what had been delivered.
   */
  openHole(reason: GapReason, consumer?: BookHole): void {
    const hole = this.#hole
    if (hole !== undefined) {
      const lost = hole.lost === null || consumer === undefined ? null : hole.lost + consumer.lost
      this.#hole = { reason: hole.reason, from: consumer === undefined ? hole.from : consumer.from, lost }
    } else if (this.#delivered !== undefined) {
      const { from, lost } = consumer ?? { from: this.#delivered, lost: null }
      this.#hole = { reason, from, lost }
    }
  }

  /** Nothing will follow: tells the open hole. That the book is no longer kept is told by its subscription's end. */
  end(receivedTime: number): void {
    const hole = this.#hole
    this.#hole = undefined
    this.#delivered = undefined
    if (hole !== undefined) this.#emit(this.#gap(hole, receivedTime))
    this.#state = "stale"
    this.#reason = "ended"
  }

  #gap(hole: Hole, receivedTime: number, to?: number): Gap {
    const { channel, symbol, venue } = this.#place
    return {
      type: "gap",
      venue,
      symbol,
      receivedTime,
      channel,
      reason: hole.reason,
      ...(hole.from !== undefined && { from: hole.from }),
      ...(to !== undefined && { to }),
      lost: hole.lost,
      repaired: to !== undefined
    }
  }

  #book(kind: Book["kind"], change: BookDelta | BookSnapshot, sequence: number): Book {
    const { symbol, venue } = this.#place
    const { asks, bids, exact, exchangeTime, receivedTime } = change
    // literals rather than spreads: this is made for every message
    if (exact !== undefined) {
      const event = { type: "book", venue, symbol, receivedTime, kind, bids, asks, sequence, exact } as const
      return exchangeTime === undefined ? event : { ...event, exchangeTime }
    }
    return exchangeTime === undefined
      ? { type: "book", venue, symbol, receivedTime, kind, bids, asks, sequence }
      : { type: "book", venue, symbol, exchangeTime, receivedTime, kind, bids, asks, sequence }
  }

  #emit(event: Book | BookState | Gap): void {
    this.isEmitting = true
    this.#sink(event)
    this.isEmitting = false
  }
}
