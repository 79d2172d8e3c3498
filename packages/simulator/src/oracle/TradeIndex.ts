/**
 * The trades of a market by the ids that its venue writes. Guarantees that every trade which the tape keeps and that is no
 * older than the last thousand at the beginning is found; memory is bounded by the tape's.
 */
import type { Market } from "../market/market.ts"
import type { Trade } from "../market/tape.ts"

/** What REST can tell of the past. */
const PAST = 1_000

export class TradeIndex {
  private readonly market: Market
  private readonly counts = new Map<string, number>()
  private readonly first: number
  /** The first count that is not in yet. */
  private upTo: number

  constructor(market: Market) {
    const { trades } = market.tape
    this.market = market
    this.upTo = this.first = trades.at(Math.max(0, trades.length - PAST))?.id ?? 0
  }

  nameOf(count: number): string {
    return this.market.rules.tradeId(this.market.seed, count)
  }

  /** `forgotten`: so old that the tape has lost it. */
  find(name: string): Trade | "forgotten" | undefined {
    this.catchUp()
    const count = this.counts.get(name)
    if (count === undefined) return undefined
    return this.at(count) ?? "forgotten"
  }

  /** The trades from one count up to another, as far as they are kept. */
  between(from: number, to: number): ReadonlyArray<Trade> {
    const { trades } = this.market.tape
    const begin = trades.search(from, ({ id }) => id)
    return trades.slice(begin, trades.search(to, ({ id }) => id) - begin)
  }

  private at(count: number): Trade | undefined {
    const { trades } = this.market.tape
    return trades.at(count - (trades.at(0)?.id ?? 0))
  }

  private catchUp(): void {
    const { trades } = this.market.tape
    const oldest = trades.at(0)
    const newest = trades.last()
    if (oldest === undefined || newest === undefined) return
    for (let count = Math.max(this.upTo, oldest.id, this.first); count <= newest.id; count++) {
      this.counts.set(this.nameOf(count), count)
    }
    this.upTo = newest.id + 1
    // twice the tape, so that a name that has just been lost is known as such
    for (const [name, count] of this.counts) {
      if (count >= oldest.id - trades.capacity) break
      this.counts.delete(name)
    }
  }
}
