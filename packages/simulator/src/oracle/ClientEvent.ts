/**
 * What a client reports: the shape of `@tidewire/core`'s events, as far as they are checked here. Declared again, so that
 * the simulator needs no core, and any client that can say the same can be judged.
 */

export interface Stamps {
  readonly venue: string
  readonly symbol: string
  readonly exchangeTime?: number
  readonly receivedTime: number
}

export interface TradeEvent extends Stamps {
  readonly type: "trade"
  readonly id: string
  readonly price: number
  readonly size: number
  readonly side: string
  readonly origin: string
}

export interface QuoteEvent extends Stamps {
  readonly type: "quote"
  readonly bid: number
  readonly bidSize: number
  readonly ask: number
  readonly askSize: number
  readonly sequence?: number
}

export interface BookEvent extends Stamps {
  readonly type: "book"
  readonly kind: string
  readonly bids: ReadonlyArray<readonly [price: number, size: number]>
  readonly asks: ReadonlyArray<readonly [price: number, size: number]>
  readonly sequence: number
}

export interface BarEvent extends Stamps {
  readonly type: "bar"
  readonly interval: string
  readonly openTime: number
  readonly closeTime: number
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volume: number
  readonly quoteVolume?: number
  readonly trades?: number
  readonly isFinal: boolean
  readonly origin: string
}

export interface TickerEvent extends Stamps {
  readonly type: "ticker"
  readonly last: number
}

/** Nothing but its time and its likeness to the one before is checked. */
export interface OtherEvent extends Stamps {
  readonly type: "mark" | "liquidation"
}

export interface GapEvent extends Stamps {
  readonly type: "gap"
  readonly channel: string
  readonly reason: string
  readonly from?: number | string
  readonly to?: number | string
  readonly lost: number | null
  readonly repaired: boolean
}

export interface ConnectionEvent {
  readonly type: "connection"
  readonly venue: string
  readonly receivedTime: number
  readonly connection: string
  readonly state: string
  readonly attempt: number
  readonly reason?: string
}

export interface BookStateEvent extends Stamps {
  readonly type: "bookState"
  readonly state: string
}

export interface SubscriptionEvent extends Stamps {
  readonly type: "subscription"
  readonly channel: string
  readonly state: string
}

export type TimedEvent = TickerEvent | OtherEvent

export type ClientEvent =
  | TradeEvent
  | QuoteEvent
  | BookEvent
  | BarEvent
  | TimedEvent
  | GapEvent
  | ConnectionEvent
  | BookStateEvent
  | SubscriptionEvent
