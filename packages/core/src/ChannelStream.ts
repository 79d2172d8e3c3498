/**
 * The running stream of one subscription: what its connection decoded goes in, what the consumer may rely on comes out.
 * It outlives sessions, so that what was lost between two of them is accounted for.
 *
 * Guarantees: its state never claims what is not so (`live` only once it has delivered in this session); no event twice;
 * every loss that cannot be excluded is told as a `gap`.
 */
import * as Latch from "effect/Latch"
import type { BookDelta, BookSnapshot } from "./BookRule.ts"
import { BookSync } from "./BookSync.ts"
import * as Continuity from "./Continuity.ts"
import type { Event, GapReason, MarketEvent, SubscriptionStateName } from "./Event.ts"
import { type BookView, OrderBook } from "./OrderBook.ts"
import type { BookSource, Topic } from "./SocketVenue.ts"
import type { Subscription } from "./Subscription.ts"
import type { BookHole } from "./SymbolQueue.ts"

export interface ChannelStreamOptions {
  readonly venue: string
  readonly subscription: Subscription
  readonly topic: Topic
  readonly emit: (event: Event) => void
  /** An event was dropped because its like had been delivered. */
  readonly onDuplicate: () => void
  readonly now: () => number
}

/** What every kind of stream is. */
export abstract class ChannelStream {
  readonly subscription: Subscription
  readonly topic: Topic
  /** Open once the venue acknowledged it in the present session, or delivered something, which is as good. */
  readonly confirmed = Latch.makeUnsafe(false)
  isConfirmed = false
  protected readonly options: ChannelStreamOptions
  #state: SubscriptionStateName | undefined

  constructor(options: ChannelStreamOptions) {
    this.options = options
    this.subscription = options.subscription
    this.topic = options.topic
  }

  get state(): SubscriptionStateName {
    return this.#state ?? "pending"
  }

  /** Takes a decoded event of this channel. */
  abstract accept(event: MarketEvent): void

  /** A session that carries it has begun. */
  opened(): void {
    this.isConfirmed = false
    this.confirmed.closeUnsafe()
    this.move("pending")
  }

  /** The venue carries it in the present session. */
  confirm(): void {
    if (this.isConfirmed) return
    this.isConfirmed = true
    this.confirmed.openUnsafe()
  }

  /** The session that carried it is over. */
  interrupted(_gapReason: GapReason, reason: string): void {
    this.move("pending", reason)
  }

  /** Nothing more will come: tells what is still open. */
  end(reason: string | undefined): void {
    if (this.#state === "ended") return
    this.finish()
    this.move("ended", reason)
  }

  protected abstract finish(): void

  protected delivers(): void {
    if (this.#state === "live") return
    this.confirm()
    this.move("live")
  }

  /** Says a state again with a reason, or moves to another. */
  move(state: SubscriptionStateName, reason?: string): void {
    if (this.#state === "ended" || (this.#state === state && reason === undefined)) return
    this.#state = state
    const { emit, now, subscription, venue } = this.options
    const at = { venue, symbol: subscription.symbol, receivedTime: now(), channel: subscription.channel }
    emit({ type: "subscription", ...at, state, ...(reason !== undefined && { reason }) })
  }
}

/** A channel whose events stand for themselves. */
export class EventStream extends ChannelStream {
  readonly #continuity: Continuity.Continuity
  #hasBeenOpen = false

  constructor(options: ChannelStreamOptions, consecutiveTradeIds: boolean) {
    super(options)
    this.#continuity = Continuity.make({ venue: options.venue, ...options.subscription }, consecutiveTradeIds)
  }

  override opened(): void {
    this.#hasBeenOpen = true
    super.opened()
  }

  override interrupted(gapReason: GapReason, reason: string): void {
    if (this.#hasBeenOpen) this.#continuity.interrupted(gapReason)
    super.interrupted(gapReason, reason)
  }

  accept(event: MarketEvent): void {
    this.delivers()
    const admission = this.#continuity.admit(event)
    if (admission === "known") return this.options.onDuplicate()
    this.admitted(event)
    if (admission === "new") this.options.emit(event)
    else this.admitAfter(admission, event)
  }

  /** It is new, and about to be told. */
  protected admitted(_event: MarketEvent): void {}

  protected admitAfter(gap: Event, event: MarketEvent): void {
    this.options.emit(gap)
    this.options.emit(event)
  }

  protected finish(): void {
    const gap = this.#continuity.end(this.options.now())
    if (gap !== undefined) this.options.emit(gap)
  }
}

/** What a stream of books can show. */
export interface BookViewer {
  readonly view: () => BookView
}

/** A book whose every message is the whole of it (partial depth). */
export class WholeBookStream extends EventStream implements BookViewer {
  readonly #book = new OrderBook()
  #bookState: "syncing" | "live" | "stale" | undefined
  #reason: string | undefined

  override opened(): void {
    super.opened()
    this.#moveBook("syncing")
  }

  override interrupted(gapReason: GapReason, reason: string): void {
    super.interrupted(gapReason, reason)
    this.#moveBook("stale", reason)
  }

  override accept(event: MarketEvent): void {
    super.accept(event)
    this.#moveBook("live")
  }

  protected override admitted(event: MarketEvent): void {
    if (event.type === "book") this.#book.replace(event)
  }

  /** The message is the repair: it comes first. */
  protected override admitAfter(gap: Event, event: MarketEvent): void {
    this.options.emit(event)
    this.options.emit(gap)
  }

  view(): BookView {
    return this.#bookState === "live"
      ? { state: "live", book: this.#book }
      : { state: this.#bookState ?? "syncing", reason: this.#reason }
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

/** A book kept true from changes, each checked by the venue's rule. */
export class CheckedBookStream extends ChannelStream implements BookViewer {
  readonly sync: BookSync

  constructor(options: ChannelStreamOptions, source: BookSource, requestSnapshot: (stream: CheckedBookStream) => void) {
    super(options)
    const { subscription, venue } = options
    this.sync = new BookSync(
      {
        venue,
        symbol: subscription.symbol,
        channel: subscription.channel,
        rule: source.rule,
        seedsFromSocket: source.snapshot === undefined
      },
      {
        emit: (event) => {
          if (event.type === "book") this.delivers()
          options.emit(event)
        },
        requestSnapshot: () => requestSnapshot(this)
      }
    )
  }

  override opened(): void {
    super.opened()
    this.sync.start(this.options.now())
  }

  override interrupted(gapReason: GapReason, reason: string): void {
    super.interrupted(gapReason, reason)
    this.sync.disconnected(this.options.now(), gapReason, reason)
  }

  /** A checked book is made of changes; a whole one that arrives as an event is a snapshot of it. */
  accept(event: MarketEvent): void {
    if (event.type === "book") this.snapshot(event)
  }

  delta(delta: BookDelta): void {
    this.confirm()
    this.sync.delta(delta)
  }

  snapshot(snapshot: BookSnapshot): void {
    this.confirm()
    this.sync.snapshot(snapshot)
  }

  /** The whole book that was asked for did not come; it is asked for again. */
  snapshotFailed(reason: string): void {
    this.sync.snapshotFailed(reason, this.options.now())
  }

  /** The consumer missed a part of it: tells it whole again. */
  retell(hole: BookHole): void {
    this.sync.retell(hole, this.options.now())
  }

  view(): BookView {
    return this.sync.view()
  }

  protected finish(): void {
    this.sync.end(this.options.now())
  }
}
