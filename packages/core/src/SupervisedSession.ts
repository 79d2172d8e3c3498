/**
 * What a connection supervises, and what it tells its supervisor: one carrying of a connection's streams, from its
 * beginning until it is lost. `Session` does it on a socket of ours; a library with sockets of its own fits as well.
 *
 * A session ends only with the reason why it was lost, or with its scope; whoever supervises it decides what follows.
 */
import type * as Effect from "effect/Effect"
import type * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import type { ChannelStream } from "./ChannelStream.ts"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import type * as ConnectionState from "./ConnectionState.ts"
import type { GapReason } from "./Event.ts"
import type { FeedCounter } from "./FeedCounter.ts"
import type { Carrier, Leg } from "./Leg.ts"
import type { Reason } from "./VenueError.ts"

/** The connection that a session is for. */
export interface Owner {
  readonly name: string
  readonly options: ConnectionOptions
  readonly counter: FeedCounter
  readonly streams: ReadonlySet<ChannelStream>
  /** Reading was stopped by a queue: silence means nothing meanwhile. */
  readonly isPaused: boolean
  readonly moved: (session: SupervisedSession, input: ConnectionState.Input) => void
  /** A ping of ours has been answered after so many ms. */
  readonly measured: (session: SupervisedSession, latencyMs: number) => void
  /** The venue says that this session will end soon. */
  readonly warned: (session: SupervisedSession) => void
}

export interface SupervisedSession extends Carrier {
  readonly legs: ReadonlyMap<ChannelStream, Leg>
  /** Open once everything that it carries has been confirmed. */
  readonly ready: Latch.Latch
  readonly isOpen: boolean
  readonly isReady: boolean
  readonly run: Effect.Effect<never, Reason, Scope.Scope>
  /** Carries these as well. */
  readonly subscribe: (streams: ReadonlyArray<ChannelStream>) => void
  /** Carries these no more. */
  readonly unsubscribe: (streams: ReadonlyArray<ChannelStream>) => void
  /** Subscribes anew to a stream that is silent here and should not be. */
  readonly resubscribe: (leg: Leg, reason: string) => void
  /** Everything that `before` carries is carried here as well. */
  readonly carriesAs: (before: SupervisedSession) => boolean
  /** Nothing more comes from here: every stream is told, before anything is even closed. */
  readonly leave: (gapReason: GapReason, reason: string) => void
  /** Whether the venue answers here from now on. */
  readonly proveAlive: Effect.Effect<boolean>
  /** Stops reading; false when it cannot. */
  readonly pause: () => boolean
  readonly resume: () => void
}
