/**
 * The trading side of an adapter: an account of a venue, its private stream and its order entry. A paper venue implements it
 * as well as a real one, and the engine knows no difference.
 *
 * **The one law of outcomes**: a request that fails with `OutcomeUnknown` may have been carried out, and must be looked up by
 * its client order id; a request that fails with any other reason has certainly not been. An adapter that cannot tell says
 * `OutcomeUnknown`. Nobody ever sends an order twice.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as SubscriptionRef from "effect/SubscriptionRef"
import type { Amendment, Kind, Reference, Request, TimeInForce } from "./Order.ts"
import type { Balance, Fill, Order, Position, PrivateEvent } from "./PrivateEvent.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"
import type { VenueError } from "./VenueError.ts"

/** What the venue's order entry knows; what it does not is refused before it is sent. */
export interface TradingCapabilities {
  readonly kinds: ReadonlyArray<Kind>
  readonly timesInForce: ReadonlyArray<TimeInForce>
  readonly reduceOnly: boolean
  /** `size`: only downwards, keeping its place; `priceAndSize`: anything; `none`: cancel, and place another. */
  readonly amends: "none" | "size" | "priceAndSize"
  /** True where there are positions (contracts); spot has balances only. */
  readonly positions: boolean
  /** The venue cancels by itself what we have not confirmed for a while. */
  readonly deadMan: boolean
}

/**
 * The private stream, as the engine must know it. It is `up` with a number that grows with every session: whatever happened
 * between two numbers may have been missed, so each new one is reconciled before anything is traded.
 */
export type StreamState =
  | { readonly _tag: "Down"; readonly reason: string | undefined }
  | { readonly _tag: "Up"; readonly session: number }

/** That the venue has taken an order in. Its fate is told by events, which may come before this. */
export interface Accepted {
  readonly venueOrderId?: string
}

/** Since when fills are wanted. */
export interface FillsRequest {
  readonly symbol: string
  /** Epoch ms, inclusive. */
  readonly since: number
}

/** What the key of an account may do, as far as the venue tells it; what is absent is not known. */
export interface Rights {
  readonly trade?: boolean
  readonly withdraw?: boolean
  /** The addresses that it works from; none: from any. */
  readonly addresses?: ReadonlyArray<string>
  /** Epoch ms; absent where it does not expire, too. */
  readonly expiresAt?: number
}

/**
 * An open account. Ends with its scope. Every effect may be interrupted; an order request that is interrupted after it was
 * sent has an unknown outcome.
 */
export interface Account {
  readonly stream: SubscriptionRef.SubscriptionRef<StreamState>
  /** Sockets of the private stream and of order entry, by name. */
  readonly connections: SubscriptionRef.SubscriptionRef<ReadonlyMap<string, ConnectionStatus>>
  readonly submit: (order: Request) => Effect.Effect<Accepted, VenueError>
  /**
   * Goes the way of `submit` as far as the transport, and stays there until it is interrupted: nothing is sent, counted, told
   * or kept. So that the way of an order is not gone for the first time when there is one; absent where it is short.
   */
  readonly rehearse?: (order: Request) => Effect.Effect<Accepted, VenueError>
  readonly amend: (amendment: Amendment) => Effect.Effect<void, VenueError>
  /**
   * Succeeds when the venue has taken the cancellation in, or says that the order has ended already (its end is then told as an
   * event, or found by `order`).
   */
  readonly cancel: (order: Reference) => Effect.Effect<void, VenueError>
  /** Cancels all open orders of these symbols, also those that are not ours. */
  readonly cancelAll: (symbols: ReadonlyArray<string>) => Effect.Effect<void, VenueError>
  /** What the venue knows of an order; `undefined` when it says positively that there is none. */
  readonly order: (order: Reference) => Effect.Effect<Order | undefined, VenueError>
  /** All open orders of these symbols, also those that are not ours. */
  readonly openOrders: (symbols: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Order>, VenueError>
  /** Oldest first, all pages. */
  readonly fills: (request: FillsRequest) => Effect.Effect<ReadonlyArray<Fill>, VenueError>
  /** What is not among them is zero. */
  readonly balances: Effect.Effect<ReadonlyArray<Balance>, VenueError>
  /** Those that are not flat; empty on spot. */
  readonly positions: Effect.Effect<ReadonlyArray<Position>, VenueError>
  /** One net position a symbol, or a long and a short one side by side. Spot is `oneWay`. */
  readonly positionMode: Effect.Effect<"oneWay" | "hedge", VenueError>
  /**
   * Asks the venue to cancel everything of these symbols unless asked again within this time; where the capability says so.
   * Zero takes it back.
   */
  readonly deadMan?: (symbols: ReadonlyArray<string>, within: Duration.Input) => Effect.Effect<void, VenueError>
  readonly rights?: Effect.Effect<Rights, VenueError>
}

/** Present on an adapter that was given credentials (or needs none, as a paper venue). */
export interface Trading {
  readonly capabilities: TradingCapabilities
  /**
   * Opens the account and returns at once; connecting and authenticating go on inside the scope. `emit` is called
   * synchronously, in order for each symbol, and must not throw. Events of one order may come in any order and twice.
   */
  readonly open: (emit: (event: PrivateEvent) => void) => Effect.Effect<Account, VenueError, Scope.Scope>
}
