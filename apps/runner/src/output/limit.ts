/** Lets exactly so many market events through, and what comes between them; nothing after the last. */
import { Event, type MarketStream } from "@tidewire/core"

export const limited = (handler: MarketStream.Handler, limit: number, onReached: () => void): MarketStream.Handler => {
  let count = 0
  return (event) => {
    if (count >= limit) return undefined
    if (!Event.isMarketEvent(event)) return handler(event)
    count++
    const waiting = handler(event)
    if (count === limit) onReached()
    return waiting
  }
}
