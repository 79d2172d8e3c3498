/** How much an exchange object has sent, requests and messages: what failed while nothing was sent did certainly not arrive. */
import type { Exchange } from "../Exchange.ts"

const counts = new WeakMap<Exchange, number>()

export const sentBy = (exchange: Exchange): number => counts.get(exchange) ?? 0

/** Counts one more. */
export const count = (exchange: Exchange): void => {
  counts.set(exchange, sentBy(exchange) + 1)
}

/** From here on its requests are counted. */
export const countRequests = (exchange: Exchange): void => {
  const fetch = exchange.fetch?.bind(exchange)
  if (fetch === undefined) return
  exchange.fetch = (...request) => {
    count(exchange)
    return fetch(...request)
  }
}
