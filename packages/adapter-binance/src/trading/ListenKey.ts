/**
 * The key of the private stream of futures: one an account, valid for 60 minutes, kept valid every 25. It is a secret: who has
 * it reads the account. It is never deleted, because that would end the streams of everybody else who uses the account.
 * Source: docs/venues/binance.md, "Private stream of USDⓈ-M".
 */
import { VenueError } from "@tidewire/core"
import { Duration, Effect, Random, Schema } from "effect"
import * as wire from "../wire.ts"
import * as outcome from "./outcome.ts"
import { usdm as codes } from "./refusals.ts"
import type { SignedRest } from "./SignedRest.ts"

const PATH = "/fapi/v1/listenKey"

const EVERY = Duration.minutes(25)

/** The part of it by which accounts are spread. */
const JITTER = 0.1

/** After a renewal that did not come through: there are minutes left. */
const AGAIN_AFTER = Duration.minutes(1)

/** The account's key, which is a new one only if there is none. */
export const get = (rest: SignedRest): Effect.Effect<string, VenueError.Reason> =>
  rest.withKey({ method: "POST", path: PATH, parameters: {}, schema: wire.ListenKey, weight: 1 }).pipe(
    Effect.map(({ listenKey }) => listenKey),
    Effect.mapError(({ reason }) => reason)
  )

/** Keeps it valid; fails when it is gone. */
export const keep = (rest: SignedRest, venue: string): Effect.Effect<never, VenueError.Reason> => {
  const renew = rest.withKey({ method: "PUT", path: PATH, parameters: {}, schema: Schema.Unknown, weight: 1 })
  const renewed: Effect.Effect<void, VenueError.Reason> = Effect.matchEffect(renew, {
    onSuccess: () => Effect.void,
    onFailure: (error) =>
      outcome.is(codes, error.reason, "renew")
        ? Effect.fail(expired)
        : Effect.logWarning("the listen key was not renewed, trying again").pipe(
            Effect.annotateLogs({ venue, reason: error.message }),
            Effect.andThen(Effect.sleep(AGAIN_AFTER)),
            Effect.andThen(Effect.suspend(() => renewed))
          )
  })
  const wait = Effect.flatMap(Random.next, (random) => Effect.sleep(Duration.times(EVERY, 1 - JITTER * random)))
  return Effect.forever(Effect.andThen(wait, renewed))
}

/** Its socket stays open and says nothing any more. */
export const expired = new VenueError.Stale({ silentForMs: 0, message: "the listen key has expired" })
