/**
 * A book whose every message is the whole of it (partial depth): live with a message, stale without a session.
 */
import type { BookViewer } from "./CheckedBookStream.ts"
import { EventStream } from "./EventStream.ts"
import type { Gap, GapReason, MarketEvent } from "./Event.ts"
import type { Leg } from "./Leg.ts"
import { type BookView, OrderBook } from "./OrderBook.ts"
import type { BookHole } from "./SymbolQueue.ts"

export class WholeBookStream extends EventStream implements BookViewer {
  readonly #book = new OrderBook()
  #bookState: "syncing" | "live" | "stale" | undefined
  #reason: string | undefined
  /** A whole book has been told since it was last stale. */
  #isTold = false

  override accept(event: MarketEvent, leg?: Leg): void {
    super.accept(event, leg)
    if (this.#isTold) this.#moveBook("live")
  }

  view(): BookView {
    return this.#bookState === "live"
      ? { state: "live", book: this.#book }
      : { state: this.#bookState ?? "syncing", reason: this.#reason }
  }

  /** The consumer lost a part of what was told: tells the book whole again, when it is live. */
  retell({ from, lost }: BookHole): void {
    if (this.#bookState !== "live") return
    const { now, subscription, venue } = this.options
    const { exchangeTime, receivedTime, sequence } = this.#book
    const at = { venue, symbol: subscription.symbol }
    this.#moveBook("stale", "the consumer did not keep up")
    this.#moveBook("syncing")
    const whole = { kind: "snapshot", bids: this.#book.bids(), asks: this.#book.asks(), sequence } as const
    const times = { receivedTime, ...(exchangeTime !== undefined && { exchangeTime }) }
    this.options.emit({ type: "book", ...at, ...times, ...whole })
    const bounds = { ...(from !== undefined && { from }), to: sequence }
    const { channel } = subscription
    const outcome = { reason: "overflow", lost, repaired: true } as const
    // nothing can have happened between equal sequences
    if (from !== sequence) {
      this.options.emit({ type: "gap", ...at, receivedTime: now(), channel, ...bounds, ...outcome })
    }
    this.#moveBook("live")
  }

  protected override sampled(events: ReadonlyArray<MarketEvent>): void {
    super.sampled(events)
    if (this.#isTold) this.#moveBook("live")
  }

  protected override pollingBegan(reason: string | undefined): void {
    super.pollingBegan(reason)
    this.#moveBook("syncing")
  }

  protected override opened(): void {
    super.opened()
    this.#moveBook("syncing")
  }

  /** In passing from one session to another it is whole with the next message, and nobody was told otherwise. */
  protected override doubted(): void {}

  protected override interrupted(gapReason: GapReason, reason: string): void {
    super.doubted(gapReason)
    super.interrupted(gapReason, reason)
    this.#isTold = false
    this.#moveBook("stale", reason)
  }

  /** That the book is no longer kept is told by its subscription's end. */
  protected override finish(): void {
    super.finish()
    this.#bookState = "stale"
    this.#reason = "ended"
  }

  protected override admitted(event: MarketEvent): void {
    if (event.type !== "book") return
    this.#book.replace(event)
    this.#isTold = true
  }

  /** The message is the repair: it comes first. */
  protected override tellAfter(gap: Gap, event: MarketEvent): void {
    this.options.emit(event)
    this.options.emit(gap)
  }

  #moveBook(state: "syncing" | "live" | "stale", reason?: string): void {
    if (this.#bookState === state) return
    this.#bookState = state
    this.#reason = reason
    const { emit, now, subscription, venue } = this.options
    const at = { venue, symbol: subscription.symbol, receivedTime: now() }
    emit({ type: "bookState", ...at, state, ...(reason !== undefined && { reason }) })
  }
}
