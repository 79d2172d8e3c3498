/** What an answer on the WebSocket API tells of the limits: the weight, and of requests about orders their counts. */
import type { Account } from "../../account/Account.ts"
import type { RestContext } from "../../rest/Endpoint.ts"
import type { RateLimit } from "../../rest/RateLimit.ts"
import { orderLimits as spotLimits } from "./spotOperations.ts"
import { orderLimits as usdmLimits } from "./usdmOperations.ts"

export const rateLimitsOf = (
  { trading, venue, weightPerMinute }: RestContext,
  limit: RateLimit,
  ordersOf: Account | undefined
) => {
  const limits = venue.kind === "spot" ? spotLimits : usdmLimits
  const orders = ordersOf === undefined ? [] : trading.counts.count(`${venue.kind}/${ordersOf.key}`, limits, 0)
  return [
    ...orders.map(({ count, interval, intervalNum, limit: most }) => ({
      rateLimitType: "ORDERS",
      interval,
      intervalNum,
      limit: most,
      count
    })),
    { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: weightPerMinute, count: limit.used() }
  ]
}
