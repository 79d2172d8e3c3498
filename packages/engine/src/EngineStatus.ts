/** How an engine stands: a plain object that is JSON as it is, for whoever shows it. */
import type { PrivateEvent } from "@tidewire/core"
import type { DeskCounts } from "./DeskSetup.ts"
import type { StreamsView } from "./MarketPicture.ts"
import type { Notice } from "./Notice.ts"
import type { Summary } from "./Portfolio.ts"
import type { NotTrading } from "./Refusal.ts"

export interface VenueStatus extends StreamsView {
  readonly venue: string
  readonly execution: "None" | "Live" | "Paper"
  /** Why it is not traded on; absent when it is, or is not to be. */
  readonly closed?: string
  readonly closedBy?: NotTrading["cause"]
  /** Of the private stream; absent where there is no account. */
  readonly privateStream?: "Up" | "Down"
  readonly balances: ReadonlyArray<PrivateEvent.Balance>
  /** Those of the account that are not flat. */
  readonly positions: ReadonlyArray<PrivateEvent.Position>
}

export interface StrategyStatus {
  readonly name: string
  readonly state: "waiting" | "running" | "stopped" | "failed"
  readonly failure?: string
  /** Calls of its handlers. */
  readonly handled: number
  readonly pnl: Summary
}

export interface EngineStatus extends DeskCounts {
  /** The engine's time, epoch ms. */
  readonly time: number
  readonly halted: string | undefined
  readonly venues: ReadonlyArray<VenueStatus>
  readonly strategies: ReadonlyArray<StrategyStatus>
  /** Those that have not ended. */
  readonly orders: ReadonlyArray<PrivateEvent.Order>
  readonly pnl: Summary
  /** Won or lost today (UTC), in the engine's currency. */
  readonly daily: { readonly pnl: string; readonly currency: string }
  /** How many notices of each tag were given. */
  readonly notices: Readonly<Partial<Record<Notice["_tag"], number>>>
  /** Fills of instruments that are not known: they are in no holding. */
  readonly unvalued: number
  /** Events told, and failures of listeners on the bus. */
  readonly published: number
  readonly failures: number
  /** Events that were dropped because they went in a circle; see `Turns`. */
  readonly dropped: number
}
