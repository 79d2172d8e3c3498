/**
 * What a desk is made of, and what it is beside an `OrderDesk`: what is known of the accounts, and the switches.
 */
import type { Amount, PrivateEvent, Trading } from "@tidewire/core"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type { Timing } from "./AccountDesk.ts"
import type { Entry, Journal } from "./Journal.ts"
import type { Limits } from "./Limits.ts"
import type { Tell } from "./Notice.ts"
import type { OrderDesk, OrderFilter } from "./OrderDesk.ts"
import type { NotTrading } from "./Refusal.ts"
import type { VenueSetup } from "./VenueDesk.ts"

export interface DeskSetup {
  readonly venues: ReadonlyArray<VenueSetup>
  readonly journal: Journal
  readonly limits: Limits
  /** Hears of every private event that is new, in order; must not throw. */
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
  /** Hears what people should know; must not throw. */
  readonly tell: Tell
  /** What was won or lost today (UTC), of all venues; where nobody counts it, it limits nothing. */
  readonly dailyPnl?: () => Amount.Amount | undefined
  /** The position that is limited, where it is not the account's. */
  readonly position?: (venue: string, symbol: string) => Amount.Amount | undefined
  /** Hears what the journal had, before any account is opened: whatever is told is later than that. */
  readonly restoring?: (entries: ReadonlyArray<Entry>) => void
  readonly timing?: Partial<Timing>
  /** How often the accounts are compared with the venues while all seems well. Default 5 minutes. */
  readonly auditEvery?: Duration.Input
  /** How often the way of an order is gone without one; see `Rehearsal`. Default: never. */
  readonly rehearseEvery?: Duration.Input
}

/** An account as it stands. */
export interface AccountView {
  readonly venue: string
  readonly stream: Trading.StreamState
  /** Why it is not traded on; absent when it is. */
  readonly closed?: NotTrading
  readonly balances: ReadonlyArray<PrivateEvent.Balance>
  /** Those that are not flat. */
  readonly positions: ReadonlyArray<PrivateEvent.Position>
}

/** Since the desk was opened. */
export interface DeskCounts {
  /** Changes of the journal: what was written, and orders that were forgotten. */
  readonly journalWrites: number
  /** What strategies asked for and was refused, by the refusal's tag and, after a colon, its limit or cause. */
  readonly refusals: Readonly<Record<string, number>>
}

export interface Desk extends OrderDesk {
  /** Why a venue is not traded on; `undefined` when it is. */
  readonly closed: (venue: string) => NotTrading | undefined
  readonly balance: (venue: string, asset: string) => PrivateEvent.Balance | undefined
  /** The legs of the account's position. */
  readonly positions: (venue: string, symbol: string) => ReadonlyArray<PrivateEvent.Position>
  /** Why trading is halted; `undefined` when it is not. */
  readonly halted: () => string | undefined
  /** Refuses everything new at once, cancels everything, and makes sure of it. */
  readonly halt: (reason: string) => void
  /** Takes a halt back: for an operator. */
  readonly resume: (reason: string) => void
  /** Refuses everything new; cancels still go. */
  readonly stop: () => void
  /** Ends when none of the orders is open any more. */
  readonly settled: (filter?: OrderFilter) => Effect.Effect<void>
  /** Keeps what a part of the engine needs of the journal, so that entries before it may be forgotten. */
  readonly snapshot: (name: string, value: unknown) => void
  readonly accounts: () => ReadonlyArray<AccountView>
  readonly counts: () => DeskCounts
  /** Tells at once what waits for the end of a synchronous call; see `Outbox`. */
  readonly flush: () => void
  /** What the journal had at the start: to build a portfolio of. */
  readonly restored: ReadonlyArray<Entry>
}
