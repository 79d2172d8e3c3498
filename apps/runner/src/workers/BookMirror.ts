/**
 * The book of a symbol in the main thread, made of the events that a worker's checked book tells.
 *
 * Guarantees: it is live only while the worker says so; what a lost worker told last is stale at once, and the hole is
 * told once, behind the whole book that mends it, or open when nothing follows; a consumer that lost a part is told the
 * whole of it from here, without the worker.
 */
import { type Event, OrderBook, type SymbolQueue } from "@tidewire/core"

/** Whose book it is. */
export interface BookPlace {
  readonly venue: string
  readonly symbol: string
  readonly channel: string
}

export class BookMirror {
  readonly #place: BookPlace
  readonly #emit: (event: Event.Event) => void
  readonly #now: () => number
  readonly #book = new OrderBook.OrderBook()
  readonly #live: OrderBook.BookView = { state: "live", book: this.#book }
  #state: Event.BookState["state"] = "syncing"
  #reason: string | undefined
  #hasBook = false
  /** The worker was lost with a book that had begun. */
  #isLost = false

  constructor(place: BookPlace, emit: (event: Event.Event) => void, now: () => number) {
    this.#place = place
    this.#emit = emit
    this.#now = now
  }

  get channel(): string {
    return this.#place.channel
  }

  view(): OrderBook.BookView {
    return this.#state === "live" ? this.#live : { state: this.#state, reason: this.#reason }
  }

  /** A part of the book, or the whole of it, has come. */
  take(event: Event.Book): void {
    if (event.kind === "delta") {
      const { asks, bids, exchangeTime, receivedTime, sequence } = event
      this.#book.apply({
        bids,
        asks,
        receivedTime,
        last: sequence,
        ...(exchangeTime !== undefined && { exchangeTime })
      })
      this.#emit(event)
      return
    }
    const from = this.#book.sequence
    this.#book.replace(event)
    this.#hasBook = true
    this.#emit(event)
    if (!this.#isLost) return
    this.#isLost = false
    // nothing can have happened between equal sequences
    if (from !== event.sequence) this.#tellGap("disconnect", event.receivedTime, from, event.sequence, null)
  }

  moved(event: Event.BookState): void {
    this.#state = event.state
    this.#reason = event.reason
    this.#emit(event)
  }

  /** The worker is no more. */
  lost(reason: string): void {
    if (this.#hasBook) this.#isLost = true
    if (this.#state !== "stale") this.#move("stale", reason)
  }

  /** The consumer lost a part of it. */
  retell({ from, lost }: SymbolQueue.BookHole): void {
    if (this.#state !== "live") return
    const { exchangeTime, receivedTime, sequence } = this.#book
    this.#move("stale", "the consumer did not keep up")
    this.#move("syncing")
    const { symbol, venue } = this.#place
    const times = { ...(exchangeTime !== undefined && { exchangeTime }), receivedTime }
    const whole = { kind: "snapshot", bids: this.#book.bids(), asks: this.#book.asks(), sequence } as const
    this.#emit({ type: "book", venue, symbol, ...times, ...whole })
    if (from !== sequence) this.#tellGap("overflow", this.#now(), from, sequence, lost)
    this.#move("live")
  }

  /** Nothing follows: tells the hole that is still open. */
  end(): void {
    if (this.#isLost) this.#tellGap("disconnect", this.#now(), this.#book.sequence, undefined, null)
    this.#isLost = false
  }

  #move(state: Event.BookState["state"], reason?: string): void {
    const { symbol, venue } = this.#place
    const at = { venue, symbol, receivedTime: this.#now() }
    this.moved({ type: "bookState", ...at, state, ...(reason !== undefined && { reason }) })
  }

  #tellGap(
    reason: Event.GapReason,
    receivedTime: number,
    from: number | undefined,
    to: number | undefined,
    lost: number | null
  ): void {
    this.#emit({
      type: "gap",
      ...this.#place,
      receivedTime,
      reason,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      lost,
      repaired: to !== undefined
    })
  }
}
