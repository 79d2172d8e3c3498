/**
 * What an account has of each asset. Guarantees exact sums; `free` is the total without what orders hold. That nothing is
 * spent that is not there is its callers' to see.
 */
import { add, isZero, minus, type Money, of, zero } from "./money.ts"

export interface Balance {
  readonly asset: string
  readonly total: Money
  readonly locked: Money
  readonly free: Money
}

export class Wallet {
  private readonly totals = new Map<string, Money>()
  private readonly holds = new Map<string, Money>()

  constructor(balances: Readonly<Record<string, string>>) {
    for (const [asset, amount] of Object.entries(balances)) this.totals.set(asset, of(amount))
  }

  balance(asset: string): Balance {
    const total = this.totals.get(asset) ?? zero
    const locked = this.holds.get(asset) ?? zero
    return { asset, total, locked, free: minus(total, locked) }
  }

  /** Whatever was ever there, in the order of its first appearance. */
  list(): Array<Balance> {
    return [...this.totals.keys()].map((asset) => this.balance(asset))
  }

  /** The total moves by this much. */
  move(asset: string, by: Money): void {
    if (isZero(by) && this.totals.has(asset)) return
    this.totals.set(asset, add(this.totals.get(asset) ?? zero, by))
  }

  /** What orders hold moves by this much. */
  hold(asset: string, by: Money): void {
    if (!isZero(by)) this.holds.set(asset, add(this.holds.get(asset) ?? zero, by))
  }
}
