/** What of a market differs by the venue that tells it, as the conformance suite asks for it: numbers of the wire. */
import type { Market } from "../market/market.ts"
import type { Trade } from "../market/tape.ts"

export interface TradeTold {
  readonly id: string
  readonly price: number
  readonly size: number
  readonly side: "buy" | "sell"
  /** Epoch milliseconds. */
  readonly time: number
}

export interface BookTold {
  readonly sequence: number
  /** `[price, size]`, best first. */
  readonly bids: ReadonlyArray<readonly [number, number]>
  readonly asks: ReadonlyArray<readonly [number, number]>
}

export interface View {
  /** A pattern that the streams of a kind of channel match, with a symbol's own among them. */
  readonly streams: Readonly<Record<string, string>>
  /** Oldest first. */
  readonly trades: (market: Market) => ReadonlyArray<TradeTold>
  /** As the messages of a channel (`book`, `book:<depth>`) have told it. */
  readonly book: (market: Market, channel: string) => BookTold
  /** A price that need not be on the grid, in ticks, with the digits that are told. */
  readonly fine: (market: Market, ticks: number) => number
  /** Which price of a forced order is told: that of its last fill, or the mean of all, in ticks. */
  readonly forcedPrice: (fills: ReadonlyArray<Trade>) => number
}
