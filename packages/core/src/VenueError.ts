/**
 * What can go wrong between us and a venue: one error, a tagged reason, and one total function that says what is done
 * about each. Nothing is ever decided by the text of a message.
 */
import * as Data from "effect/Data"

export class ConnectionFailed extends Data.TaggedError("ConnectionFailed")<{
  readonly message: string
  /** The HTTP status of a refused handshake, and how long the venue asked to be left alone then. */
  readonly status?: number
  readonly retryAfterMs?: number
}> {}
export class ConnectionLost extends Data.TaggedError("ConnectionLost")<{
  /** The WebSocket close code; 1006 when the socket ended without one. */
  readonly code: number
  readonly message: string
}> {}
export class Stale extends Data.TaggedError("Stale")<{ readonly silentForMs: number; readonly message: string }> {}
export class SequenceGap extends Data.TaggedError("SequenceGap")<{ readonly message: string }> {}
export class BookCrossed extends Data.TaggedError("BookCrossed")<{ readonly message: string }> {}
export class ChecksumMismatch extends Data.TaggedError("ChecksumMismatch")<{ readonly message: string }> {}
export class DecodeFailed extends Data.TaggedError("DecodeFailed")<{
  readonly message: string
  /** The beginning of what could not be read. */
  readonly sample: string
}> {}
export class SubscriptionRejected extends Data.TaggedError("SubscriptionRejected")<{
  readonly message: string
  /** The venue will never accept it: ask no more. */
  readonly permanent: boolean
  readonly code?: number
}> {}
export class RateLimited extends Data.TaggedError("RateLimited")<{
  readonly message: string
  readonly retryAfterMs?: number
}> {}
export class VenueUnavailable extends Data.TaggedError("VenueUnavailable")<{
  readonly message: string
  readonly retryAfterMs?: number
}> {}
export class AuthenticationFailed extends Data.TaggedError("AuthenticationFailed")<{ readonly message: string }> {}
export class PermissionDenied extends Data.TaggedError("PermissionDenied")<{ readonly message: string }> {}
export class Unsupported extends Data.TaggedError("Unsupported")<{ readonly message: string }> {}
/** The request itself was wrong; sending it again would fail again. */
export class InvalidRequest extends Data.TaggedError("InvalidRequest")<{
  readonly message: string
  readonly code?: number
}> {}
/** Positive evidence from the venue that an order was refused. */
export class OrderRejected extends Data.TaggedError("OrderRejected")<{
  readonly message: string
  readonly code: number
}> {}
/** Whether the venue took the order is not known. */
export class OutcomeUnknown extends Data.TaggedError("OutcomeUnknown")<{
  readonly message: string
  readonly clientOrderId: string
}> {}

export type Reason =
  | ConnectionFailed
  | ConnectionLost
  | Stale
  | SequenceGap
  | BookCrossed
  | ChecksumMismatch
  | DecodeFailed
  | SubscriptionRejected
  | RateLimited
  | VenueUnavailable
  | AuthenticationFailed
  | PermissionDenied
  | Unsupported
  | InvalidRequest
  | OrderRejected
  | OutcomeUnknown

/** The one public error of a venue. `operation` says what was being done (`GET /api/v3/depth`, `connect`). */
export class VenueError extends Data.TaggedError("VenueError")<{
  readonly venue: string
  readonly operation: string
  readonly reason: Reason
  readonly cause?: unknown
}> {
  override get message(): string {
    return `${this.venue}: ${this.operation}: ${this.reason._tag}: ${this.reason.message}`
  }
}

/** What a reason says, on one line. */
export const describe = (reason: Reason): string => `${reason._tag}: ${reason.message}`

/** What is done about a reason. */
export type Recovery =
  /** A new session with backoff; every subscription is restored. */
  | { readonly _tag: "Reconnect" }
  /** This book is stale at once and is rebuilt; nothing else is touched. */
  | { readonly _tag: "ResyncBook" }
  /** Counted, a sample kept, skipped. */
  | { readonly _tag: "Skip" }
  /** That subscription ends and says so. */
  | { readonly _tag: "EndSubscription" }
  /** Asked for again in the next session. */
  | { readonly _tag: "NextSession" }
  /** Nothing is sent to this venue until then. */
  | { readonly _tag: "Wait"; readonly retryAfterMs: number | undefined }
  /** That capability is off; told at the start. */
  | { readonly _tag: "Fatal" }
  /** Handed to the strategy. */
  | { readonly _tag: "TellStrategy" }
  /** Looked up by client order id; never resent. */
  | { readonly _tag: "Reconcile"; readonly clientOrderId: string }

export const recovery = (reason: Reason): Recovery => {
  switch (reason._tag) {
    case "ConnectionFailed":
    case "ConnectionLost":
    case "Stale":
      return { _tag: "Reconnect" }
    case "SequenceGap":
    case "BookCrossed":
    case "ChecksumMismatch":
      return { _tag: "ResyncBook" }
    case "DecodeFailed":
      return { _tag: "Skip" }
    case "SubscriptionRejected":
      return reason.permanent ? { _tag: "EndSubscription" } : { _tag: "NextSession" }
    case "RateLimited":
    case "VenueUnavailable":
      return { _tag: "Wait", retryAfterMs: reason.retryAfterMs }
    case "AuthenticationFailed":
    case "PermissionDenied":
    case "Unsupported":
    case "InvalidRequest":
      return { _tag: "Fatal" }
    case "OrderRejected":
      return { _tag: "TellStrategy" }
    case "OutcomeUnknown":
      return { _tag: "Reconcile", clientOrderId: reason.clientOrderId }
  }
}
