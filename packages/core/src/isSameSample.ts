/**
 * Whether two answers say the same of a market: compared in everything but when they were made, received and numbered.
 */
import * as Equal from "effect/Equal"
import type { MarketEvent } from "./Event.ts"

export const isSameSample = (before: MarketEvent, event: MarketEvent): boolean => {
  if (before.type === "book" && event.type === "book") return before.sequence === event.sequence
  return Equal.equals(stateOf(before), stateOf(event))
}

const stateOf = (event: MarketEvent): object => {
  const { exchangeTime: _, receivedTime: __, ...state } = event
  if (!("sequence" in state)) return state
  const { sequence: ___, ...rest } = state
  return rest
}
