/** Every class of error that CCXT has is in the table, and each is taken for what it is. */
import { VenueError } from "@tidewire/core"
import ccxt from "ccxt"
import { assert, describe, it } from "vitest"
import { reasonOf, reasons } from "../src/errors.ts"

type ErrorClass = new (message: string) => Error

const classes = Object.entries(ccxt as unknown as Record<string, unknown>).filter(
  (entry): entry is [string, ErrorClass] =>
    typeof entry[1] === "function" && (entry[1] === ccxt.BaseError || entry[1].prototype instanceof ccxt.BaseError)
)

describe("errors of CCXT", () => {
  it("are all in the table, and the table has no other", () => {
    const names = new Set(classes.map(([, { name }]) => name))
    assert.deepStrictEqual([...names].toSorted(), Object.keys(reasons).toSorted())
    assert.isAbove(names.size, 35)
  })

  it("become reasons by their class, and are seen to by what the reason asks for", () => {
    const told = Object.fromEntries(
      classes.map(([, each]) => {
        const reason = reasonOf(new each("it happened"))
        return [each.name, `${reason._tag} ${VenueError.recovery(reason)._tag}: ${reason.message}`]
      })
    )
    const expected = {
      NetworkError: "ConnectionFailed Reconnect",
      RequestTimeout: "ConnectionFailed Reconnect",
      ExchangeClosedByUser: "ConnectionLost Reconnect",
      DDoSProtection: "RateLimited Wait",
      RateLimitExceeded: "RateLimited Wait",
      ExchangeNotAvailable: "VenueUnavailable Wait",
      OnMaintenance: "VenueUnavailable Wait",
      AuthenticationError: "AuthenticationFailed Fatal",
      PermissionDenied: "PermissionDenied Fatal",
      BadSymbol: "SubscriptionRejected EndSubscription",
      BadRequest: "SubscriptionRejected EndSubscription",
      NotSupported: "Unsupported Fatal",
      InvalidNonce: "SequenceGap ResyncBook",
      ChecksumError: "ChecksumMismatch ResyncBook",
      UnsubscribeError: "SubscriptionRejected NextSession",
      ExchangeError: "SubscriptionRejected NextSession",
      BadResponse: "DecodeFailed Skip"
    }
    for (const [name, how] of Object.entries(expected)) assert.strictEqual(told[name], `${how}: it happened`)
  })

  it("of a class that is unknown are what their nearest known ancestor is", () => {
    class Worse extends ccxt.RateLimitExceeded {}
    assert.strictEqual(reasonOf(new Worse("slow down"))._tag, "RateLimited")
  })

  it("that are none of CCXT's are faults in reading", () => {
    assert.deepStrictEqual(
      [new TypeError("x is undefined"), "text", undefined].map((each) => reasonOf(each)._tag),
      ["DecodeFailed", "DecodeFailed", "DecodeFailed"]
    )
  })
})
