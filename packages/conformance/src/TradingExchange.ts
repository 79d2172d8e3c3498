/**
 * The trading side of the exchange under control: what is true of the account that the adapter has the key of, what others
 * do to its orders, and what can go wrong between an order and its answer. Amounts are canonical texts (`Amount`).
 *
 * Truths are asked while nothing is on its way. Every effect ends when what it says has been done on the exchange's side.
 */
import type { Amount, Order } from "@tidewire/core"
import type * as Effect from "effect/Effect"

export interface TrueFill {
  /** As the venue tells it. */
  readonly id: string
  readonly price: Amount.Amount
  readonly size: Amount.Amount
  readonly fee: Amount.Amount
  readonly feeAsset: string
  readonly liquidity: "maker" | "taker"
}

export interface TrueOrder {
  readonly symbol: string
  readonly clientOrderId: string
  readonly venueOrderId: string
  readonly side: Order.Side
  readonly size: Amount.Amount
  readonly price?: Amount.Amount
  readonly status: Exclude<Order.Status, "sent" | "unknown">
  readonly filled: Amount.Amount
  /** Oldest first. */
  readonly fills: ReadonlyArray<TrueFill>
}

export interface TrueBalance {
  readonly asset: string
  readonly total: Amount.Amount
  /** Absent where it is not for the wallet alone to say, as with margins. */
  readonly free?: Amount.Amount
  readonly locked?: Amount.Amount
}

export interface TruePosition {
  readonly symbol: string
  readonly leg: "net" | "long" | "short"
  readonly size: Amount.Amount
}

/** A request about an order as it arrived, whatever became of it. */
export interface TrueRequest {
  readonly request: "place" | "amend" | "cancel"
  readonly clientOrderId: string | undefined
}

export interface TrueAccount {
  /** Every order that was taken in, oldest first. */
  readonly orders: ReadonlyArray<TrueOrder>
  /** What is not among them is zero. */
  readonly balances: ReadonlyArray<TrueBalance>
  /** Those that are not flat. */
  readonly positions: ReadonlyArray<TruePosition>
  readonly positionMode: "oneWay" | "hedge"
  /** Oldest first. */
  readonly requests: ReadonlyArray<TrueRequest>
}

/** What orders of a symbol may look like just now, all on the grid. */
export interface Terms {
  readonly bid: Amount.Amount
  readonly ask: Amount.Amount
  /** What stands at the best ask. */
  readonly askSize: Amount.Amount
  /** Prices far from the market, where nothing trades by itself and the venue still takes orders. */
  readonly below: Amount.Amount
  readonly above: Amount.Amount
  /** A little above the ask and below the bid: where triggers wait. */
  readonly rise: Amount.Amount
  readonly fall: Amount.Amount
  /** The venue takes a half of it; the account can pay for it, and for all of `askSize`, ten times. */
  readonly size: Amount.Amount
}

type Act = Effect.Effect<void>

/** What can go wrong with orders, by name; one that is absent fails the cards that need it. */
export interface TradingFaults {
  /** Refuses the next order. */
  readonly reject: Act
  /** Carries the next order out, and answers that it does not know. */
  readonly unknown: Act
  /** Carries the next order out, and never answers. */
  readonly loseAnswer: Act
  /** Answers the next order only after what it causes was told. */
  readonly early: Act
  /** Tells the next fill twice. */
  readonly doubleFill: Act
  /** Tells what becomes of orders so many ms late, until the card ends. */
  readonly late: (byMs: number) => Act
  /** Ends the connections of the account, its private stream and its order entry, at once and without a word. */
  readonly killStream: Act
  /** Ends the private stream in the venue's own way and says so: a key that expires, a server that goes down. */
  readonly endStream: Act
}

export interface TradingExchange {
  readonly account: Effect.Effect<TrueAccount>
  /** What nobody may ever read: keys of the account and of its streams, as they are now. */
  readonly secrets: Effect.Effect<ReadonlyArray<string>>
  readonly terms: (symbol: string) => Effect.Effect<Terms>
  /** Others trade against this resting order, at its price, exactly so much. */
  readonly meet: (clientOrderId: string, size: Amount.Amount) => Act
  /** Others trade until the last price is this, or beyond. */
  readonly moveTo: (symbol: string, price: Amount.Amount) => Act
  readonly faults: Partial<TradingFaults>
}
