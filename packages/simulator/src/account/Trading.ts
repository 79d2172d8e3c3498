/** All that a simulator needs to trade: who may, where, and how often. */
import type { Clock } from "../clock.ts"
import type { FaultRegistry } from "../faults/FaultRegistry.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Venue } from "../market/venue.ts"
import type { Accounts } from "./Accounts.ts"
import type { CallLimit } from "./CallLimit.ts"
import type { Countdowns } from "./Countdowns.ts"
import type { Floor } from "./Floor.ts"
import type { ListenKeys } from "./ListenKeys.ts"
import type { OrderCounts } from "./OrderCounts.ts"

export interface Trading {
  readonly clock: Clock
  readonly clockScale: number
  readonly venues: Readonly<Record<MarketKind, Venue>>
  readonly accounts: Accounts
  readonly faults: FaultRegistry
  readonly floorOf: Readonly<Record<MarketKind, Floor>>
  readonly counts: OrderCounts
  readonly listenKeys: ListenKeys
  readonly countdowns: Countdowns
  readonly callLimit: CallLimit
}
