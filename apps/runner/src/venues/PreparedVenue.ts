/**
 * A venue between its check and its run: the adapter is made and its list of instruments has been asked for, once for all
 * who need them; nothing is subscribed.
 * A venue whose list does not come in time goes on without one; one that cannot be made fails when it is opened, so that the
 * others go on.
 */
import { Instrument, type MarketStream, type VenueAdapter, type VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Problem } from "../configuration/Problem.ts"
import { makeAdapter } from "./makeAdapter.ts"
import type { Needs } from "./plan.ts"
import * as Refresh from "./refresh.ts"
import type { Subscribing } from "./Subscribing.ts"
import type { VenueSetup } from "./VenueSetup.ts"
import type { Wanted } from "./Wanted.ts"

export interface PreparedVenue {
  readonly setup: VenueSetup
  /** As it is configured. */
  readonly name: string
  readonly adapter: Result.Result<VenueAdapter.VenueAdapter, VenueError.VenueError>
  /** As it was last read; absent when no list has come yet. */
  index: Instrument.InstrumentIndex | undefined
  /** Absent until it is open. */
  stream: MarketStream.MarketStream | undefined
  /** Absent until it is open. */
  subscribing: Subscribing | undefined
  /** What would block sockets that it must not block, were this wanted. Absent until symbols are resolved. */
  blockProblems:
    | ((
        wanted: ReadonlyArray<Wanted>,
        connections: ReadonlyArray<VenueAdapter.PlannedConnection>
      ) => Effect.Effect<ReadonlyArray<Problem>>)
    | undefined
}

/** Every venue, all at once. */
export const all = (setups: ReadonlyArray<VenueSetup>): Effect.Effect<ReadonlyArray<PreparedVenue>, never, Needs> =>
  Effect.forEach(setups, one, { concurrency: "unbounded" })

const one = Effect.fnUntraced(function* (setup: VenueSetup) {
  const adapter = yield* Effect.result(makeAdapter(setup))
  const index = Result.isFailure(adapter) ? undefined : yield* list(adapter.success)
  const { name } = setup.settings
  const venue = { setup, name, adapter, index, stream: undefined, subscribing: undefined, blockProblems: undefined }
  return venue as PreparedVenue
})

/** The venue's list; `undefined`, and a warning, when it cannot be had. */
const list = (adapter: VenueAdapter.VenueAdapter) =>
  adapter.instruments.pipe(
    Effect.map((instruments) => new Instrument.InstrumentIndex(instruments)),
    Effect.timeout(Refresh.LIST_WITHIN),
    Effect.catch((error) =>
      Effect.logWarning("the list of instruments did not come: symbols are used as they are given").pipe(
        Effect.annotateLogs({ venue: adapter.venue, reason: error.message }),
        Effect.as(undefined)
      )
    )
  )
