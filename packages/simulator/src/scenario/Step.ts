/**
 * A scenario as data: what is done to the simulator, and when. Times are milliseconds since the scenario began, on the
 * simulator's clock, not scaled.
 */
import type { Fault } from "../faults/Fault.ts"
import type { MarketKind, Rates } from "../market/definition.ts"

export type Action =
  | { readonly type: "fault"; readonly fault: Fault }
  | {
      readonly type: "rates"
      readonly rates: Partial<Rates>
      readonly market?: MarketKind
      readonly symbol?: string
    }
  | { readonly type: "list"; readonly market: MarketKind; readonly symbol: string }
  | { readonly type: "delist"; readonly market: MarketKind; readonly symbol: string; readonly gone?: boolean }
  | {
      readonly type: "trade"
      readonly market: MarketKind
      readonly symbol: string
      readonly side: "buy" | "sell"
      readonly size: number
    }
  | {
      readonly type: "liquidate"
      readonly symbol: string
      readonly side: "buy" | "sell"
      readonly size: number
      /** Default `usdm`. */
      readonly market?: MarketKind
    }
  /** Ends every fault in force, and every repetition that has begun. */
  | { readonly type: "clear" }

export interface Step {
  readonly atMs: number
  /** Done again and again this long after the last time, until a `clear` or the end of the play. */
  readonly everyMs?: number
  readonly action: Action
}
