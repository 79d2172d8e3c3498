/**
 * One market of the made-up exchange: a tape, a book that is never crossed, one-second bars. Plain and deterministic;
 * what happens is told to a listener at once, by channel.
 */
import type { Event } from "@tidewire/core"
import type { TrueBar, TrueBook, TrueTrade } from "../../src/index.ts"

export const BAR_MS = 1_000

/** Levels a side, and how many of them a partial book shows. */
const LEVELS = 30
export const DEPTH = 5

const TICK = 0.5
const SEEDED_BARS = 8
const MOST_KEPT = 100_000

type Side = "bids" | "asks"

export interface Delta {
  readonly first: number
  readonly last: number
  readonly bids: ReadonlyArray<Event.Level>
  readonly asks: ReadonlyArray<Event.Level>
}

export interface MarketListener {
  readonly traded: (trade: TrueTrade) => void
  readonly changed: (delta: Delta) => void
  readonly barMoved: (bar: TrueBar, isFinal: boolean) => void
}

export class Market {
  readonly trades: Array<TrueTrade> = []
  readonly bars: Array<TrueBar> = []
  sequence = 1_000
  #bar: TrueBar
  #seed: number
  readonly #levels = { bids: new Map<number, number>(), asks: new Map<number, number>() }
  readonly #listener: MarketListener

  constructor(seed: number, now: number, listener: MarketListener) {
    this.#seed = seed
    this.#listener = listener
    for (let level = 1; level <= LEVELS; level++) {
      this.#levels.bids.set(100 - level * TICK, level)
      this.#levels.asks.set(100 + level * TICK, level)
    }
    const open = Math.floor(now / BAR_MS) * BAR_MS
    for (let bar = SEEDED_BARS; bar > 0; bar--) this.bars.push(flat(open - bar * BAR_MS, 100))
    this.#bar = flat(open, 100)
  }

  get book(): TrueBook & { readonly sequence: number } {
    const { asks, bids } = this.#levels
    return {
      sequence: this.sequence,
      bids: [...bids].toSorted(([one], [other]) => other - one),
      asks: [...asks].toSorted(([one], [other]) => one - other)
    }
  }

  get open(): TrueBar {
    return this.#bar
  }

  get last(): number {
    return this.#bar.close
  }

  /** A taker order at the top of the book. */
  trade(time: number): TrueTrade {
    const side = this.#draw(2) === 0 ? "buy" : "sell"
    const [price] = this.book[side === "buy" ? "asks" : "bids"][0]!
    const trade = { id: String(5_000 + this.trades.length), price, size: 1 + this.#draw(9), side, time } as const
    if (this.trades.length >= MOST_KEPT) throw new RangeError("the made-up tape is full")
    this.trades.push(trade)
    const { close: _, high, low, open, openTime, volume } = this.#bar
    const isFirst = volume === 0
    this.#bar = {
      openTime,
      open: isFirst ? price : open,
      high: isFirst ? price : Math.max(high, price),
      low: isFirst ? price : Math.min(low, price),
      close: price,
      volume: volume + trade.size
    }
    this.#listener.traded(trade)
    this.#listener.barMoved(this.#bar, false)
    this.#change(side === "buy" ? "asks" : "bids", price, 1 + this.#draw(50))
    return trade
  }

  /** A maker moves a level somewhere in the book: gone, or of another size. */
  make(): void {
    const side: Side = this.#draw(2) === 0 ? "bids" : "asks"
    const level = 1 + this.#draw(LEVELS)
    const price = side === "bids" ? 100 - level * TICK : 100 + level * TICK
    const isThere = this.#levels[side].has(price)
    this.#change(side, price, isThere && this.#levels[side].size > LEVELS / 2 ? 0 : 1 + this.#draw(50))
  }

  /** Closes the bars whose time is over. */
  roll(now: number): void {
    while (now >= this.#bar.openTime + BAR_MS) {
      const { close, openTime } = this.#bar
      this.bars.push(this.#bar)
      this.#listener.barMoved(this.#bar, true)
      this.#bar = flat(openTime + BAR_MS, close)
    }
  }

  #change(side: Side, price: number, size: number): void {
    if (size === 0) this.#levels[side].delete(price)
    else this.#levels[side].set(price, size)
    this.sequence++
    const level: Event.Level = [price, size]
    this.#listener.changed({
      first: this.sequence,
      last: this.sequence,
      bids: side === "bids" ? [level] : [],
      asks: side === "asks" ? [level] : []
    })
  }

  #draw(below: number): number {
    this.#seed = (this.#seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((this.#seed / 2_147_483_648) * below)
  }
}

const flat = (openTime: number, price: number): TrueBar => ({
  openTime,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: 0
})
