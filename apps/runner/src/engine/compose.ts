/**
 * The engine of a deployment: its strategies between the prepared venues and their accounts, on paper or live.
 *
 * What it cannot be made of is a problem of the configuration, told before anything is subscribed.
 */
import { VenueError } from "@tidewire/core"
import { Engine, type EngineSetup, Fees, Latency, QueuePosition } from "@tidewire/engine"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { BadConfiguration } from "../configuration/Problem.ts"
import { Failed } from "../process/exit.ts"
import type { PreparedVenue } from "../venues/PreparedVenue.ts"
import type { EngineDeployment } from "./EngineDeployment.ts"
import * as EngineJournal from "./engineJournal.ts"
import type { Hearing } from "./hearing.ts"

export interface Composition {
  readonly deployment: EngineDeployment
  readonly engine: Engine.Engine
  /** The venues that are traded on. */
  readonly traded: ReadonlyArray<string>
  readonly hearing: Hearing
}

export const compose = (
  deployment: EngineDeployment,
  prepared: ReadonlyArray<PreparedVenue>,
  source: string,
  hearing: Hearing
): Effect.Effect<Composition, Failed | BadConfiguration, Scope.Scope> =>
  Effect.gen(function* () {
    const venues = yield* Effect.forEach(needed(deployment, prepared), (each) => venueOf(each, deployment))
    const traded = venues.filter(({ execution }) => execution._tag !== "None").map(({ adapter }) => adapter.venue)
    if (traded.length === 0) {
      const message = "no venue has an account to trade on live; expected the credentials of one in its options"
      return yield* new BadConfiguration({ source, problems: [{ path: "engine.mode", message }] })
    }
    const accounts = prepared.filter(({ name }) => traded.includes(name))
    const journal = yield* EngineJournal.open(deployment, accounts, source)
    const { currency, live, paper, risk: limits, strategies } = deployment
    const { log, tell } = hearing
    const { rehearseEvery } = live
    const setup = { venues, strategies, journal, limits, rehearseEvery, seed: paper.seed, tell, log }
    const engine = yield* Effect.mapError(
      Engine.make(currency === undefined ? setup : { ...setup, currency }),
      (error) =>
        error instanceof VenueError.VenueError
          ? new Failed({ message: `the account of ${error.venue} could not be opened: ${error.message}` })
          : new BadConfiguration({ source, problems: [{ path: "engine", message: error.message }] })
    )
    return { deployment, engine, traded, hearing }
  })

/** Those that are there, and those that must be: a strategy wants to hear of them. */
const needed = (
  { strategies }: EngineDeployment,
  prepared: ReadonlyArray<PreparedVenue>
): ReadonlyArray<PreparedVenue> => {
  const wanted = new Set(strategies.flatMap(({ strategy }) => strategy.subscriptions.map(({ venue }) => venue)))
  return prepared.filter(
    ({ adapter, index, name }) => wanted.has(name) || (Result.isSuccess(adapter) && index !== undefined)
  )
}

const venueOf = (
  prepared: PreparedVenue,
  deployment: EngineDeployment
): Effect.Effect<EngineSetup.EngineVenue, Failed> => {
  const { adapter, name } = prepared
  if (Result.isFailure(adapter)) return Effect.fail(missing(name, adapter.failure.message))
  if (prepared.index === undefined) return Effect.fail(missing(name, "its list of instruments did not come"))
  const first = prepared.index
  return Effect.succeed({
    adapter: adapter.success,
    instruments: () => prepared.index ?? first,
    book: (symbol) => prepared.stream?.feed.book(symbol),
    execution: executionOf(name, adapter.success.trading !== undefined, deployment)
  })
}

const missing = (venue: string, why: string) =>
  new Failed({ message: `the engine cannot run without ${venue}: ${why}` })

const executionOf = (
  name: string,
  hasAccount: boolean,
  { live, mode, paper, venues }: EngineDeployment
): EngineSetup.Execution => {
  if (!(venues?.includes(name) ?? (mode === "paper" || hasAccount))) return { _tag: "None" }
  if (mode === "live") {
    const { rehearseEvery: _, ...options } = live
    return { _tag: "Live", ...options }
  }
  const { balances, fees, latency, leverage, queue } = { ...paper, ...paper.venues[name] }
  const [least, most] = [Duration.toMillis(latency.least), Duration.toMillis(latency.most)]
  return {
    _tag: "Paper",
    balances,
    fees: Fees.rates(fees.maker, fees.taker),
    latency: Latency.seeded(least, most, paper.seed, name),
    queue: QueuePosition.models[queue],
    leverage
  }
}
