/**
 * What happened before the market was first looked at: a seeded walk of trades without a book, so that history
 * endpoints have data from the start. Guarantees that bars, totals and ids continue into live trading without a seam.
 */
import type { Random } from "../random.ts"
import type { Bars } from "./bars.ts"
import { FILLS_PER_TAKER } from "./participants.ts"
import type { Tape, Trade } from "./tape.ts"

export interface HistoryOptions {
  readonly fromMs: number
  readonly toMs: number
  readonly tradesPerMinute: number
  /** Ticks. */
  readonly price: number
  /** Steps. */
  readonly typicalSize: number
  /** Update id of the book that there will be at the end. */
  readonly firstUpdateId: number
}

/** How far the update id of the first trade lies below that of the book, and how far apart trades are. */
const SEQUENCES = 10_000_000
const SEQUENCE_STEP = 7

/** Writes the trades of the time span; answers the last price, in ticks. */
export const write = (random: Random, tape: Tape, bars: Bars, options: HistoryOptions): number => {
  const meanGapMs = (60_000 * FILLS_PER_TAKER) / options.tradesPerMinute
  let fair = options.price
  let price = options.price
  let sequence = options.firstUpdateId - SEQUENCES
  for (let at = options.fromMs; ;) {
    at += random.exponential(meanGapMs)
    if (at >= options.toMs) break
    const time = Math.floor(at)
    while (bars.due <= time) bars.roll()
    fair = Math.max(50, fair + (options.price - fair) * 1e-3 + random.gaussian() * options.price * 1e-4)
    price = Math.round(fair)
    const buyerIsMaker = random.chance(0.5)
    const trades: Array<Trade> = []
    for (let fills = 1 + (random.chance(0.3) ? 1 + random.int(2) : 0); fills > 0; fills--) {
      const size = Math.max(1, Math.round(random.exponential(options.typicalSize * 0.6)))
      sequence = Math.min(sequence + SEQUENCE_STEP, options.firstUpdateId)
      const trade = tape.record(price, size, time, buyerIsMaker, sequence)
      bars.add(trade, tape.totals)
      trades.push(trade)
    }
    tape.aggregate(trades)
  }
  while (bars.due <= options.toMs) bars.roll()
  return price
}
