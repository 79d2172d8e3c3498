/** The store that `query` and `export` read: of a configuration, or a folder of Parquet files. */
import * as fs from "node:fs"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import * as CommandLine from "../commands/commandLine.ts"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import * as OperationEntries from "../configuration/OperationEntries.ts"
import { BadConfiguration, given, problem } from "../configuration/Problem.ts"
import { valueAt } from "../configuration/valueAt.ts"

export type Source =
  | { readonly kind: "duckdb"; readonly folder: string }
  | { readonly kind: "postgres"; readonly url: string; readonly schema: string }

export interface Flags {
  readonly config: string | undefined
  readonly folder: string | undefined
}

export const find = ({ config, folder }: Flags): Effect.Effect<Source, BadConfiguration> =>
  Effect.gen(function* () {
    if ((config === undefined) === (folder === undefined)) {
      return yield* CommandLine.bad([
        { path: "", message: "expected where the store is: --config <file>, or --folder <folder>, one of them" }
      ])
    }
    if (config === undefined) return yield* existing("--folder", path.resolve(folder!))
    const file = yield* ConfigurationFile.read(config)
    const store = valueAt(file.value, ["store"])
    if (store === undefined) {
      return yield* new BadConfiguration({
        source: config,
        problems: [problem(["store"], "is missing: nothing is kept")]
      })
    }
    const input = { store } as OperationEntries.OperationInput
    const { entries, problems } = OperationEntries.check(input, process.env)
    if (entries.store === undefined) return yield* new BadConfiguration({ source: config, problems })
    return entries.store.kind === "duckdb"
      ? yield* existing("store.folder", path.resolve(file.folder, entries.store.folder))
      : entries.store
  })

const existing = (at: string, folder: string): Effect.Effect<Source, BadConfiguration> =>
  fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    ? Effect.succeed({ kind: "duckdb", folder })
    : Effect.fail(
        CommandLine.bad([{ path: at, message: `${given(folder)} is no folder: nothing has been stored there` }])
      )
