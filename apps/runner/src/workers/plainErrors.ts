/** A `VenueError` on its way from one thread to another: its reason keeps its tag and its fields, its cause stays behind. */
import { VenueError } from "@tidewire/core"
import type { PlainError } from "./messages.ts"

export const from = ({ operation, reason }: VenueError.VenueError): PlainError => {
  const { cause: _, ...fields } = { ...reason } as Record<string, unknown>
  return { operation, tag: reason._tag, fields: { ...fields, message: reason.message } }
}

export const to = (venue: string, { fields, operation, tag }: PlainError): VenueError.VenueError =>
  new VenueError.VenueError({ venue, operation, reason: new reasons[tag](fields as never) })

const reasons: { readonly [Tag in PlainError["tag"]]: new (fields: never) => VenueError.Reason } = {
  ConnectionFailed: VenueError.ConnectionFailed,
  ConnectionLost: VenueError.ConnectionLost,
  Stale: VenueError.Stale,
  SequenceGap: VenueError.SequenceGap,
  BookCrossed: VenueError.BookCrossed,
  ChecksumMismatch: VenueError.ChecksumMismatch,
  DecodeFailed: VenueError.DecodeFailed,
  SubscriptionRejected: VenueError.SubscriptionRejected,
  RateLimited: VenueError.RateLimited,
  VenueUnavailable: VenueError.VenueUnavailable,
  AuthenticationFailed: VenueError.AuthenticationFailed,
  PermissionDenied: VenueError.PermissionDenied,
  Unsupported: VenueError.Unsupported,
  InvalidRequest: VenueError.InvalidRequest,
  OrderRejected: VenueError.OrderRejected,
  OutcomeUnknown: VenueError.OutcomeUnknown
}
