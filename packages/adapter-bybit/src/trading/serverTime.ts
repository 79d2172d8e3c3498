/**
 * The venue's time, for `VenueClock`.
 */
import { type Rest, Urgency, type VenueClock } from "@tidewire/core"
import { Effect } from "effect"
import { READ_WEIGHT } from "../limits.ts"
import * as wire from "../wire.ts"

const NANOS = 1_000_000

export const serverTime =
  (rest: Rest.Rest): VenueClock.VenueClockOptions["serverTime"] =>
  (sending) =>
    rest
      .send({
        method: "GET",
        path: "/v5/market/time",
        parameters: {},
        schema: wire.ServerTime,
        weight: READ_WEIGHT,
        prepare: () => {
          sending()
          return {}
        }
      })
      .pipe(
        Effect.map(({ result }) => Number(result.timeNano) / NANOS),
        Effect.provideService(Urgency.current, "account")
      )
