/** What a stream is made of; the venue's protocol says so, `Topics` runs it. */
import type { Market } from "../market/market.ts"
import type { Venue } from "../market/venue.ts"
import type { Message, TimeUnit } from "./Frame.ts"
import type { Source } from "./Source.ts"

export type EmitTo = (symbol: string | undefined) => (payload: Message) => void

export interface Running {
  readonly stop: () => void
  /** A symbol has begun or ended trading. */
  readonly relisted: (symbol: string) => void
  /** What a new subscriber is told before anything else, by symbol. */
  readonly greetings: () => ReadonlyArray<readonly [symbol: string, payload: Message]>
}

/** What a feed can run on. */
export interface Stage {
  readonly venue: Venue
  /** A source on every one of these markets that trades, now or when it begins to. */
  readonly eachMarket: (
    symbols: ReadonlyArray<string>,
    isMeant: (symbol: string) => boolean,
    make: (market: Market) => Source
  ) => Running
}

export interface Feed {
  /** Of how times are told; part of the stream's identity. */
  readonly unit: TimeUnit
  /** Its frames change a book that REST tells: they wait while an answer is ahead of them. */
  readonly isDiff: boolean
  readonly run: (stage: Stage, emit: EmitTo) => Running
}

/** A feed of one symbol. */
export const ofSymbol = (
  symbol: string,
  feed: Omit<Feed, "run">,
  make: (market: Market, emit: (payload: Message) => void) => Source
): Feed => ({
  ...feed,
  run: (stage, emit) =>
    stage.eachMarket(
      [symbol],
      (other) => other === symbol,
      (market) => make(market, emit(symbol))
    )
})
