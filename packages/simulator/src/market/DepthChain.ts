/**
 * The best levels of a book as a row of messages with consecutive numbers of their own. Guarantees that each message
 * takes whoever has the one before it to exactly the market's best levels: a level that leaves the window is deleted, one
 * that comes in is told; a message without news is never made. After a `restart` the numbers begin anew at 1.
 */
import type { Book, LevelSize, Side } from "./book.ts"
import { Journal } from "./journal.ts"

export interface DepthMessage {
  readonly kind: "snapshot" | "delta"
  readonly number: number
  /** The market's update id. */
  readonly sequence: number
  /** When the book changed last, epoch milliseconds. */
  readonly time: number
  /** Best first. */
  readonly bids: ReadonlyArray<LevelSize>
  readonly asks: ReadonlyArray<LevelSize>
}

/** What of a market is looked at. */
export interface Watched {
  readonly book: Book
  readonly bookTime: number
}

/** Journals of earlier rows kept, for clients that are behind a restart. */
const ROWS_KEPT = 4

export class DepthChain {
  readonly levels: number
  /** What was at each number of this row, the newest row last; empty when the simulator keeps no changes. */
  readonly journals: Array<Journal> = []
  number: number
  private readonly market: Watched
  private readonly keep: number
  private readonly listeners = new Set<(message: DepthMessage) => void>()
  private readonly told: Record<Side, Map<number, number>> = {
    bid: new Map<number, number>(),
    ask: new Map<number, number>()
  }
  private sequence: number
  private time: number
  private isTouched = false

  constructor(market: Watched, levels: number, keep: number) {
    this.market = market
    this.levels = levels
    this.keep = keep
    this.number = 700_000 + levels
    this.sequence = market.book.updateId
    this.time = market.bookTime
    this.begin()
  }

  /** The book has changed. */
  touch(): void {
    this.isTouched = true
  }

  /** Tells what has changed in the window, if anything has. */
  tick(): void {
    if (!this.isTouched) return
    this.isTouched = false
    const bids = this.changes("bid")
    const asks = this.changes("ask")
    if (bids.length + asks.length === 0) return
    this.number++
    this.stamp()
    this.keepChanges("bid", bids)
    this.keepChanges("ask", asks)
    this.keepTop()
    this.tell({ kind: "delta", ...this.heading(), bids, asks })
  }

  /** The window as it was told last: the next message follows it. */
  snapshot(): DepthMessage {
    const rows = (side: Side): Array<LevelSize> => [...this.told[side]].toSorted(bestFirst[side])
    return { kind: "snapshot", ...this.heading(), bids: rows("bid"), asks: rows("ask") }
  }

  /** The service begins anew: a whole window with number 1, to everybody. */
  restart(): void {
    this.number = 1
    this.isTouched = false
    this.stamp()
    this.begin()
    this.tell(this.snapshot())
  }

  /** Answers how to stop. */
  listen(listener: (message: DepthMessage) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  private begin(): void {
    for (const side of sides) this.told[side] = new Map(this.market.book.top(side, this.levels))
    if (this.keep === 0) return
    const journal = new Journal(this.keep, this.number)
    for (const side of sides) for (const [price, size] of this.told[side]) journal.base[side].set(price, size)
    this.journals.push(journal)
    if (this.journals.length > ROWS_KEPT) this.journals.shift()
    this.keepTop()
  }

  /** Brings what was told up to the book; answers the difference. */
  private changes(side: Side): Array<LevelSize> {
    const told = this.told[side]
    const now = new Map(this.market.book.top(side, this.levels))
    const rows: Array<LevelSize> = []
    for (const price of told.keys()) if (!now.has(price)) rows.push([price, 0])
    for (const [price, size] of now) if (told.get(price) !== size) rows.push([price, size])
    this.told[side] = now
    return rows.toSorted(bestFirst[side])
  }

  private keepChanges(side: Side, rows: ReadonlyArray<LevelSize>): void {
    const journal = this.journals.at(-1)
    for (const [price, size] of rows) journal?.changed({ id: this.number, side, price, size })
  }

  private keepTop(): void {
    const { number: id, time } = this
    const best = (side: Side): LevelSize | undefined => this.market.book.top(side, 1)[0]
    this.journals.at(-1)?.tops.push({ id, time, bid: best("bid"), ask: best("ask") })
  }

  private stamp(): void {
    this.sequence = this.market.book.updateId
    this.time = this.market.bookTime
  }

  private heading() {
    return { number: this.number, sequence: this.sequence, time: this.time }
  }

  private tell(message: DepthMessage): void {
    for (const listener of this.listeners) listener(message)
  }
}

const sides = ["bid", "ask"] as const

const bestFirst: Readonly<Record<Side, (a: LevelSize, b: LevelSize) => number>> = {
  bid: ([a], [b]) => b - a,
  ask: ([a], [b]) => a - b
}
