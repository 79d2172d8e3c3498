/**
 * What a load is made of, for any venue: frames of trades and of a book's changes, and how the venue answers a client.
 */
import type { VenueName } from "../messages.ts"
import * as binance from "./binance.ts"
import * as bybit from "./bybit.ts"
import type { Round } from "./naiveBook.ts"

export interface TradeFrame {
  readonly text: string
  readonly id: string
  readonly price: number
}

export interface Frames {
  readonly source: "recording" | "generated"
  /** The frame of a trade; the `place`-th of its symbol. `stamp` takes the place of its time. */
  readonly trade: (place: number, symbol: string, stamp?: string) => TradeFrame
  /** Changes of the first symbol's book that can be repeated. */
  readonly book: () => Round
  /** What the venue sends at once for a client's message; a subscription has more than one answer where a book begins so. */
  readonly answers: (message: Message) => ReadonlyArray<string>
  /** Whether a client's message subscribes. */
  readonly subscribes: (message: Message) => boolean
  /** The body of a REST answer; `undefined` is a 404. */
  readonly rest: (path: string) => string | undefined
}

/** What a client sends: of every venue what is read here. */
export interface Message {
  readonly method?: string
  readonly id?: unknown
  readonly op?: string
  readonly args?: ReadonlyArray<string>
  readonly req_id?: string
}

const makers: Record<VenueName, () => Frames> = { binance: binance.make, "bybit-linear": bybit.make }

export const make = (venue: VenueName): Frames => makers[venue]()
