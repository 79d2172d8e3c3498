/**
 * A feed with its queues: one bounded queue per symbol between the feed and one consumer. This is what a program runs.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Event } from "./Event.ts"
import type { QueueOptions } from "./QueueOptions.ts"
import type { Subscription } from "./Subscription.ts"
import type { Feed, VenueAdapter } from "./VenueAdapter.ts"
import type { VenueError } from "./VenueError.ts"

/**
 * Takes one event, synchronously. A handler that needs time (a full pipe, a database) returns an Effect: nothing is
 * delivered until it has ended, and the queues fill meanwhile.
 */
export type Handler = (event: Event) => Effect.Effect<void> | undefined | void

/** received = delivered + conflated + dropped + waiting, always. */
export interface QueueCounts {
  readonly received: number
  readonly delivered: number
  readonly conflated: number
  readonly dropped: number
  readonly waiting: number
}

export interface StopReport {
  /** Events that were still waiting when the deadline came; 0 when everything was delivered. */
  readonly left: number
  readonly counts: QueueCounts
}

export interface MarketStream {
  readonly adapter: VenueAdapter
  readonly feed: Feed
  readonly counts: () => QueueCounts
  /** Delivers events in order until the stream has stopped and is drained. One consumer at a time. */
  readonly consume: (handler: Handler) => Effect.Effect<void>
  /** Stops intake, lets the consumer drain until the deadline, closes the sockets with 1000, says what was left. */
  readonly stop: (deadline: Duration.Input) => Effect.Effect<StopReport>
}

export declare const open: (
  adapter: VenueAdapter,
  subscriptions: ReadonlyArray<Subscription>,
  options?: QueueOptions
) => Effect.Effect<MarketStream, VenueError, Scope.Scope>
