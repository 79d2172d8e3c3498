/**
 * A book whose library gives the whole of it at every change: the first is told as a snapshot, each later one by what
 * differs from what was told.
 *
 * Guarantees: sequences rise: the exchange's own number where there is one and it rises, else our count; the book is stale
 * from the moment a hole is known until a whole book mends it; while two sessions carry it, one is followed, and the
 * newer one as soon as it is as far. A book that is crossed twice in a row is asked for anew.
 */
import { type BookRule, type Event, OrderBook, Supervision } from "@tidewire/core"
import { changes, type Levels } from "./compare.ts"

type Snapshot = BookRule.BookSnapshot
type Leg = Supervision.Leg

export class ComparedBook extends Supervision.ChannelStream implements Supervision.BookViewer {
  override readonly isChecked = true
  resyncs = 0
  readonly #teller: Supervision.BookTeller
  readonly #book = new OrderBook.OrderBook()
  #bids: Levels = []
  #asks: Levels = []
  /** The one whose books are told. */
  #followed: Leg | undefined
  #wasCrossed = false
  readonly #deferred: Array<() => void> = []

  constructor(options: Supervision.ChannelStreamOptions) {
    super(options)
    const { emit, subscription, venue } = options
    this.#teller = new Supervision.BookTeller({ venue, ...subscription }, (event) => {
      if (event.type === "book") this.delivers()
      emit(event)
    })
  }

  accept(): void {}

  override snapshot(snapshot: Snapshot, leg?: Leg): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.snapshot(snapshot, leg))
    if (leg !== undefined && leg !== this.#followed && !this.#turnsTo(snapshot, leg)) return this.options.onDuplicate()
    if (isCrossed(snapshot) && this.#wasCrossed && leg !== undefined) {
      this.#stale("crossed", "sequence", leg)
    } else {
      this.#wasCrossed = isCrossed(snapshot)
      if (this.#teller.state === "live") this.#follow(snapshot)
      else this.#place(snapshot)
    }
    this.#settle()
  }

  /** The library has found it broken: it is stale until a whole one comes. */
  broken(reason: string): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.broken(reason))
    this.#stale(reason, "sequence")
    this.#settle()
  }

  retell(hole: Parameters<Supervision.BookTeller["openHole"]>[1]): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.retell(hole))
    const { now, subscription } = this.options
    this.#teller.openHole("overflow", hole)
    if (this.#teller.state === "live") {
      this.#teller.move("stale", now(), "the consumer did not keep up")
      this.#teller.move("syncing", now())
      const { exchangeTime, receivedTime, sequence } = this.#book
      const stamps = { sequence, receivedTime, ...(exchangeTime !== undefined && { exchangeTime }) }
      this.#teller.snapshot({ symbol: subscription.symbol, bids: this.#bids, asks: this.#asks, ...stamps })
      this.#teller.move("live", now())
    }
    this.#settle()
  }

  view(): OrderBook.BookView {
    const { reason, state } = this.#teller
    return state === "live" ? { state, book: this.#book } : { state: state ?? "syncing", reason }
  }

  protected override pollingBegan(reason: string | undefined): void {
    super.pollingBegan(reason)
    this.#teller.move("syncing", this.options.now())
  }

  /** A book that is polled is compared as any other. */
  protected override sampled(events: ReadonlyArray<Event.MarketEvent>): void {
    for (const event of events) {
      if (event.type !== "book") continue
      const { kind: _, type: __, venue: ___, ...snapshot } = event
      this.snapshot(snapshot)
    }
  }

  protected override opened(): void {
    super.opened()
    // polling may keep it meanwhile
    if (this.#teller.state !== "live") this.#teller.move("syncing", this.options.now())
  }

  protected override interrupted(gapReason: Event.GapReason, reason: string): void {
    super.interrupted(gapReason, reason)
    if (this.#teller.isEmitting) return this.#defer(() => this.#lose(gapReason, reason))
    this.#lose(gapReason, reason)
  }

  protected finish(): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.finish())
    this.#teller.end(this.options.now())
  }

  /** Whether another session's books are told from here on: nothing follows the one before, or they are as far. */
  #turnsTo({ exchangeTime, sequence }: Snapshot, leg: Leg): boolean {
    const before = this.#followed
    if (before !== undefined && this.legs.has(before) && this.#teller.state === "live") {
      const isBehind = Number.isFinite(sequence)
        ? sequence < this.#book.sequence
        : (exchangeTime ?? Infinity) < (this.#book.exchangeTime ?? 0)
      if (isBehind) return false
    }
    this.#followed = leg
    return true
  }

  #place(snapshot: Snapshot): void {
    const sequence = Number.isFinite(snapshot.sequence) ? snapshot.sequence : this.#book.sequence + 1
    const whole = { ...snapshot, sequence }
    if (this.#teller.delivered !== undefined) this.resyncs++
    this.#keep(whole)
    this.#book.replace(whole)
    this.#teller.snapshot(whole)
    this.#teller.move("live", whole.receivedTime)
  }

  #follow(snapshot: Snapshot): void {
    const bids = changes(this.#bids, snapshot.bids, -1)
    const asks = changes(this.#asks, snapshot.asks, 1)
    const told = this.#book.sequence
    const isNumbered = snapshot.sequence > told
    if (!isNumbered && bids.length === 0 && asks.length === 0) return
    const last = isNumbered ? snapshot.sequence : told + 1
    const delta = { ...snapshot, first: told + 1, last, bids, asks }
    this.#keep(snapshot)
    this.#book.apply(delta)
    this.#teller.delta(delta)
  }

  #keep({ asks, bids }: Snapshot): void {
    this.#bids = bids
    this.#asks = asks
  }

  /** A hole: the library's next book mends it, or one that is begun anew where that cannot be believed. */
  #stale(reason: string, gapReason: Event.GapReason, leg?: Leg): void {
    const { now } = this.options
    this.#wasCrossed = false
    this.#teller.openHole(gapReason)
    this.#teller.move("stale", now(), reason)
    if (leg === undefined) this.#teller.move("syncing", now())
    else leg.carrier.reseed(leg)
  }

  #lose(gapReason: Event.GapReason, reason: string): void {
    this.#followed = undefined
    this.#wasCrossed = false
    this.#teller.openHole(gapReason)
    this.#teller.move("stale", this.options.now(), reason)
  }

  #defer(input: () => void): void {
    this.#deferred.push(input)
  }

  #settle(): void {
    for (let input = this.#deferred.shift(); input !== undefined; input = this.#deferred.shift()) input()
  }
}

const isCrossed = ({ asks, bids }: Snapshot): boolean =>
  bids[0] !== undefined && asks[0] !== undefined && bids[0][0] >= asks[0][0]
