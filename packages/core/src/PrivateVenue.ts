/**
 * What differs between venues' private sockets: data and pure functions. `PrivateSocket` does everything that does not
 * (supervision, backoff, rotation, silence, answers, deadlines).
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import type { DialBudget } from "./DialBudget.ts"
import type { Heartbeat } from "./SocketVenue.ts"
import type { Reason } from "./VenueError.ts"

/** Where a reader puts what it found in a frame that is no event. All are synchronous and none throws. */
export interface PrivateSink<Answer> {
  /** What the venue answers to the request of this id. */
  readonly answer: (id: number, answer: Answer) => void
  /** This session is of no use any more, whatever its socket says: another one begins. */
  readonly over: (reason: Reason) => void
  /** The venue says that this connection will end soon. */
  readonly shutdownNotice: () => void
  /** Readable, known, and nothing to be done. */
  readonly ignored: () => void
  /** Readable, and of no known kind. */
  readonly unknown: () => void
  readonly malformed: (reason: string) => void
}

/** What is asked on a socket. */
export interface Ask {
  /** Makes the frame, just before it is sent and after every wait: it stamps and signs. Ids grow and never repeat. */
  readonly frame: (id: number) => string
  /**
   * Of requests that change something: what is said when it was sent and nobody knows whether it was carried out. Reads
   * have none, and say what happened.
   */
  readonly unknown?: (message: string) => Reason
  /** Goes before what else waits to be sent. */
  readonly isUrgent?: boolean
  /** How long it may wait for its turn: afterwards it has certainly not been sent. Default: without end. */
  readonly patience?: Duration.Input
}

/** A session that has opened, and must be authenticated and subscribed. */
export interface Beginning<Answer> {
  readonly request: (ask: Ask) => Effect.Effect<Answer, Reason>
  /** Says so in the connection's state; until then it is `Connected`. */
  readonly authenticating: Effect.Effect<void>
  /** Authenticated, subscribing now. */
  readonly subscribing: Effect.Effect<void>
}

export interface PrivateVenue<Answer> {
  /** What events carry as `venue`. */
  readonly venue: string
  /** The connection's own name. */
  readonly name: string
  readonly options: ConnectionOptions
  readonly dials: DialBudget
  readonly heartbeat: Heartbeat
  /** Messages, pings among them, that the venue takes in any second; a burst of as many goes at once. */
  readonly messagesPerSecond: number
  /** How long an answer may take. */
  readonly answerWithin: Duration.Input
  /** Where this session dials; asked for anew by each. It may hold a secret, which is shown to nobody. */
  readonly url: Effect.Effect<string, Reason>
  /** Authenticates and subscribes; the session is Active when it succeeds. */
  readonly begin: (session: Beginning<Answer>) => Effect.Effect<void, Reason>
  /** What has to be done as long as a session lives, such as keeping its key valid; its failure ends the session. */
  readonly meanwhile?: Effect.Effect<never, Reason, Scope.Scope>
  /** Reads one text frame, synchronously. What it throws counts as a malformed frame. */
  readonly read: (frame: string, receivedTime: number, sink: PrivateSink<Answer>) => void
}
