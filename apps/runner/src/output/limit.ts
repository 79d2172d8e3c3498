/** Lets exactly so many market events through, and what comes between them; nothing after the last. */
import type { Handler } from "./Output.ts"
import { isOfMarket } from "./isOfMarket.ts"

export const limited = (handler: Handler, limit: number, onReached: () => void): Handler => {
  let count = 0
  return (event) => {
    if (count >= limit) return undefined
    if (!isOfMarket(event)) return handler(event)
    count++
    const waiting = handler(event)
    if (count === limit) onReached()
    return waiting
  }
}
