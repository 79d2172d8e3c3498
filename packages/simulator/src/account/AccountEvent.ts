/** What is told of an account the moment it happens; the venues put it into their own words. */
import type { MarketKind } from "../market/definition.ts"
import type { FundingPayment } from "./Account.ts"
import type { WalletName } from "./AccountDefinition.ts"
import type { Money } from "./money.ts"
import type { Position } from "./Position.ts"
import type { UserFill, UserOrder } from "./UserOrder.ts"

export type Change = "new" | "trade" | "cancelled" | "expired" | "amended" | "triggering" | "triggered" | "rejected"

export type AccountEvent =
  | {
      readonly type: "order"
      readonly change: Change
      /** As it stands now. */
      readonly order: UserOrder
      readonly fill?: UserFill
      /** The id that a cancellation was given. */
      readonly requestId?: string
      readonly executionId: number
      readonly time: number
    }
  | {
      readonly type: "account"
      readonly reason: "order" | "funding" | "deposit"
      /** Something was filled: totals or positions have moved, not only what orders hold. */
      readonly isFilled: boolean
      readonly wallet: WalletName
      readonly market: MarketKind | undefined
      readonly assets: ReadonlyArray<string>
      /** How far the balance moved, of funding and deposits. */
      readonly by?: Money
      readonly positions: ReadonlyArray<Position>
      readonly time: number
    }
  | { readonly type: "funding"; readonly payment: FundingPayment; readonly position: Position }
