/**
 * From a checked entry to a venue that can be run: the adapter is made, its list of instruments loaded, symbols resolved,
 * and resolved again while it runs.
 * A venue whose list does not come in time goes on with the symbols as they are given; one that cannot be made fails when
 * it is opened, so that the others go on. Symbols that a list does not know are problems of the configuration.
 */
import { Instrument, MarketStream, type VenueAdapter, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { BadConfiguration } from "../configuration/Problem.ts"
import type { Problem } from "../configuration/Problem.ts"
import type { Venue } from "../Runner.ts"
import type { Deployment } from "./Deployment.ts"
import { makeAdapter } from "./makeAdapter.ts"
import * as Plan from "./plan.ts"
import * as Refresh from "./refresh.ts"
import { asGiven, onList, resolve } from "./resolve.ts"
import type { VenueSetup } from "./VenueSetup.ts"

/** Every venue of a deployment, all at once. */
export const prepare = (deployment: Deployment): Effect.Effect<ReadonlyArray<Venue>, BadConfiguration, Plan.Needs> =>
  Effect.gen(function* () {
    const prepared = yield* Effect.forEach(deployment.venues, prepareOne, { concurrency: "unbounded" })
    const problems = prepared.flatMap((each) => each.problems)
    if (problems.length > 0) return yield* new BadConfiguration({ source: deployment.source, problems })
    return prepared.map((each) => each.venue)
  })

interface Prepared {
  readonly venue: Venue
  readonly problems: ReadonlyArray<Problem>
}

const prepareOne = Effect.fnUntraced(function* (setup: VenueSetup) {
  const name = setup.settings.name
  const made = yield* Effect.result(makeAdapter(setup))
  if (Result.isFailure(made))
    return { venue: { name, open: Effect.fail(made.failure) }, problems: [] } satisfies Prepared
  const adapter = made.success
  const index = yield* list(adapter)
  const { problems, subscriptions } = resolve(setup.wanted, index === undefined ? asGiven : onList(index))
  const blocking = yield* Plan.blockProblems(setup, adapter.plan(subscriptions).connections)
  const open =
    subscriptions.length === 0
      ? Effect.fail(noList(name))
      : MarketStream.open(adapter, subscriptions, setup.queue).pipe(
          Effect.tap((stream) => {
            const { refreshInstruments: every, wanted } = setup
            const refresh = { venue: name, every, wanted, adapter, stream }
            return Effect.forkScoped(Refresh.run(refresh, { index, subscriptions }))
          })
        )
  return { venue: { name, open }, problems: [...problems, ...blocking] } satisfies Prepared
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

const noList = (venue: string) =>
  new VenueError.VenueError({
    venue,
    operation: "resolve symbols",
    reason: new VenueError.VenueUnavailable({ message: "patterns need the list of instruments, which did not come" })
  })
