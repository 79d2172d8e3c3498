/**
 * A whole configuration, checked against the adapters it names: what `check` shows and what a run opens. Fails with every
 * problem at once.
 */
import { resolve as resolveFolder } from "node:path"
import * as Effect from "effect/Effect"
import * as AdapterLoader from "../adapters/AdapterLoader.ts"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import { load } from "../configuration/load.ts"
import { BadConfiguration, type Problem } from "../configuration/Problem.ts"
import type { Environment } from "../configuration/secrets.ts"
import * as VenueSetup from "./VenueSetup.ts"

export interface Deployment {
  readonly source: string
  readonly venues: ReadonlyArray<VenueSetup.VenueSetup>
  readonly warnings: ReadonlyArray<Problem>
}

export const make = Effect.fnUntraced(function* (file: ConfigurationFile, environment: Environment) {
  const { entries, problems, warnings } = load(file.value)
  const folders = [...new Set([file.folder, resolveFolder(".")])]
  const loader = AdapterLoader.make(folders)
  const checked = yield* Effect.promise(() =>
    Promise.all(
      entries.map(({ entry, path, written }) =>
        VenueSetup.check(entry, { path, entry: written, folders, environment }, loader)
      )
    )
  )
  const all = [...problems, ...checked.flatMap((each) => each.problems)]
  if (all.length > 0) return yield* new BadConfiguration({ source: file.source, problems: all })
  const venues = checked.flatMap(({ setup }) => (setup === undefined ? [] : [setup]))
  return { source: file.source, venues, warnings } satisfies Deployment
})
