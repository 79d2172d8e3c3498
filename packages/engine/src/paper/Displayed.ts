/**
 * What the market has shown of one instrument: its book while that is live, else its best prices; and how much of that our own
 * paper orders have taken already, which the real market does not know.
 *
 * Guarantees: a level is taken from once; when the market shows the level anew, it is whole again. Prices are floats as the
 * market tells them.
 */
import type { Event, Order, OrderBook } from "@tidewire/core"

/** Best first. */
export type Offers = ReadonlyArray<readonly [price: number, size: number]>

/** Levels that an order may walk through at most. */
const DEPTH = 1_000

export class Displayed {
  readonly #book: () => OrderBook.BookView | undefined
  #quote: Event.Quote | undefined
  /** The last public trade's price; 0 before there was one. */
  last = 0
  readonly #taken = { buy: new Map<number, number>(), sell: new Map<number, number>() }

  constructor(book: () => OrderBook.BookView | undefined) {
    this.#book = book
  }

  quote(quote: Event.Quote): void {
    const before = this.#quote
    this.#quote = quote
    if (before === undefined || this.#hasBook()) return
    if (before.ask !== quote.ask || before.askSize !== quote.askSize) this.#taken.buy.clear()
    if (before.bid !== quote.bid || before.bidSize !== quote.bidSize) this.#taken.sell.clear()
  }

  /** These levels were told anew. */
  changed({ asks, bids, kind }: Event.Book): void {
    if (kind === "snapshot") {
      this.#taken.buy.clear()
      this.#taken.sell.clear()
      return
    }
    for (const [price] of asks) this.#taken.buy.delete(price)
    for (const [price] of bids) this.#taken.sell.delete(price)
  }

  /** What an order of this side can take now, at no worse than `limit`; undefined when the market shows nothing. */
  offers(side: Order.Side, limit: number | undefined): Offers | undefined {
    const levels = this.#levels(side)
    if (levels === undefined) return undefined
    const taken = this.#taken[side]
    const offers: Array<readonly [number, number]> = []
    for (const [price, size] of levels) {
      if (limit !== undefined && (side === "buy" ? price > limit : price < limit)) break
      const left = size - (taken.get(price) ?? 0)
      if (left > 0) offers.push([price, left])
    }
    return offers
  }

  /** The market shows something that an order of this side and price would take. */
  crosses(side: Order.Side, price: number): boolean {
    const view = this.#book()
    if (view !== undefined && view.state !== "live") return false
    const best =
      view === undefined
        ? side === "buy"
          ? (this.#quote?.ask ?? 0)
          : (this.#quote?.bid ?? 0)
        : ((side === "buy" ? view.book.bestAsk() : view.book.bestBid())?.[0] ?? 0)
    return best > 0 && (side === "buy" ? best <= price : best >= price)
  }

  take(side: Order.Side, price: number, size: number): void {
    this.#taken[side].set(price, (this.#taken[side].get(price) ?? 0) + size)
  }

  /** What rests at a price on the side of an order; 0 where nothing is shown. */
  resting(side: Order.Side, price: number): number {
    const view = this.#book()
    if (view?.state === "live") return view.book.size(side === "buy" ? "bid" : "ask", price)
    if (this.#quote === undefined) return 0
    const [best, size] =
      side === "buy" ? [this.#quote.bid, this.#quote.bidSize] : [this.#quote.ask, this.#quote.askSize]
    return best === price ? size : 0
  }

  #hasBook(): boolean {
    return this.#book() !== undefined
  }

  /** Best first; undefined when a book is subscribed and not live, or nothing was told yet. */
  #levels(side: Order.Side): Offers | undefined {
    const view = this.#book()
    if (view !== undefined) {
      if (view.state !== "live") return undefined
      return side === "buy" ? view.book.asks(DEPTH) : view.book.bids(DEPTH)
    }
    if (this.#quote === undefined) return undefined
    const { ask, askSize, bid, bidSize } = this.#quote
    const offer = side === "buy" ? ([ask, askSize] as const) : ([bid, bidSize] as const)
    return offer[0] > 0 ? [offer] : []
  }
}
