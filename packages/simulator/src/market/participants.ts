/**
 * The seeded traders of one market: a fair value that wanders, makers who quote around it and cancel, takers who lift
 * and hit. Guarantees that both sides stay populated, that the price stays within reach of its start, and that the same
 * seed acts the same. No claim of realism beyond shapes: tight spread, thinning depth, bursts through several levels.
 */
import type { Random } from "../random.ts"
import type { Book, Fill, Side } from "./book.ts"

export interface ParticipantsOptions {
  /** Ticks. */
  readonly price: number
  /** Steps. */
  readonly typicalSize: number
  /** Levels a side that makers aim for. */
  readonly depth: number
}

export interface Taken {
  readonly from: Side
  readonly fills: ReadonlyArray<Fill>
}

/** Levels that a side has at least before somebody takes from it, and after a user has. */
const LEAST_LEVELS = 12

/** Fills a taker order makes on average; turns a rate of trades into a rate of takers. */
export const FILLS_PER_TAKER = 1.45

export class Participants {
  /** Ticks, with a fraction. */
  fair: number
  private readonly random: Random
  private readonly book: Book
  private readonly options: ParticipantsOptions
  /** Mean distance of a maker's price from the fair value, ticks. */
  private readonly reach: number

  constructor(random: Random, book: Book, options: ParticipantsOptions, fair: number) {
    this.random = random
    this.book = book
    this.options = options
    this.fair = fair
    this.reach = Math.max(options.depth / 2, Math.min(options.price * 2e-4, options.depth * 3))
  }

  /** Fills the empty book. */
  open(): void {
    const { depth } = this.options
    const middle = Math.round(this.fair)
    for (let i = 1; i <= depth; i++) {
      const away = i <= 5 ? i : Math.ceil((i * this.reach * 2.5) / depth) + this.random.int(3)
      if (middle - away > 0) this.book.add("bid", middle - away, this.size())
      this.book.add("ask", middle + away, this.size())
    }
  }

  /** One maker places or cancels. */
  make(): void {
    this.drift()
    const side: Side = this.random.chance(0.5) ? "bid" : "ask"
    const { live, prices } = this.book.of(side)
    const full = prices.length >= this.options.depth || live.length >= this.options.depth * 2
    if (live.length > 12 && this.random.chance(full ? 0.62 : 0.4)) this.withdraw(side)
    else this.quote(side)
  }

  /** One taker trades against the book; direction leans towards the fair value. */
  take(): Taken {
    this.drift()
    const lean = Math.max(-0.4, Math.min(0.4, (this.fair - this.middle()) / this.reach))
    const from: Side = this.random.chance(0.5 + lean) ? "ask" : "bid"
    return this.takeFrom(from, this.size(this.random.chance(0.1) ? 3 : 0.7))
  }

  /** A taker order of this size, at most eight levels deep. */
  takeFrom(from: Side, size: number): Taken {
    this.replenish(from)
    return { from, fills: this.book.take(from, size, 8) }
  }

  /** A user's order, which may go as deep as its limit. The side has levels again after it. */
  takeBy(from: Side, size: number, limit: number | undefined): Taken {
    this.replenish(from)
    return { from, fills: this.book.take(from, size, Infinity, limit) }
  }

  /** Makers come back to a side that was emptied. */
  replenish(side: Side): void {
    while (this.book.of(side).prices.length < LEAST_LEVELS) this.quote(side)
  }

  size(scale = 1): number {
    return Math.max(1, Math.round(this.random.exponential(this.options.typicalSize * scale)))
  }

  private middle(): number {
    return (this.book.bids.best()! + this.book.asks.best()!) / 2
  }

  private drift(): void {
    const { price } = this.options
    const pull = (price - this.fair) * 2e-6
    this.fair = Math.max(50, this.fair + pull + this.random.gaussian() * price * 6e-6)
  }

  private quote(side: Side): void {
    const sign = side === "bid" ? 1 : -1
    const touch = this.book.of(side === "bid" ? "ask" : "bid").best()!
    const own = this.book.of(side).best()
    const atTouch = own !== undefined && this.random.chance(0.35)
    const wanted = atTouch
      ? own + sign * this.random.int(2)
      : Math.round(this.fair) - sign * (1 + Math.floor(this.random.exponential(this.reach)))
    const price = side === "bid" ? Math.min(wanted, touch - 1) : Math.max(wanted, touch + 1)
    if (price > 0) this.book.add(side, price, this.size())
  }

  /** Cancels a random order, or one at the far end. */
  private withdraw(side: Side): void {
    const { levels, live, prices } = this.book.of(side)
    const far = this.random.chance(0.3) && prices.length > this.options.depth
    const farthest = far ? levels.get(prices[0]!)!.orders[0]! : undefined
    // Users' orders are theirs to cancel.
    const order = farthest?.owner === undefined ? (farthest ?? live[this.random.int(live.length)]!) : undefined
    if (order === undefined) return
    const last = prices.length <= 6 && levels.get(order.price)!.orders.length === 1
    if (!last) this.book.cancel(order)
  }
}
