/** The continuity of a channel: by number where the venue numbers its events, else by time. */
import { BarContinuity } from "./BarContinuity.ts"
import * as Channel from "./Channel.ts"
import type { Continuity, Place } from "./Continuity.ts"
import { TradeContinuity } from "./TradeContinuity.ts"
import { UnnumberedContinuity } from "./UnnumberedContinuity.ts"

export const continuityOf = (place: Place, consecutiveTradeIds: boolean): Continuity => {
  const interval = Channel.interval(place.channel)
  if (interval !== undefined) return new BarContinuity(place, interval)
  if (place.channel === "trades" && consecutiveTradeIds) return new TradeContinuity(place)
  return new UnnumberedContinuity(place)
}
