/**
 * Looks at everything that a run of a configuration needs. Everything is asked beside everything else, each within its own
 * time; findings come in the order of the configuration. Nothing is changed, and no order is sent.
 */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import type { Problem } from "../configuration/Problem.ts"
import type { Environment } from "../configuration/secrets.ts"
import { asGiven, resolve as resolveSymbols } from "../venues/resolve.ts"
import * as Deployment from "../venues/Deployment.ts"
import * as EnginePlan from "../engine/EnginePlan.ts"
import type * as Plan from "../venues/plan.ts"
import { Checks, type Progress, type Verdicts } from "./Checks.ts"
import { CONFIGURATION, type Finding, MACHINE, ok, problem } from "./Finding.ts"
import * as Machine from "./machine.ts"
import * as Places from "./places.ts"
import * as Port from "./port.ts"
import * as Store from "./store.ts"
import * as Venue from "./venue.ts"
import * as Versions from "./versions.ts"

/** `file`: absent where only this machine is looked at. */
export const look = (
  file: ConfigurationFile | undefined,
  environment: Environment,
  progress: Progress
): Effect.Effect<ReadonlyArray<Finding>, never, Plan.Needs> =>
  Effect.gen(function* () {
    const checks = new Checks(progress)
    const read = file === undefined ? undefined : yield* Deployment.read(file, environment)
    const deployment = read?.deployment
    const folders = [...new Set([...(file === undefined ? [] : [file.folder]), resolve(".")])]
    const adapters = deployment?.venues.map(({ adapter }) => adapter.name) ?? []
    const needs = needsOf(deployment)
    const machine: ReadonlyArray<readonly [string, Verdicts]> = [
      ["runtime", Versions.runtime],
      ["adapter", Versions.adapters(adapters, folders)],
      ["memory", Machine.memory(needs)],
      ["open files", Machine.openFiles(needs)],
      ["clock", Machine.clock]
    ]
    const groups = [
      ...machine.map(([check, make]) => checks.make({ check, subject: MACHINE, make })),
      ...(read === undefined ? [] : ofConfiguration(checks, read, file?.folder ?? ".")),
      ...(deployment?.venues ?? []).map((setup) => Venue.look(checks, setup, deployment?.engine))
    ]
    return (yield* Effect.all(groups, { concurrency: "unbounded" })).flat()
  })

const ofConfiguration = (
  checks: Checks,
  { deployment, problems }: Deployment.Read,
  folder: string
): ReadonlyArray<Effect.Effect<ReadonlyArray<Finding>>> => {
  const { engine, operation } = deployment
  const make = (check: string, verdicts: Verdicts) => checks.make({ check, subject: CONFIGURATION, make: verdicts })
  return [
    make("file", Effect.succeed(problems.length > 0 ? problems.map(wrong) : [ok(summary(deployment))])),
    ...(engine?.journal === undefined ? [] : [make("journal", Places.journal(engine.journal))]),
    ...(operation.store === undefined ? [] : [make("store", Store.look(operation.store, folder))]),
    ...(operation.http === undefined ? [] : [make("http", Port.port(operation.http))])
  ]
}

const wrong = ({ message, path }: Problem) =>
  problem(
    path === "" ? message : `${path}: ${message}`,
    "correct it; `tidewire check --config <file>` looks at it again"
  )

const summary = ({ engine, operation, source, venues }: Deployment.Deployment): string => {
  const parts = [
    `${venues.length} venue${venues.length === 1 ? "" : "s"}`,
    ...(engine === undefined
      ? []
      : [`an engine (${engine.mode}) with ${engine.strategies.map(({ name }) => name).join(", ")}`]),
    ...Object.keys(operation)
  ]
  return `${source}: ${parts.join(", ")}`
}

const needsOf = (deployment: Deployment.Deployment | undefined): Machine.Needs => {
  const wanted = (deployment?.venues ?? []).flatMap((setup) => {
    const { connection } = setup.settings
    const { subscriptions } = resolveSymbols(EnginePlan.withStrategies(setup, deployment?.engine).wanted, asGiven)
    const symbols = new Set(subscriptions.map(({ symbol }) => symbol)).size
    return [{ streams: subscriptions.length, connections: symbols * connection.redundancy }]
  })
  const sum = (key: "streams" | "connections") => wanted.reduce((total, each) => total + each[key], 0)
  return {
    streams: sum("streams"),
    connections: sum("connections"),
    hasParquet: deployment?.operation.store?.kind === "duckdb"
  }
}
