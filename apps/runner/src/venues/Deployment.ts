/**
 * A whole configuration, checked against the adapters it names: what `check` shows and what a run opens. Fails with every
 * problem at once.
 */
import { resolve as resolveFolder } from "node:path"
import * as Effect from "effect/Effect"
import * as AdapterLoader from "../adapters/AdapterLoader.ts"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import { load } from "../configuration/load.ts"
import * as OperationEntries from "../configuration/OperationEntries.ts"
import { BadConfiguration, type Problem } from "../configuration/Problem.ts"
import type { Environment } from "../configuration/secrets.ts"
import * as EngineDeployment from "../engine/EngineDeployment.ts"
import * as VenueSetup from "./VenueSetup.ts"

export interface Deployment {
  readonly source: string
  readonly venues: ReadonlyArray<VenueSetup.VenueSetup>
  /** What trades, where the configuration has it and it was asked for. */
  readonly engine?: EngineDeployment.EngineDeployment
  /** How it is operated. */
  readonly operation: OperationEntries.OperationEntries
}

/** What of a configuration is wanted: its streams alone, or its engine too. */
export type Part = "streams" | "all"

export interface Read {
  /** What is right of it. */
  readonly deployment: Deployment
  readonly problems: ReadonlyArray<Problem>
}

export const make = Effect.fnUntraced(function* (
  file: ConfigurationFile,
  environment: Environment,
  part: Part = "all"
) {
  const { deployment, problems } = yield* read(file, environment, part)
  return problems.length > 0 ? yield* new BadConfiguration({ source: file.source, problems }) : deployment
})

/** As `make`, for whoever goes on with what is right: the problems are beside it. */
export const read = Effect.fnUntraced(function* (
  file: ConfigurationFile,
  environment: Environment,
  part: Part = "all"
): Effect.fn.Return<Read> {
  const { engine: entry, entries, operation: written, problems } = load(file.value)
  const folders = [...new Set([file.folder, resolveFolder(".")])]
  const loader = AdapterLoader.make(folders)
  const checked = yield* Effect.promise(() =>
    Promise.all(
      entries.map(({ entry, path, written }) =>
        VenueSetup.check(entry, { path, entry: written, folders, environment }, loader)
      )
    )
  )
  const names = entries.flatMap(({ entry }) => entry.name ?? entry.venue ?? [])
  const trading: EngineDeployment.Checked =
    entry === undefined || part === "streams"
      ? { engine: undefined, problems: [] }
      : yield* Effect.promise(() =>
          EngineDeployment.check(entry, { folder: file.folder, folders, environment, venues: names })
        )
  const operation = OperationEntries.check(written, environment)
  const venues = checked.flatMap(({ setup }) => (setup === undefined ? [] : [setup]))
  const { engine } = trading
  return {
    deployment: {
      source: file.source,
      venues,
      operation: operation.entries,
      ...(engine !== undefined && { engine })
    },
    problems: [...problems, ...checked.flatMap((each) => each.problems), ...trading.problems, ...operation.problems]
  }
})
