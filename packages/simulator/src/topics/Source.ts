/** Where a stream's frames come from: each source listens to one market and emits payloads as they are due. */
import type { Market, MarketListener } from "../market/market.ts"
import type { Payload } from "./Frame.ts"

export interface Source extends Partial<MarketListener> {
  readonly periodMs?: number
  readonly tick?: (time: number) => void
  /** What a new subscriber is told before anything else. */
  readonly greeting?: () => Payload
  /** Told when nobody listens any more. */
  readonly stop?: () => void
}

export type Emit = (payload: Payload) => void

/** Emits when a trade has happened since the last time. */
export const onTrades = (market: Market, periodMs: number, emit: () => void): Source => {
  let seen = market.tape.totals
  return {
    periodMs,
    tick: () => {
      if (market.tape.totals === seen) return
      seen = market.tape.totals
      emit()
    }
  }
}
