/** What to do about what a venue, or the way to it, says. Total over the reasons, never by their text. */
import { type VenueError, VenueError as VenueErrors } from "@tidewire/core"
import { oneLine } from "./report.ts"
import { problem, type Verdict, warning } from "./Finding.ts"

export const of = (reason: VenueError.Reason, proxy?: string): string => {
  switch (reason._tag) {
    case "ConnectionFailed":
    case "ConnectionLost":
    case "Stale":
      return proxy === undefined
        ? "look at the network and the firewall, and whether `endpoints` are right"
        : `look whether the proxy ${proxy} is up and lets this host through`
    case "RateLimited":
      return `${wait(reason.retryAfterMs)}; this address asks the venue too much: look for other programs on it, and ask for less`
    case "VenueUnavailable":
      return `${wait(reason.retryAfterMs)}; look at the venue's status page for a maintenance`
    case "AuthenticationFailed":
      return "check the key and the secret in the environment, that the key is of this environment (mainnet, testnet, demo), not expired, and allowed from this address"
    case "PermissionDenied":
      return "look at the venue's page of the key: its rights, the addresses it is bound to; and whether the venue serves this place"
    case "DecodeFailed":
      return "something else answers there, or the venue has changed: look at `endpoints`, and for a newer adapter"
    case "InvalidRequest":
    case "Unsupported":
    case "SubscriptionRejected":
      return "look at what is asked for in the configuration, and for a newer adapter"
    case "SequenceGap":
    case "BookCrossed":
    case "ChecksumMismatch":
    case "OrderRejected":
    case "OutcomeUnknown":
      return "see the message"
  }
}

const wait = (ms: number | undefined): string => (ms === undefined ? "wait" : `wait ${Math.ceil(ms / 1_000)} s`)

/** A read that failed. What the venue does not offer is no problem of the operator's. */
export const verdict = (error: VenueError.VenueError, proxy?: string): Verdict => {
  const found = `${error.operation}: ${oneLine(VenueErrors.describe(error.reason))}`
  return error.reason._tag === "Unsupported"
    ? warning(found, of(error.reason))
    : problem(found, of(error.reason, proxy))
}
