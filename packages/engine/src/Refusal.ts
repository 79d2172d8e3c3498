/**
 * Why an order was not sent. Each has a tag to decide by and a message for people, which names the limit and the value.
 */
import * as Data from "effect/Data"

/** The request itself is wrong for this instrument or venue: grid, size, notional, a kind that the venue has not. */
export class InvalidOrder extends Data.TaggedError("InvalidOrder")<{ readonly message: string }> {}
/** A limit of risk would be passed. */
export class RiskLimit extends Data.TaggedError("RiskLimit")<{
  readonly limit:
    | "instrument"
    | "notional"
    | "position"
    | "openOrders"
    | "orderRate"
    | "priceBand"
    | "dailyLoss"
    | "balance"
  readonly message: string
}> {}
/**
 * Trading on this venue is not open: not connected, not reconciled, in another position mode than was expected, or halted;
 * or the journal could not be written, without which nothing is sent.
 */
export class NotTrading extends Data.TaggedError("NotTrading")<{
  readonly cause: "disconnected" | "reconciling" | "positionMode" | "halted" | "journal" | "stopping" | "stopped"
  readonly message: string
}> {}
/** The order that is meant is not known, or has ended. */
export class NoSuchOrder extends Data.TaggedError("NoSuchOrder")<{ readonly message: string }> {}

export type Refusal = InvalidOrder | RiskLimit | NotTrading | NoSuchOrder
