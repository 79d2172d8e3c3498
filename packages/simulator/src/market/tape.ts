/**
 * Every trade of one market: ids consecutive from a given start, fills of one taker order at one price grouped into
 * aggregates. Keeps the last `keep` of each; running totals are never forgotten and are exact.
 */
import { Ring } from "./ring.ts"

export interface Trade {
  readonly id: number
  /** Ticks. */
  readonly price: number
  /** Steps. */
  readonly size: number
  /** Epoch milliseconds. */
  readonly time: number
  /** True when the taker sold. */
  readonly buyerIsMaker: boolean
  /** The book's update id when it happened; before that book was there, a lower one. */
  readonly sequence: number
  /** How the price stands to that of the trade before. */
  readonly moved: "up" | "down" | "same"
  /** How it moved when it moved last. */
  readonly trend: "up" | "down"
}

export interface Aggregate extends Omit<Trade, "id" | "sequence" | "moved" | "trend"> {
  readonly id: number
  readonly first: number
  readonly last: number
}

/** Sums since the first trade; differences of two give any window exactly. */
export interface Totals {
  readonly count: number
  readonly volume: number
  readonly takerBuyVolume: number
  /** What the market's rules say a trade is worth. */
  readonly quote: bigint
  readonly takerBuyQuote: bigint
}

export class Tape {
  readonly trades: Ring<Trade>
  readonly aggregates: Ring<Aggregate>
  totals: Totals = { count: 0, volume: 0, takerBuyVolume: 0, quote: 0n, takerBuyQuote: 0n }
  private nextTradeId: number
  private nextAggregateId: number

  private readonly worth: (price: number, size: number) => bigint

  constructor(
    firstTradeId: number,
    firstAggregateId: number,
    keep: number,
    worth: (price: number, size: number) => bigint
  ) {
    this.worth = worth
    this.trades = new Ring(keep)
    this.aggregates = new Ring(keep)
    this.nextTradeId = firstTradeId
    this.nextAggregateId = firstAggregateId
  }

  record(price: number, size: number, time: number, buyerIsMaker: boolean, sequence: number): Trade {
    const before = this.trades.last()
    const isSame = before === undefined || price === before.price
    const trend = isSame ? (before?.trend ?? "up") : price > before.price ? "up" : "down"
    const moved = isSame ? "same" : trend
    const trade: Trade = { id: this.nextTradeId++, price, size, time, buyerIsMaker, sequence, moved, trend }
    this.trades.push(trade)
    const quote = this.worth(price, size)
    const { count, quote: q, takerBuyQuote, takerBuyVolume, volume } = this.totals
    this.totals = {
      count: count + 1,
      volume: volume + size,
      takerBuyVolume: buyerIsMaker ? takerBuyVolume : takerBuyVolume + size,
      quote: q + quote,
      takerBuyQuote: buyerIsMaker ? takerBuyQuote : takerBuyQuote + quote
    }
    return trade
  }

  /** Groups the trades of one taker order by price. */
  aggregate(trades: ReadonlyArray<Trade>): Array<Aggregate> {
    const out: Array<Aggregate> = []
    for (const trade of trades) {
      const last = out[out.length - 1]
      if (last !== undefined && last.price === trade.price) {
        out[out.length - 1] = { ...last, size: last.size + trade.size, last: trade.id }
      } else {
        const { buyerIsMaker, id, price, size, time } = trade
        out.push({ id: this.nextAggregateId++, price, size, first: id, last: id, time, buyerIsMaker })
      }
    }
    for (const aggregate of out) this.aggregates.push(aggregate)
    return out
  }
}
