/**
 * What CCXT throws at an order, by the names of its classes. **The one law**: what may have been carried out is
 * `OutcomeUnknown`; everything else was certainly not. CCXT does not say whether a request had left when the network failed,
 * nor what its general classes stand for, so these are unknown.
 */
import { VenueError } from "@tidewire/core"
import { line, reasonOf } from "../errors.ts"
import { answerTo } from "./answers.ts"

/** `plain`: the reason that anything else with this class has, which says that nothing was done. */
type Meaning = "unknown" | "rejected" | "plain"

export const meanings: Readonly<Record<string, Meaning>> = {
  BaseError: "unknown",
  ExchangeError: "unknown",
  OperationFailed: "unknown",
  NetworkError: "unknown",
  RequestTimeout: "unknown",
  ExchangeNotAvailable: "unknown",
  BadResponse: "unknown",
  NullResponse: "unknown",
  CancelPending: "unknown",
  ExchangeClosedByUser: "unknown",
  // an order of ours has this id already
  DuplicateOrderId: "unknown",
  AuthenticationError: "plain",
  PermissionDenied: "plain",
  AccountNotEnabled: "plain",
  AccountSuspended: "plain",
  RestrictedLocation: "plain",
  ManualInteractionNeeded: "plain",
  DDoSProtection: "plain",
  RateLimitExceeded: "plain",
  OnMaintenance: "plain",
  NotSupported: "plain",
  ArgumentsRequired: "plain",
  InvalidProxySettings: "plain",
  // a stamp that the exchange finds wrong
  InvalidNonce: "rejected",
  BadRequest: "rejected",
  BadSymbol: "rejected",
  OperationRejected: "rejected",
  NoChange: "rejected",
  MarginModeAlreadySet: "rejected",
  MarketClosed: "rejected",
  InsufficientFunds: "rejected",
  InvalidOrder: "rejected",
  OrderNotFound: "rejected",
  OrderNotCached: "rejected",
  OrderImmediatelyFillable: "rejected",
  OrderNotFillable: "rejected",
  ContractUnavailable: "rejected"
}

/** Of what has no number. */
const NO_CODE = 0

/** HTTP's for too many requests, Binance's for being banned: the request was not looked at. */
const TURNED_AWAY: ReadonlySet<number> = new Set([418, 429])

const none: ReadonlySet<number> = new Set()

/** What is no error of CCXT may have happened on either side of sending. `unknown`: numbers that say as little. */
export const orderReason = (
  error: unknown,
  clientOrderId: string,
  hide: (message: string) => string,
  unknown: ReadonlySet<number> = none
): VenueError.Reason => {
  const reason = reasonOf(error, hide)
  const { message } = reason
  const { code = NO_CODE, status } = answerTo(error) ?? {}
  if (status !== undefined && TURNED_AWAY.has(status)) return new VenueError.RateLimited({ message })
  const name = line(error).find((each) => Object.hasOwn(meanings, each))
  switch (name === undefined || unknown.has(code) ? "unknown" : meanings[name]!) {
    case "unknown":
      return new VenueError.OutcomeUnknown({ message, clientOrderId })
    case "rejected":
      return new VenueError.OrderRejected({ message, code })
    case "plain":
      return reason
  }
}

/** Whether the exchange says that there is no such order. */
export const isNotFound = (error: unknown): boolean => line(error).includes("OrderNotFound")
