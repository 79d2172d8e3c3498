/**
 * Answers of the venue to an account's requests as reasons. **The one law**: what may have been carried out is
 * `OutcomeUnknown`; everything else was certainly not. What this table does not know is held for unknown when the venue failed
 * (5xx), and for refused when it says that we did (4xx).
 */
import { Rest, VenueError } from "@tidewire/core"
import { bodyOf } from "../errors.ts"
import { type Action, texts } from "./refusals.ts"

/** A refusal as both ways tell it. */
export interface Refusal {
  /** HTTP's, or that of the WebSocket API, which are alike. */
  readonly status: number
  readonly code: number | undefined
  readonly message: string
  readonly retryAfterMs?: number
}

/** What a request is about: an order by its client order id, `"*"` for all of a symbol; absent for reads. */
export type About = string | undefined

/** 403 is the firewall's: it reaches nobody behind it. */
const byStatus: ReadonlyMap<number, Action> = new Map<number, Action>([
  [401, "key"],
  [403, "wait"],
  [408, "query"],
  [418, "wait"],
  [429, "wait"],
  [451, "halt"]
])

export const actionOf = (codes: ReadonlyMap<number, Action>, { code, message, status }: Refusal): Action => {
  const ofText = texts.get(message.replace(/\.$/, ""))
  if (ofText !== undefined) return ofText
  const ofCode = code === undefined ? undefined : codes.get(code)
  // what the venue did with a request that it failed at is only known where its code says so
  if (status >= 500 && ofCode !== "wait") return "query"
  return byStatus.get(status) ?? ofCode ?? "giveUp"
}

export const reasonOf = (codes: ReadonlyMap<number, Action>, refusal: Refusal, about: About): VenueError.Reason => {
  const { code, retryAfterMs, status } = refusal
  const message = code === undefined ? `${refusal.message} (${status})` : `${refusal.message} (${status}, code ${code})`
  const later = { message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  const coded = { message, ...(code !== undefined && { code }) }
  switch (actionOf(codes, refusal)) {
    case "query":
      return unknown(about)?.(message) ?? new VenueError.VenueUnavailable(later)
    case "wait":
      return status >= 500 ? new VenueError.VenueUnavailable(later) : new VenueError.RateLimited(later)
    case "down":
      return new VenueError.VenueUnavailable(later)
    case "key":
      return new VenueError.AuthenticationFailed({ message })
    case "halt":
      return new VenueError.PermissionDenied({ message })
    case "unsupported":
      return new VenueError.Unsupported({ message })
    case "clock":
    case "renew":
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
export const is = (codes: ReadonlyMap<number, Action>, reason: VenueError.Reason, action: Action): boolean =>
  (reason._tag === "OrderRejected" || reason._tag === "InvalidRequest") &&
  reason.code !== undefined &&
  codes.get(reason.code) === action

/** What an answer of REST refuses; `undefined` for what was asked for. */
export const refusalOf = ({ body, headers, status }: Rest.Answer): Refusal | undefined => {
  if (status >= 200 && status < 300) return undefined
  const { code, msg } = bodyOf(body)
  const retryAfterMs = Rest.retryAfterMs(headers)
  return { status, code, message: msg ?? `HTTP ${status}`, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
