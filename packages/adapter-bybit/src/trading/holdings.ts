/**
 * What an account has: rows of its wallet and of positions as private events.
 * Source: docs/venues/bybit.md, "Private topics".
 */
import { Money, type PrivateEvent, Sparse } from "@tidewire/core"
import type { Market } from "../market.ts"
import type * as wire from "../wire.ts"
import type { Stamp } from "./rows.ts"

/**
 * Absolute. Spot's orders lock what they need; what margin holds of the same wallet is told of no coin, so contracts do not
 * tell what is free.
 */
export const balances = (
  { coin }: typeof wire.AccountWallet.Type,
  stamp: Stamp,
  { category }: Pick<Market, "category">,
  exchangeTime?: number
): ReadonlyArray<PrivateEvent.Balance> =>
  coin.map(({ coin: asset, locked, walletBalance }) =>
    Sparse.of<PrivateEvent.Balance>({
      type: "balance",
      ...stamp,
      exchangeTime,
      asset,
      total: Money.of(walletBalance),
      free: category === "spot" && locked !== undefined ? Money.difference(walletBalance, locked) : undefined,
      locked: locked === undefined ? undefined : Money.of(locked)
    })
  )

const legs = { 0: "net", 1: "long", 2: "short" } as const

/** One that is flat has no side. */
export const position = (
  row: typeof wire.AccountPosition.Type,
  { receivedTime, venue }: Stamp
): PrivateEvent.Position => {
  const updated = row.updatedTime === undefined || row.updatedTime === "" ? undefined : Number(row.updatedTime)
  return Sparse.of<PrivateEvent.Position>({
    type: "position",
    venue,
    exchangeTime: updated,
    receivedTime,
    symbol: row.symbol,
    leg: legs[row.positionIdx],
    size: row.side === "Sell" ? Money.negated(row.size) : Money.of(row.size),
    entryPrice: Money.ifAny(row.entryPrice ?? row.avgPrice),
    unrealizedPnl: row.unrealisedPnl === undefined || row.unrealisedPnl === "" ? undefined : Money.of(row.unrealisedPnl)
  })
}

/** Positions of so many contracts are remembered; the oldest give way, and are then told once more than need be. */
const MOST = 2_000

/**
 * Lets through what has changed: the venue tells a position with every request about an order. Begins anew with each
 * session, because what was missed in between may have changed it and back.
 */
export class ChangedPositions {
  readonly #told = new Map<string, string>()

  forget(): void {
    this.#told.clear()
  }

  isChange({ entryPrice, leg, size, symbol }: PrivateEvent.Position): boolean {
    const key = `${symbol} ${leg}`
    const now = `${size} ${entryPrice}`
    if (this.#told.get(key) === now) return false
    this.#told.delete(key)
    this.#told.set(key, now)
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= MOST) break
      this.#told.delete(oldest)
    }
    return true
  }
}
