/** Why the floor did not do what it was asked. Each venue has its own code and text for it. */
export type RefusalReason =
  | "funds"
  | "wouldTake"
  | "wouldTrigger"
  | "fokUnfilled"
  | "reduceOnly"
  | "tooManyOrders"
  | "duplicateClientId"
  | "notOpen"
  | "unchanged"

export class Refusal extends Error {
  override readonly name = "Refusal"
  readonly reason: RefusalReason

  constructor(reason: RefusalReason) {
    super(reason)
    this.reason = reason
  }
}
