/** `tidewire run`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { config, format, plain, recordFlags, signals, streamFlags } from "./flags.ts"

const live = Flag.Boolean("live").pipe(
  Flag.withDescription('Trade with real money; the engine of the configuration must say mode "live" as well'),
  Flag.withDefault(false)
)

const runFlags = {
  config: config.pipe(Flag.optional),
  live,
  ...streamFlags,
  format: format(
    ["ndjson", "table", "none"],
    "One JSON object a line, a live table (default on a terminal), or nothing: for a run that is watched over its API"
  ).pipe(Flag.optional),
  ...recordFlags
}

export const run = Command.make("run", runFlags, (flags) =>
  Effect.flatMap(
    Effect.promise(() => import("../commands/run.ts")),
    ({ run }) =>
      run({
        ...flags,
        config: plain(flags.config),
        duration: plain(flags.duration),
        limit: plain(flags.limit),
        format: plain(flags.format),
        record: plain(flags.record),
        maxSize: plain(flags.maxSize)
      })
  )
).pipe(
  Command.withDescription(
    `Run a configuration; without one, the demo: a simulated exchange in a process of its own, streamed over real sockets. ${signals}`
  ),
  Command.withShortDescription("Run a configuration, or the demo"),
  Command.withExamples([
    { command: "tidewire run", description: "The demo" },
    { command: "tidewire run --duration 10s | head -20", description: "Ten seconds of it, as JSON lines" },
    { command: "tidewire run --config tidewire.yaml", description: "Your own configuration" }
  ])
)
