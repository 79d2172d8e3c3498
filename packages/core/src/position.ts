/**
 * Where an event stands in its channel: what the bounds of a gap are made of.
 */
import type { MarketEvent } from "./Event.ts"

/**
 * Trade ids where they are consecutive, sequences of books, open times of bars, else the exchange's time, else ours.
 */
export const position = (event: MarketEvent, consecutiveTradeIds: boolean): number | string => {
  switch (event.type) {
    case "trade":
      return consecutiveTradeIds ? event.id : (event.exchangeTime ?? event.receivedTime)
    case "book":
      return event.sequence
    case "bar":
      return event.openTime
    default:
      return event.exchangeTime ?? event.receivedTime
  }
}
