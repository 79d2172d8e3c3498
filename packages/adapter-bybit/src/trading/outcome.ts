/**
 * Answers of the venue to an account's requests as reasons. **The one law**: what may have been carried out is
 * `OutcomeUnknown`; everything else was certainly not. A code that this table does not know is a refusal when it is one of
 * the matching engines', else it is held for unknown.
 */
import { VenueError } from "@tidewire/core"
import { type Action, codes, isOfEngine } from "./refusals.ts"

/** A refusal as REST and the sockets tell it. */
export interface Refusal {
  /** HTTP's; 200 on sockets, and of most refusals. */
  readonly status: number
  readonly code: number | undefined
  readonly message: string
  readonly retryAfterMs?: number
}

/** What a request is about: an order by its client order id, `"*"` for all of a symbol; absent for reads. */
export type About = string | undefined

/** 403 and 429 are said before a request is passed on. */
const byStatus: ReadonlyMap<number, Action> = new Map<number, Action>([
  [401, "key"],
  [403, "wait"],
  [408, "query"],
  [429, "wait"]
])

const BUSY_MS = 200

const actionOf = ({ code, status }: Refusal): Action => {
  const ofStatus = byStatus.get(status) ?? (status >= 500 ? "query" : undefined)
  if (ofStatus !== undefined) return ofStatus
  const isSuccess = status >= 200 && status < 300
  if (code === undefined) return isSuccess ? "query" : "giveUp"
  return codes.get(code) ?? (isSuccess && !isOfEngine(code) ? "query" : "giveUp")
}

export const reasonOf = (refusal: Refusal, about: About): VenueError.Reason => {
  const { code, retryAfterMs, status } = refusal
  const places = [...(status === 200 ? [] : [`HTTP ${status}`]), ...(code === undefined ? [] : [`code ${code}`])]
  const message = places.length === 0 ? refusal.message : `${refusal.message} (${places.join(", ")})`
  const later = { message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  const coded = { message, ...(code !== undefined && { code }) }
  switch (actionOf(refusal)) {
    case "query":
      return unknown(about)?.(message) ?? new VenueError.VenueUnavailable(later)
    case "wait":
      return new VenueError.RateLimited(later)
    case "busy":
      return new VenueError.VenueUnavailable({ message, retryAfterMs: BUSY_MS })
    case "key":
      return new VenueError.AuthenticationFailed({ message })
    case "halt":
      return new VenueError.PermissionDenied({ message })
    case "clock":
      return new VenueError.InvalidRequest(coded)
    case "gone":
    case "done":
    case "giveUp":
      return about === undefined || code === undefined
        ? new VenueError.InvalidRequest(coded)
        : new VenueError.OrderRejected({ message, code })
  }
}

/** What is said of a request that may have been carried out; reads have no such thing. */
export const unknown = (about: About): ((message: string) => VenueError.OutcomeUnknown) | undefined =>
  about === undefined ? undefined : (message) => new VenueError.OutcomeUnknown({ message, clientOrderId: about })

/** Whether a reason comes of a code with this action. */
export const is = (reason: VenueError.Reason, action: Action): boolean =>
  (reason._tag === "OrderRejected" || reason._tag === "InvalidRequest") &&
  reason.code !== undefined &&
  codes.get(reason.code) === action
