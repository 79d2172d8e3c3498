/** How a venue's streams carry channels, as far as a client of them can be judged. */
import type { Market } from "../market/market.ts"
import type { Frame } from "../topics/Frame.ts"
import type { BookRow } from "./BookRow.ts"

export interface Carried {
  readonly symbol: string
  readonly channel: string
}

export interface Channels {
  /** Whether a stream carries a channel of a symbol. */
  readonly carries: (stream: string, symbol: string, channel: string) => boolean
  /** What a stream carries that has no consecutive numbers. */
  readonly unnumbered: (stream: string) => ReadonlyArray<Carried>
  readonly book: (market: Market, channel: string) => BookRow
  readonly quotes: (market: Market) => BookRow
  /** The ids of the trades in a frame, where they are no numbers without holes. */
  readonly tradeIds: (frame: Frame) => ReadonlyArray<string>
}
