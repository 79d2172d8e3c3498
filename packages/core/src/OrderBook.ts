/**
 * An order book: sizes by price on two sides, changed in place. It takes what it is told; whether that chains is the
 * business of `BookSync`.
 *
 * Guarantees: no price twice, and reads best first, in whatever order levels come; a level that is repeated within one
 * change has the last size; at most `maxLevels` a side; `apply` allocates nothing, but for a seldom new window of ticks (see
 * `BookSide`). Prices and sizes must be finite and sizes not negative, which decoders check.
 */
import { BookSide } from "./BookSide.ts"
import type { Level } from "./Event.ts"

const DEFAULT_MAX_LEVELS = 10_000

/** The part of a book that readers see. The arrays and levels it returns are theirs to keep. */
export interface ReadonlyOrderBook {
  /** The venue's last update id that is in the book; 0 before there is any. */
  readonly sequence: number
  /** The exchange's time of the last change, epoch ms. */
  readonly exchangeTime: number | undefined
  /** When the last change reached us, epoch ms; 0 before there is any. */
  readonly receivedTime: number
  /** The best bid is not below the best ask. */
  readonly isCrossed: boolean
  /** Levels that were let go because a side was full. */
  readonly trimmed: number
  readonly bestBid: () => Level | undefined
  readonly bestAsk: () => Level | undefined
  /** The best `depth` bids (default: all), best first. */
  readonly bids: (depth?: number) => ReadonlyArray<Level>
  /** The best `depth` asks (default: all), best first. */
  readonly asks: (depth?: number) => ReadonlyArray<Level>
  /** The size at a price; 0 where there is no level. */
  readonly size: (side: "bid" | "ask", price: number) => number
  /** How many levels a side has. */
  readonly levels: (side: "bid" | "ask") => number
}

/** What may be read of a book that is kept true: the book only while it is. */
export type BookView =
  | { readonly state: "live"; readonly book: ReadonlyOrderBook }
  | { readonly state: "syncing" | "stale"; readonly reason: string | undefined }

interface Stamped {
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
  readonly exchangeTime?: number
  readonly receivedTime: number
}

export class OrderBook implements ReadonlyOrderBook {
  sequence = 0
  exchangeTime: number | undefined
  receivedTime = 0
  readonly #bids: BookSide
  readonly #asks: BookSide

  constructor(options?: { readonly maxLevels?: number }) {
    const maxLevels = options?.maxLevels ?? DEFAULT_MAX_LEVELS
    this.#bids = new BookSide("bid", maxLevels)
    this.#asks = new BookSide("ask", maxLevels)
  }

  /** Takes this book in place of all it had. */
  replace(snapshot: Stamped & { readonly sequence: number }): void {
    this.#bids.replace(snapshot.bids)
    this.#asks.replace(snapshot.asks)
    this.sequence = snapshot.sequence
    this.exchangeTime = snapshot.exchangeTime
    this.receivedTime = snapshot.receivedTime
  }

  /** Sets the sizes of these levels; 0 removes one. */
  apply(delta: Stamped & { readonly last: number }): void {
    this.#bids.apply(delta.bids)
    this.#asks.apply(delta.asks)
    this.sequence = delta.last
    this.exchangeTime = delta.exchangeTime
    this.receivedTime = delta.receivedTime
  }

  get isCrossed(): boolean {
    return this.#bids.bestPrice >= this.#asks.bestPrice
  }

  get trimmed(): number {
    return this.#bids.trimmed + this.#asks.trimmed
  }

  bestBid(): Level | undefined {
    return this.#bids.best()
  }

  bestAsk(): Level | undefined {
    return this.#asks.best()
  }

  bids(depth = Number.POSITIVE_INFINITY): Array<Level> {
    return this.#bids.levels(depth)
  }

  asks(depth = Number.POSITIVE_INFINITY): Array<Level> {
    return this.#asks.levels(depth)
  }

  size(side: "bid" | "ask", price: number): number {
    return (side === "bid" ? this.#bids : this.#asks).size(price)
  }

  levels(side: "bid" | "ask"): number {
    return (side === "bid" ? this.#bids : this.#asks).count
  }
}
