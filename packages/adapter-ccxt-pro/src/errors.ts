/**
 * What CCXT throws, by the names of its classes: one table, the nearest class in an error's line of ancestors decides.
 * Never the text of a message. What is no error of CCXT is a fault in reading what the exchange sent.
 */
import { VenueError } from "@tidewire/core"

type Make = (message: string) => VenueError.Reason

const failed: Make = (message) => new VenueError.ConnectionFailed({ message })
const unavailable: Make = (message) => new VenueError.VenueUnavailable({ message })
const limited: Make = (message) => new VenueError.RateLimited({ message })
const unauthenticated: Make = (message) => new VenueError.AuthenticationFailed({ message })
const denied: Make = (message) => new VenueError.PermissionDenied({ message })
const unsupported: Make = (message) => new VenueError.Unsupported({ message })
const invalid: Make = (message) => new VenueError.InvalidRequest({ message })
const refused: Make = (message) => new VenueError.SubscriptionRejected({ message, permanent: true })
const refusedNow: Make = (message) => new VenueError.SubscriptionRejected({ message, permanent: false })
const unreadable: Make = (message) => new VenueError.DecodeFailed({ message, sample: "" })

export const reasons: Readonly<Record<string, Make>> = {
  BaseError: refusedNow,
  ExchangeError: refusedNow,
  AuthenticationError: unauthenticated,
  PermissionDenied: denied,
  AccountNotEnabled: denied,
  AccountSuspended: denied,
  ArgumentsRequired: invalid,
  BadRequest: refused,
  BadSymbol: refused,
  OperationRejected: refusedNow,
  NoChange: refusedNow,
  MarginModeAlreadySet: refusedNow,
  MarketClosed: refusedNow,
  ManualInteractionNeeded: denied,
  RestrictedLocation: denied,
  InsufficientFunds: invalid,
  InvalidAddress: invalid,
  AddressPending: invalid,
  InvalidOrder: invalid,
  OrderNotFound: invalid,
  OrderNotCached: invalid,
  OrderImmediatelyFillable: invalid,
  OrderNotFillable: invalid,
  DuplicateOrderId: invalid,
  ContractUnavailable: refused,
  NotSupported: unsupported,
  InvalidProxySettings: invalid,
  ExchangeClosedByUser: (message) => new VenueError.ConnectionLost({ code: 1000, message }),
  OperationFailed: unavailable,
  NetworkError: failed,
  DDoSProtection: limited,
  RateLimitExceeded: limited,
  ExchangeNotAvailable: unavailable,
  OnMaintenance: unavailable,
  // without an order there is no nonce but that of a book
  InvalidNonce: (message) => new VenueError.SequenceGap({ message }),
  ChecksumError: (message) => new VenueError.ChecksumMismatch({ message }),
  RequestTimeout: failed,
  BadResponse: unreadable,
  NullResponse: unreadable,
  CancelPending: refusedNow,
  // what was asked to end has ended; who still wants it asks again
  UnsubscribeError: refusedNow
}

/** The names of an error's class and of those it descends from, nearest first. */
export const line = (error: unknown): ReadonlyArray<string> => {
  const names: Array<string> = []
  if (typeof error !== "object" || error === null) return names
  for (let each: unknown = Object.getPrototypeOf(error); each !== null; each = Object.getPrototypeOf(each)) {
    names.push((each as { readonly constructor: { readonly name: string } }).constructor.name)
  }
  return names
}

/** Whether the exchange found the time wrong that a request was signed with. */
export const isStampWrong = (error: unknown): boolean => {
  const names = line(error)
  return names.includes("InvalidNonce") && !names.includes("ChecksumError")
}

/** `hide` takes out what only its owner knows, which exchanges repeat. */
export const reasonOf = (
  error: unknown,
  hide: (message: string) => string = (message) => message
): VenueError.Reason => {
  const message = hide(printable(error instanceof Error ? error.message : String(error)))
  if (typeof error !== "object" || error === null) return unreadable(message)
  const name = line(error).find((each) => Object.hasOwn(reasons, each))
  return name === undefined ? unreadable(message) : reasons[name]!(message)
}

/** CCXT's messages carry whole URLs and headers: what signs a request, and who asks, is shown to nobody. */
export const printable = (message: string): string =>
  message
    .replaceAll(/\?[^\s"']*=[^\s"']*/g, "?…")
    .replaceAll(
      /(signature|sign|api-?_?key|secret|passphrase|listenKey|token)(["']?\s*[:=]\s*["']?)[^\s"',&}]+/gi,
      "$1$2…"
    )

/** The public error of a call. Its cause is not kept, because CCXT's carry what the message does. */
export const venueError = (
  venue: string,
  operation: string,
  cause: unknown,
  hide?: (message: string) => string
): VenueError.VenueError => new VenueError.VenueError({ venue, operation, reason: reasonOf(cause, hide) })
