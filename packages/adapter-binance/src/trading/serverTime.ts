/**
 * The venue's time, for `VenueClock`.
 */
import { type Rest, Urgency, type VenueClock } from "@tidewire/core"
import { Effect } from "effect"
import * as wire from "../wire.ts"

export const serverTime =
  (rest: Rest.Rest, path: string): VenueClock.VenueClockOptions["serverTime"] =>
  (sending) =>
    rest
      .send({
        method: "GET",
        path,
        parameters: {},
        schema: wire.ServerTime,
        weight: 1,
        prepare: () => {
          sending()
          return {}
        }
      })
      .pipe(
        Effect.map((answer) => answer.serverTime),
        Effect.provideService(Urgency.current, "account")
      )
