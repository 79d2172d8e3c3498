/** Mark price, index and funding of a futures market, derived from its fair value. Dated contracts have no funding. */
import type { Market } from "./market.ts"

/** Every eight hours, unless the simulator's clock is scaled. */
export const FUNDING_MS = 8 * 3_600_000

export const mark = (market: Market) => {
  const { fair } = market.participants
  const dated = market.definition.contractType !== "PERPETUAL"
  return {
    /** Ticks, with a fraction. */
    mark: fair,
    average: fair * 0.99999,
    index: fair * 1.00001,
    settle: fair * 0.99996,
    rate: dated ? undefined : 0.0001 + Math.sin(market.time / FUNDING_MS) * 0.00008,
    /** Epoch milliseconds. */
    nextFunding: dated ? undefined : (Math.floor(market.time / market.fundingMs) + 1) * market.fundingMs
  }
}
