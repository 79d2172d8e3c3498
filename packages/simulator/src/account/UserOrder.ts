/**
 * An order of a user, from its acceptance to its end. Prices are ticks and sizes steps of its market; `worth` is exact.
 * Guarantees that `filled` never exceeds `size` and that the sum of `fills` is `filled`.
 */
import type { Order as BookOrder } from "../market/book.ts"
import type { Market } from "../market/market.ts"
import type { Account } from "./Account.ts"
import type { Money } from "./money.ts"

export type Direction = "buy" | "sell"

/** `net` in one-way mode and on spot. */
export type Leg = "net" | "long" | "short"

export type Lifetime = "gtc" | "ioc" | "fok" | "postOnly"

export interface Trigger {
  readonly price: number
  readonly when: "rises" | "falls"
  readonly by: "last" | "mark" | "index"
}

/** Why it ended, or was made smaller, without its user's doing. */
export type Ending = "unfilled" | "fok" | "wouldTake" | "ownMaker" | "reduceOnly" | "funds" | "noLiquidity"

export interface OrderRequest {
  readonly clientId: string
  readonly direction: Direction
  readonly leg: Leg
  readonly lifetime: Lifetime
  /** Undefined: at the market. */
  readonly price: number | undefined
  readonly size: number
  readonly reduceOnly: boolean
  readonly trigger: Trigger | undefined
  /** The venue's own words, to be told again as they were said. */
  readonly words: Readonly<Record<string, string>>
}

export interface UserFill {
  /** The tape's own count. */
  readonly tradeId: number
  readonly sequence: number
  readonly price: number
  readonly size: number
  readonly time: number
  readonly isMaker: boolean
  readonly worth: Money
  readonly fee: Money
  readonly feeAsset: string
  /** Profit of what it closed, of contracts. */
  readonly realised: Money
  /** Steps of a position that it closed. */
  readonly closed: number
  readonly executionId: number
}

export type OrderStatus = "untriggered" | "open" | "filled" | "cancelled" | "expired" | "rejected"

export interface UserOrder extends OrderRequest {
  readonly id: number
  readonly account: Account
  readonly market: Market
  price: number | undefined
  size: number
  status: OrderStatus
  ending: Ending | undefined
  filled: number
  /** Sum of price × size, or of size / price on an inverse market. */
  worth: Money
  fee: Money
  /** Where it stands in the book. */
  resting: BookOrder | undefined
  /** What it holds of a spot wallet. */
  locked: { readonly asset: string; readonly amount: Money } | undefined
  readonly createdAt: number
  updatedAt: number
  /** Since when it may be filled. */
  workingAt: number | undefined
  triggeredAt: number | undefined
  amendments: number
  readonly fills: Array<UserFill>
}

export const isOver = ({ status }: UserOrder): boolean => status !== "open" && status !== "untriggered"

export const left = ({ filled, size }: UserOrder): number => size - filled
