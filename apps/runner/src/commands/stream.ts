/** `tidewire stream`: a configuration's streams, or those of the arguments, to standard output. */
import { resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import { BadConfiguration } from "../configuration/Problem.ts"
import * as CommandLine from "./commandLine.ts"
import { isRecord } from "../configuration/valueAt.ts"
import { session } from "./session.ts"
import * as StreamFlags from "./streamFlags.ts"

export interface Flags extends StreamFlags.StreamFlags, CommandLine.VenueFlags {
  readonly what: ReadonlyArray<string>
  readonly config: string | undefined
  readonly isolation: string | undefined
  readonly transport: string | undefined
}

export const stream = Effect.fnUntraced(function* (flags: Flags) {
  const options = yield* StreamFlags.read(flags)
  const file = yield* configurationOf(flags)
  if (isRecord(file.value) && "engine" in file.value) {
    yield* Effect.logWarning("engine: no strategy is run by stream; tidewire run does that")
  }
  yield* session({ ...options, file, environment: process.env, engine: "none" })
})

export const configurationOf = (
  flags: Omit<Flags, keyof StreamFlags.StreamFlags>
): Effect.Effect<ConfigurationFile.ConfigurationFile, BadConfiguration> => {
  if (flags.config === undefined) {
    const file = CommandLine.configuration(flags.what, flags, resolve("."))
    return file instanceof BadConfiguration ? Effect.fail(file) : Effect.succeed(file)
  }
  const beside = Object.entries({
    "<venue>:<symbols> <channels>": flags.what.length > 0,
    "--adapter": flags.adapter !== undefined,
    "--environment": flags.environment !== undefined,
    "--endpoint": Object.keys(flags.endpoint).length > 0,
    "--isolation": flags.isolation !== undefined,
    "--transport": flags.transport !== undefined
  }).flatMap(([path, isGiven]) =>
    isGiven ? [{ path, message: "belongs in the configuration when there is one; expected one or the other" }] : []
  )
  return beside.length > 0 ? Effect.fail(CommandLine.bad(beside)) : ConfigurationFile.read(flags.config)
}
