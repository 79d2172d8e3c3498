/**
 * Keeps one order book true to the venue: a pure synchronous state machine, fed with changes, snapshots and what happens
 * to the connection. Every change is checked by the venue's rule; nothing is assumed about when things come.
 *
 * Guarantees: while the view is `live`, the book is the venue's at that sequence, as far as the rule can tell. The order
 * told is `stale` (at detection) → `syncing` (a snapshot is asked for) → snapshot → the `gap`, if anything was lost →
 * the waiting changes that join → `live`; no change is told between `stale` and the snapshot. Each hole is told once.
 * At most `maxBuffered` changes wait. Inputs may be given from within the sink: they take effect after the one at work.
 */
import type { BookDelta, BookRule, BookSnapshot, Verdict } from "./BookRule.ts"
import { type BookPlace, BookTeller } from "./BookTeller.ts"
import { DeltaBuffer } from "./DeltaBuffer.ts"
import type { Book, BookState, Gap, GapReason } from "./Event.ts"
import { type BookView, OrderBook } from "./OrderBook.ts"
import type { BookHole } from "./SymbolQueue.ts"

const DEFAULT_MAX_BUFFERED = 10_000

/** Snapshots in a row that may be older than what was delivered, before that is taken for a new numbering. */
const OLDER_SNAPSHOTS = 3

/** Changes numbered lower but stamped later than the last, in a row, that prove a new numbering. */
const RENUMBERED_AFTER = 16

export interface BookSyncOptions extends BookPlace {
  readonly rule: BookRule
  /** True where the venue sends snapshots on the socket, in the order of its changes; asking for one is to subscribe anew. */
  readonly seedsFromSocket: boolean
  /** Changes that may wait for a snapshot; default 10 000. The oldest give way, and a newer snapshot is then needed. */
  readonly maxBuffered?: number
  /** Levels a side that the book may have; default 10 000. */
  readonly maxLevels?: number
}

/** What the machine asks of its surroundings: synchronous, and must not throw. */
export interface BookSyncSink {
  readonly emit: (event: Book | BookState | Gap) => void
  /**
   * Get a snapshot and give it to `snapshot`, or the failure to `snapshotFailed`. Pacing is the callee's: it is called
   * again at once when a snapshot was too old or failed. A later call takes the place of an earlier one.
   */
  readonly requestSnapshot: () => void
}

export class BookSync {
  /** Changes put in the book. */
  applied = 0
  /** Times that the book was rebuilt on a live connection. */
  resyncs = 0
  /** Times that a live book was told whole again to a consumer that had lost a part. */
  retells = 0
  /** Snapshots that were of no use because they were too old. */
  refetches = 0
  /** Changes passed over because their like had come before. */
  duplicates = 0
  readonly #options: BookSyncOptions
  readonly #requestSnapshot: () => void
  readonly #teller: BookTeller
  readonly #book: OrderBook
  readonly #live: BookView
  readonly #buffer: DeltaBuffer
  /** `joining`: the snapshot is in the book, and no change has followed it yet. */
  #phase: "idle" | "syncing" | "joining" | "following" = "idle"
  #wasCrossed = false
  #olderSnapshots = 0
  #renumbered = 0
  /** Inputs that came from within the sink, until the input at work is done. */
  readonly #deferred: Array<() => void> = []

  constructor(options: BookSyncOptions, sink: BookSyncSink) {
    this.#options = options
    this.#requestSnapshot = sink.requestSnapshot
    this.#teller = new BookTeller(options, sink.emit)
    this.#book = new OrderBook(options.maxLevels === undefined ? {} : { maxLevels: options.maxLevels })
    this.#live = { state: "live", book: this.#book }
    this.#buffer = new DeltaBuffer(options.maxBuffered ?? DEFAULT_MAX_BUFFERED)
  }

  /** The sequence of what was told last; `undefined` before that. */
  get delivered(): number | undefined {
    return this.#teller.delivered
  }

  /** Waiting changes that gave way because there were too many. */
  get droppedBuffered(): number {
    return this.#buffer.dropped
  }

  view(): BookView {
    const { reason, state } = this.#teller
    return state === "live" ? this.#live : { state: state ?? "syncing", reason }
  }

  /** A session that carries the book has begun. */
  start(receivedTime: number): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.start(receivedTime))
    if (this.#hasBook) this.disconnected(receivedTime)
    this.#olderSnapshots = 0
    this.#phase = "syncing"
    this.#teller.move("syncing", receivedTime)
    this.#requestSnapshot()
    this.#settle()
  }

  /** Whether a change is known to be missing between the book and this one. */
  isMissingBefore(delta: BookDelta): boolean {
    if (!this.#hasBook) return false
    const { rule } = this.#options
    const { sequence } = this.#book
    return (this.#phase === "joining" ? rule.join(sequence, delta) : rule.follow(sequence, delta)) === "gap"
  }

  delta(delta: BookDelta): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.delta(delta))
    if (this.#hasBook) this.#take(delta)
    else if (this.#phase === "syncing") this.#keep(delta)
    this.#settle()
  }

  snapshot(snapshot: BookSnapshot): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.snapshot(snapshot))
    if (this.#options.seedsFromSocket ? this.#phase !== "idle" : this.#phase === "syncing") {
      if (this.#hasBook && this.#isJump(snapshot)) this.#teller.openHole("sequence")
      if (this.#joins(snapshot)) this.#place(snapshot)
      else {
        this.refetches++
        this.#requestSnapshot()
      }
    }
    this.#settle()
  }

  /** The whole book from elsewhere, while no session carries it: it is the book until the next one comes. */
  whole(snapshot: BookSnapshot): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.whole(snapshot))
    const isSame = this.#teller.state === "live" && this.#teller.delivered === snapshot.sequence
    if (this.#phase === "idle" && !isSame) {
      if (this.#teller.state !== "live") this.#teller.move("syncing", snapshot.receivedTime)
      this.#book.replace(snapshot)
      this.#teller.snapshot(snapshot)
      this.#teller.move("live", snapshot.receivedTime)
    }
    this.#settle()
  }

  /** Nothing brings whole books any more. */
  wholesEnded(receivedTime: number, gapReason: GapReason, reason: string): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.wholesEnded(receivedTime, gapReason, reason))
    if (this.#phase === "idle" && this.#teller.state === "live") {
      this.#teller.openHole(gapReason)
      this.#teller.move("stale", receivedTime, reason)
    }
    this.#settle()
  }

  /** The snapshot that was asked for will not come: that is told, and another one asked for. */
  snapshotFailed(reason: string, receivedTime: number): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.snapshotFailed(reason, receivedTime))
    if (this.#phase === "syncing") this.#request(`no snapshot: ${reason}`, receivedTime)
    this.#settle()
  }

  /** The session that carried the book is over. */
  disconnected(receivedTime: number, gapReason: GapReason = "disconnect", reason = "disconnected"): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.disconnected(receivedTime, gapReason, reason))
    if (this.#phase === "idle") return
    this.#teller.openHole(gapReason)
    this.#phase = "idle"
    this.#buffer.clear()
    this.#teller.move("stale", receivedTime, reason)
    this.#settle()
  }

  /** Somebody has found the book wrong, or asks for a new one. */
  resync(reason: string, gapReason: GapReason, receivedTime: number): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.resync(reason, gapReason, receivedTime))
    this.#teller.openHole(gapReason)
    // without a book, the snapshot that will come mends this as well
    if (this.#hasBook) this.#rebuild(reason, receivedTime)
    this.#settle()
  }

  /** The consumer lost a part of what was told: tells the book whole again, from here when it is live. */
  retell(hole: BookHole, receivedTime: number): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.retell(hole, receivedTime))
    this.#teller.openHole("overflow", hole)
    if (this.#hasBook || this.#teller.state === "live") {
      this.retells++
      this.#teller.move("stale", receivedTime, "the consumer did not keep up")
      this.#teller.move("syncing", receivedTime)
      this.#teller.snapshot(snapshotOf(this.#options.symbol, this.#book))
      this.#teller.move("live", receivedTime)
    }
    this.#settle()
  }

  /** The stream is over: tells the hole that is still open. */
  end(receivedTime: number): void {
    if (this.#teller.isEmitting) return this.#defer(() => this.end(receivedTime))
    this.#phase = "idle"
    this.#buffer.clear()
    this.#teller.end(receivedTime)
    this.#settle()
  }

  get #hasBook(): boolean {
    return this.#phase === "following" || this.#phase === "joining"
  }

  /** While syncing: what waits is a chain without holes, because nothing older than the last hole is of use. */
  #keep(delta: BookDelta): void {
    // a snapshot on the socket comes in order: what came before is in it
    if (this.#options.seedsFromSocket) return
    const { last } = this.#buffer
    const verdict = last === undefined ? "apply" : this.#options.rule.follow(last.last, delta)
    if (verdict === "ignore") this.duplicates++
    if (verdict === "ignore" && !this.#isRenumbered(delta, last?.exchangeTime)) return
    if (verdict !== "apply") this.#buffer.clear()
    this.#buffer.push(delta)
  }

  /** With a book: puts a change in it, passes over it, or finds a hole. */
  #take(delta: BookDelta): void {
    const { rule } = this.#options
    const { sequence } = this.#book
    const verdict = this.#phase === "joining" ? rule.join(sequence, delta) : rule.follow(sequence, delta)
    if (verdict === "apply") this.#apply(delta)
    else if (verdict === "gap") this.#lose(delta, `changes are missing between ${sequence} and ${delta.first}`)
    else {
      if (this.#phase === "following") this.duplicates++
      if (this.#isRenumbered(delta, this.#book.exchangeTime)) this.#lose(delta, "the venue numbers its changes anew")
    }
  }

  #apply(delta: BookDelta): void {
    const wasCrossed = this.#wasCrossed
    this.#book.apply(delta)
    this.#wasCrossed = this.#book.isCrossed
    this.#phase = "following"
    this.#renumbered = 0
    this.applied++
    this.#teller.delta(delta)
    if (!wasCrossed || !this.#wasCrossed) return
    this.#teller.openHole("sequence")
    this.#rebuild("crossed for more than one message", delta.receivedTime)
  }

  #lose(delta: BookDelta, reason: string): void {
    this.#teller.openHole("sequence")
    this.#keep(delta)
    this.#rebuild(reason, delta.receivedTime)
  }

  /** Takes note of a change that is passed over; true when the venue has begun its numbering anew. */
  #isRenumbered(delta: BookDelta, lastTime: number | undefined): boolean {
    const isLater = lastTime !== undefined && delta.exchangeTime !== undefined && delta.exchangeTime > lastTime
    this.#renumbered = isLater ? this.#renumbered + 1 : 0
    if (this.#renumbered < RENUMBERED_AFTER) return false
    this.#renumbered = 0
    return true
  }

  /** False when the snapshot is too old: for the changes that wait, or for what was delivered. */
  #joins(snapshot: BookSnapshot): boolean {
    if (this.#options.seedsFromSocket) return true
    let verdict: Verdict = "ignore"
    for (let offset = 0; verdict === "ignore" && offset < this.#buffer.size; offset++) {
      verdict = this.#options.rule.join(snapshot.sequence, this.#buffer.at(offset)!)
    }
    return verdict === "apply" || (verdict === "ignore" && !this.#isOlder(snapshot))
  }

  /** It takes the place of a book from which it does not follow. */
  #isJump({ receivedTime, sequence, symbol }: BookSnapshot): boolean {
    const delta = { symbol, first: sequence, last: sequence, bids: [], asks: [], receivedTime }
    const current = this.#book.sequence
    return sequence !== current && this.#options.rule.follow(current, delta) !== "apply"
  }

  /** A snapshot from before what was delivered would turn back time; but a venue may begin its numbering anew. */
  #isOlder(snapshot: BookSnapshot): boolean {
    const { delivered } = this.#teller
    if (delivered === undefined || snapshot.sequence >= delivered) return false
    return ++this.#olderSnapshots <= OLDER_SNAPSHOTS
  }

  #place(snapshot: BookSnapshot): void {
    this.#book.replace(snapshot)
    this.#wasCrossed = this.#book.isCrossed
    this.#phase = "joining"
    this.#olderSnapshots = 0
    this.#renumbered = 0
    this.#teller.snapshot(snapshot)
    // if it crosses on the way, there is no book any more, and the rest waits for the next snapshot
    while (this.#hasBook && this.#buffer.size > 0) {
      const delta = this.#buffer.at(0)!
      this.#buffer.shift(1)
      this.#take(delta)
    }
    if (this.#hasBook) this.#teller.move("live", snapshot.receivedTime)
  }

  #rebuild(reason: string, receivedTime: number): void {
    this.resyncs++
    this.#phase = "syncing"
    this.#request(reason, receivedTime)
  }

  /** The last thing that an input does, because the answer may come at once. */
  #request(reason: string, receivedTime: number): void {
    this.#teller.move("stale", receivedTime, reason)
    this.#teller.move("syncing", receivedTime)
    this.#requestSnapshot()
  }

  #defer(input: () => void): void {
    this.#deferred.push(input)
  }

  #settle(): void {
    while (this.#deferred.length > 0) this.#deferred.shift()!()
  }
}

const snapshotOf = (symbol: string, book: OrderBook): BookSnapshot => {
  const { exchangeTime, receivedTime, sequence } = book
  const snapshot = { symbol, sequence, bids: book.bids(), asks: book.asks(), receivedTime }
  return exchangeTime === undefined ? snapshot : { ...snapshot, exchangeTime }
}
