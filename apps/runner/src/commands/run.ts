/** `tidewire run`: a configuration, or the demo. */
import * as Effect from "effect/Effect"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import * as CommandLine from "./commandLine.ts"
import { session } from "./session.ts"
import * as StreamFlags from "./streamFlags.ts"

export interface Flags extends StreamFlags.StreamFlags {
  readonly config: string | undefined
  readonly live: boolean
}

export const run = Effect.fnUntraced(function* (flags: Flags) {
  const options = yield* StreamFlags.read(flags)
  if (flags.config === undefined) {
    if (flags.live) return yield* CommandLine.bad([{ path: "--live", message: NO_DEMO }])
    const { demo } = yield* Effect.promise(() => import("./demo.ts"))
    return yield* demo(options)
  }
  const file = yield* ConfigurationFile.read(flags.config)
  yield* session({ ...options, file, environment: process.env, engine: flags.live ? "live" : "paper" })
})

const NO_DEMO = 'the demo trades on paper; expected a --config with an engine of mode "live" beside it'
