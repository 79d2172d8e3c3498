/** Every class of error that CCXT has is known to say whether an order may have been placed. */
import ccxt from "ccxt"
import { assert, describe, it } from "vitest"
import { meanings, orderReason } from "../../src/trading/outcome.ts"

type ErrorClass = new (message: string) => Error

const classes = Object.entries(ccxt as unknown as Record<string, unknown>).flatMap(([, each]) =>
  typeof each === "function" && (each === ccxt.BaseError || each.prototype instanceof ccxt.BaseError)
    ? [each as ErrorClass]
    : []
)

const plain = (message: string): string => message

const tagOf = (error: unknown) => orderReason(error, "bot-1", plain)._tag

describe("what CCXT throws at an order", () => {
  it("says of each class whether the order may have been placed", () => {
    const told = Map.groupBy(classes, (each) => tagOf(new each("it happened")))
    const names = Object.fromEntries([...told].map(([tag, found]) => [tag, found.map(({ name }) => name).toSorted()]))
    assert.deepStrictEqual(names, {
      OutcomeUnknown: [
        "AddressPending",
        "BadResponse",
        "BaseError",
        "CancelPending",
        "DuplicateOrderId",
        "ExchangeClosedByUser",
        "ExchangeError",
        "ExchangeNotAvailable",
        "InvalidAddress",
        "NetworkError",
        "NullResponse",
        "OperationFailed",
        "RequestTimeout",
        "UnsubscribeError"
      ],
      OrderRejected: names["OrderRejected"] ?? [],
      AuthenticationFailed: ["AuthenticationError"],
      PermissionDenied: [
        "AccountNotEnabled",
        "AccountSuspended",
        "ManualInteractionNeeded",
        "PermissionDenied",
        "RestrictedLocation"
      ],
      RateLimited: ["DDoSProtection", "RateLimitExceeded"],
      VenueUnavailable: ["OnMaintenance"],
      Unsupported: ["NotSupported"],
      InvalidRequest: ["ArgumentsRequired", "InvalidProxySettings"]
    })
    assert.includeMembers(names["OrderRejected"] ?? [], [
      "InsufficientFunds",
      "InvalidOrder",
      "OrderNotFound",
      "BadSymbol"
    ])
  })

  it("is unknown of what is no error of CCXT, and of a class that it may have tomorrow what its ancestor is", () => {
    class Worse extends ccxt.InvalidOrder {}
    class Odd extends ccxt.ExchangeError {}
    assert.deepStrictEqual(
      [new TypeError("x is undefined"), "text", undefined, new Worse("no"), new Odd("no")].map(tagOf),
      ["OutcomeUnknown", "OutcomeUnknown", "OutcomeUnknown", "OrderRejected", "OutcomeUnknown"]
    )
  })

  it("has no class in its table that CCXT has not", () => {
    const known = new Set(classes.map(({ name }) => name))
    assert.deepStrictEqual(
      Object.keys(meanings).filter((name) => !known.has(name)),
      []
    )
  })

  it("shows nothing that signs a request, and nobody's key", () => {
    const messages = [
      "binance GET https://api.example.com/api/v3/account?timestamp=1&signature=abc123 fetch failed",
      'x {"apiKey":"abc123","signature":"abc123"}',
      "headers X-MBX-APIKEY: abc123",
      "origin_string[1790000000123abc1235000]"
    ]
    const hide = (message: string) => message.replaceAll("abc123", "…")
    const shown = messages.map((message) => orderReason(new ccxt.NetworkError(message), "bot-1", plain).message)
    assert.deepStrictEqual(
      shown.slice(0, 3).filter((message) => message.includes("abc123")),
      []
    )
    assert.notInclude(orderReason(new ccxt.NetworkError(messages[3]!), "bot-1", hide).message, "abc123")
  })
})
