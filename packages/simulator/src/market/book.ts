/**
 * A limit order book with price-time priority. Prices are ticks, sizes steps.
 * Guarantees that it is never crossed, that every change of a level has an update id of its own and is told to the
 * listener, and that a taker's fills come out in the order they were made.
 */

export type Side = "bid" | "ask"

/** Whoever stands behind an order that is not the participants' own. Told while the book is being taken from. */
export interface Owner {
  /** How many steps of it may still be filled by the taker of this moment. */
  readonly room: () => number
  /** So many steps of it were filled, at its own price. */
  readonly matched: (size: number) => void
  /** It had no room left and is not in the book any more. */
  readonly removed: () => void
}

export interface Order {
  readonly side: Side
  readonly price: number
  size: number
  /** Its place in the side's list of the participants' live orders; -1 when it is somebody else's. */
  slot: number
  readonly owner?: Owner
}

interface Level {
  total: number
  readonly orders: Array<Order>
}

export interface Fill {
  readonly price: number
  readonly size: number
  readonly maker: Order
}

/** `[price, size]` in ticks and steps. */
export type LevelSize = readonly [number, number]

class BookSide {
  readonly side: Side
  /** Worst first, so that the best is cheap to remove. */
  readonly prices: Array<number> = []
  readonly levels = new Map<number, Level>()
  readonly live: Array<Order> = []

  constructor(side: Side) {
    this.side = side
  }

  best(): number | undefined {
    return this.prices[this.prices.length - 1]
  }

  /** Where the price stands or would stand in `prices`. */
  index(price: number): number {
    const sign = this.side === "bid" ? 1 : -1
    let low = 0
    let high = this.prices.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sign * this.prices[middle]! < sign * price) low = middle + 1
      else high = middle
    }
    return low
  }
}

export class Book {
  readonly bids = new BookSide("bid")
  readonly asks = new BookSide("ask")
  updateId: number
  private readonly step: () => number
  private readonly changed: (side: Side, price: number) => void

  /** `step` says how far the update id moves with each change. */
  constructor(firstUpdateId: number, step: () => number, changed: (side: Side, price: number) => void) {
    this.updateId = firstUpdateId
    this.step = step
    this.changed = changed
  }

  of(side: Side): BookSide {
    return side === "bid" ? this.bids : this.asks
  }

  size(side: Side, price: number): number {
    return this.of(side).levels.get(price)?.total ?? 0
  }

  /** The best `limit` levels, best first. */
  top(side: Side, limit: number): Array<LevelSize> {
    const { levels, prices } = this.of(side)
    const out: Array<LevelSize> = []
    for (let i = prices.length - 1; i >= 0 && out.length < limit; i--) {
      out.push([prices[i]!, levels.get(prices[i]!)!.total])
    }
    return out
  }

  /** Rests an order behind those of its price. The price must not cross the other side. */
  add(side: Side, price: number, size: number, owner?: Owner): Order {
    const book = this.of(side)
    const opposite = this.of(side === "bid" ? "ask" : "bid").best()
    if (opposite !== undefined && (side === "bid" ? price >= opposite : price <= opposite)) {
      throw new Error(`a resting ${side} at ${price} would cross ${opposite}`)
    }
    let level = book.levels.get(price)
    if (level === undefined) {
      level = { total: 0, orders: [] }
      book.levels.set(price, level)
      book.prices.splice(book.index(price), 0, price)
    }
    const order: Order = { side, price, size, slot: -1, ...(owner === undefined ? {} : { owner }) }
    level.orders.push(order)
    level.total += size
    if (owner === undefined) order.slot = book.live.push(order) - 1
    this.bump(side, price)
    return order
  }

  cancel(order: Order): void {
    const level = this.of(order.side).levels.get(order.price)!
    level.orders.splice(level.orders.indexOf(order), 1)
    level.total -= order.size
    this.forget(order)
    this.dropIfEmpty(order.side, order.price, level)
    this.bump(order.side, order.price)
  }

  /** Makes an order smaller, by so many steps; it keeps its place. */
  shrink(order: Order, by: number): void {
    order.size -= by
    this.of(order.side).levels.get(order.price)!.total -= by
    this.bump(order.side, order.price)
  }

  /** Takes up to `size` from one side, at most `maxLevels` deep and not beyond `limit`. */
  take(from: Side, size: number, maxLevels: number, limit?: number): Array<Fill> {
    const book = this.of(from)
    const fills: Array<Fill> = []
    let left = size
    for (let depth = 0; left > 0 && depth < maxLevels; depth++) {
      const price = book.best()
      if (price === undefined) break
      if (limit !== undefined && (from === "ask" ? price > limit : price < limit)) break
      const level = book.levels.get(price)!
      while (left > 0 && level.orders.length > 0) {
        const order = level.orders[0]!
        const { owner } = order
        const room = owner === undefined ? order.size : Math.min(order.size, owner.room())
        const filled = Math.min(left, room)
        order.size -= filled
        level.total -= filled
        left -= filled
        if (filled > 0) {
          fills.push({ price, size: filled, maker: order })
          owner?.matched(filled)
        }
        if (order.size === 0 || left > 0) {
          level.total -= order.size
          level.orders.shift()
          if (order.size > 0) owner?.removed()
          this.forget(order)
        }
      }
      this.dropIfEmpty(from, price, level)
      this.bump(from, price)
    }
    return fills
  }

  private forget(order: Order): void {
    if (order.slot === -1) return
    const live = this.of(order.side).live
    const last = live.pop()!
    if (last !== order) {
      live[order.slot] = last
      last.slot = order.slot
    }
  }

  private dropIfEmpty(side: Side, price: number, level: Level): void {
    if (level.total > 0) return
    const book = this.of(side)
    book.levels.delete(price)
    book.prices.splice(book.index(price), 1)
  }

  private bump(side: Side, price: number): void {
    this.updateId += this.step()
    this.changed(side, price)
  }
}
