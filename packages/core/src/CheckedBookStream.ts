/**
 * A book kept true from changes, each checked by the venue's rule. Where two sessions carry it, the first arrival of a
 * change is taken, and what one is ahead of the other waits for the other a moment before it is called a hole.
 *
 * Where the venue sends whole books on the socket, the first of a session begins it there, and tells nothing new while
 * another session keeps the book live; any later one takes the book's place.
 */
import type { BookDelta, BookSnapshot } from "./BookRule.ts"
import { compare, type Depth, type Drift, Trail } from "./BookAudit.ts"
import { BookNumbering } from "./BookNumbering.ts"
import { BookSync } from "./BookSync.ts"
import { ChannelStream, type ChannelStreamOptions } from "./ChannelStream.ts"
import { DeltaBuffer } from "./DeltaBuffer.ts"
import type { GapReason, Level, MarketEvent } from "./Event.ts"
import type { Leg } from "./Leg.ts"
import type { BookView, ReadonlyOrderBook } from "./OrderBook.ts"
import type { BookSource } from "./SocketVenue.ts"
import type { BookHole } from "./SymbolQueue.ts"

/** How far one session may be ahead of another, in changes; in time it is from one tick to the next but one. */
const AHEAD_CAPACITY = 1_000

/** What a stream of books can show. */
export interface BookViewer {
  readonly view: () => BookView
  /** The consumer missed a part of it: tells it whole again. */
  readonly retell: (hole: BookHole) => void
  /** How often it was rebuilt after a hole. */
  readonly resyncs?: number
}

export interface CheckedBookStreamOptions extends ChannelStreamOptions {
  readonly source: BookSource
  readonly requestSnapshot: (stream: CheckedBookStream) => void
  /** The snapshot that was asked for is of no use any more. */
  readonly cancelSnapshot: (stream: CheckedBookStream) => void
}

export class CheckedBookStream extends ChannelStream implements BookViewer {
  override readonly isChecked = true
  protected override readonly options: CheckedBookStreamOptions
  readonly sync: BookSync
  readonly #ahead = new DeltaBuffer(AHEAD_CAPACITY)
  /** The whole book with which a session begins that is ahead of the book. */
  #aheadSeed: BookSnapshot | undefined
  /** The legs that have had their first whole book since they were subscribed. */
  readonly #seeded = new WeakSet<Leg>()
  readonly #numbering = new BookNumbering()
  /** It waited already when the clock last ticked. */
  #waitsSince: BookDelta | undefined

  /** What has changed since an audit began. */
  #trail: Trail | undefined
  #depth: Depth = { bid: undefined, ask: undefined }

  constructor(options: CheckedBookStreamOptions) {
    super(options)
    this.options = options
    const { source, subscription, venue } = options
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
          if (event.type === "book") {
            this.delivers()
            // a whole book leaves no trace of what changed before it
            if (event.kind === "delta") this.#trail?.add(event)
            else this.#trail = undefined
          }
          options.emit(event)
        },
        requestSnapshot: () => options.requestSnapshot(this)
      }
    )
  }

  /** A checked book is made of changes and snapshots: no event is of it. */
  accept(_event: MarketEvent): void {}

  override delta(delta: BookDelta, leg?: Leg): void {
    if (this.legs.size > 1) {
      if (leg !== undefined && this.#numbering.isOver(leg)) return this.options.onDuplicate()
      this.told++
      if (this.#isAhead(delta)) return this.#keepAhead(delta)
    }
    this.sync.delta(delta)
    if (this.#ahead.size > 0) this.#catchUp()
  }

  override snapshot(snapshot: BookSnapshot, leg?: Leg): void {
    if (leg !== undefined && this.#isKnown(snapshot, leg)) return
    this.#depth = { bid: snapshot.bids.at(-1)?.[0], ask: snapshot.asks.at(-1)?.[0] }
    this.sync.snapshot(snapshot)
    if (this.#ahead.size > 0) this.#catchUp()
  }

  /** A session has subscribed it, and has not had the whole of it yet. */
  get isSeeding(): boolean {
    for (const leg of this.legs) if (!this.#seeded.has(leg)) return true
    return false
  }

  /** Asks one session for the whole of it, by subscribing anew. */
  reseed(): void {
    const legs = [...this.legs]
    const leg = legs.find(({ isConfirmed }) => isConfirmed) ?? legs[0]
    if (leg === undefined) return
    this.#seeded.delete(leg)
    leg.carrier.reseed(leg)
  }

  override attach(leg: Leg): void {
    this.#numbering.join(leg)
    super.attach(leg)
  }

  override renew(leg: Leg, reason: string): void {
    this.#seeded.delete(leg)
    super.renew(leg, reason)
  }

  /** The whole book that was asked for did not come; it is asked for again. */
  snapshotFailed(reason: string): void {
    this.sync.snapshotFailed(reason, this.options.now())
  }

  get resyncs(): number {
    return this.sync.resyncs
  }

  /** The consumer missed a part of it: tells it whole again. */
  retell(hole: BookHole): void {
    this.sync.retell(hole, this.options.now())
  }

  /** From now on it is remembered what changes; false when the book is not live. */
  beginAudit(): boolean {
    const view = this.sync.view()
    const isChecked = !this.isPolled || this.isCarried
    this.#trail = isChecked && view.state === "live" ? new Trail(view.book.sequence) : undefined
    return this.#trail !== undefined
  }

  /** Whether a live book is not yet where the venue's was. */
  isBehind(sequence: number): boolean {
    const view = this.sync.view()
    return view.state === "live" && view.book.sequence < sequence
  }

  /** Holds the book against the venue's, and rebuilds it when they differ; `undefined` when they cannot be compared. */
  finishAudit(snapshot: BookSnapshot): Drift | undefined {
    const view = this.sync.view()
    const touched = this.#trail?.touchedAfter(snapshot.sequence)
    if (view.state !== "live" || view.book.sequence < snapshot.sequence || touched === undefined) return undefined
    const drift = compare(view.book, snapshot, this.#depth, touched)
    if (drift.different > 0) {
      const found = `${drift.different} of ${drift.compared} levels differ from the venue's: ${drift.examples.join("; ")}`
      this.sync.resync(found, "sequence", this.options.now())
    }
    return drift
  }

  endAudit(): void {
    this.#trail = undefined
  }

  view(): BookView {
    return this.sync.view()
  }

  override tick(): void {
    const first = this.#ahead.at(0)
    if (first !== undefined && first === this.#waitsSince) this.#flush()
    this.#waitsSince = this.#ahead.at(0)
  }

  protected override sampled(events: ReadonlyArray<MarketEvent>): void {
    for (const event of events) {
      if (event.type !== "book") continue
      this.delivers()
      const { kind: _, type: __, venue: ___, ...snapshot } = event
      this.sync.whole(snapshot)
    }
  }

  protected override opened(): void {
    super.opened()
    this.sync.start(this.options.now())
  }

  protected override interrupted(gapReason: GapReason, reason: string): void {
    super.interrupted(gapReason, reason)
    this.options.cancelSnapshot(this)
    this.sync.disconnected(this.options.now(), gapReason, reason)
    this.sync.wholesEnded(this.options.now(), gapReason, reason)
  }

  protected override carriersChanged(): void {
    for (const leg of this.legs) this.#numbering.join(leg)
    if (this.legs.size <= 1) this.#flush()
  }

  protected finish(): void {
    this.sync.end(this.options.now())
  }

  /** It can be used only after what another session is still to bring. */
  #isAhead(delta: BookDelta): boolean {
    const waitsForSeed = this.options.source.snapshot === undefined && this.sync.view().state !== "live"
    return waitsForSeed || this.sync.isMissingBefore(delta)
  }

  /** Whether a whole book that came on a socket tells nothing that another session does not. */
  #isKnown(snapshot: BookSnapshot, leg: Leg): boolean {
    const isSeed = !this.#seeded.has(leg)
    this.#seeded.add(leg)
    const { delivered = -Infinity } = this.sync
    if (this.#numbering.isPast(snapshot, leg)) {
      this.options.onDuplicate()
      return true
    }
    if (this.sync.view().state !== "live") {
      // far below what was told it is no late one
      if (snapshot.sequence < delivered / 2) this.#beginAnew(snapshot, leg)
      else this.#numbering.join(leg)
      return false
    }
    if (this.legs.size > 1 && isSeed) {
      this.#numbering.join(leg)
      if (snapshot.sequence <= delivered) this.options.onDuplicate()
      else this.#aheadSeed = snapshot
      return true
    }
    if (isSeed || snapshot.sequence > delivered) return false
    if (snapshot.sequence === delivered && (this.legs.size > 1 || this.#isThere(snapshot))) {
      this.options.onDuplicate()
      return true
    }
    return !this.#beginAnew(snapshot, leg)
  }

  /** What waits is of the numbering that is over; false when another session has brought it here already. */
  #beginAnew(snapshot: BookSnapshot, leg: Leg): boolean {
    if (!this.#numbering.advance(snapshot, leg)) return false
    this.#ahead.clear()
    this.#aheadSeed = undefined
    return true
  }

  #isThere(snapshot: BookSnapshot): boolean {
    const view = this.sync.view()
    return view.state === "live" && isSame(view.book, snapshot)
  }

  #keepAhead(delta: BookDelta): void {
    this.#ahead.push(delta)
    if (this.#ahead.size >= AHEAD_CAPACITY) this.#flush()
  }

  /** The other session has brought what was missing: what waited goes on. */
  #catchUp(): void {
    this.#release((delta) => !this.sync.isMissingBefore(delta))
  }

  /** What is missing will not come from another session. */
  #flush(): void {
    const seed = this.#aheadSeed
    this.#aheadSeed = undefined
    const view = this.sync.view()
    if (seed !== undefined && (view.state !== "live" || view.book.sequence < seed.sequence)) this.snapshot(seed)
    this.#release(() => true)
  }

  #release(isDue: (delta: BookDelta) => boolean): void {
    for (let delta = this.#ahead.at(0); delta !== undefined && isDue(delta); delta = this.#ahead.at(0)) {
      this.#ahead.shift(1)
      this.sync.delta(delta)
    }
  }
}

/** The very same levels: a frame that came twice, and no beginning anew. */
const isSame = (book: ReadonlyOrderBook, { asks, bids }: BookSnapshot): boolean =>
  areSame(book.bids(), bids) && areSame(book.asks(), asks)

const areSame = (left: ReadonlyArray<Level>, right: ReadonlyArray<Level>): boolean =>
  left.length === right.length &&
  left.every(([price, size], index) => price === right[index]![0] && size === right[index]![1])
