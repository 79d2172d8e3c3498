/** `tidewire doctor`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { config, format, plain } from "./flags.ts"

export const doctor = Command.make(
  "doctor",
  {
    config: config.pipe(Flag.optional),
    format: format(["text", "json"], "How the findings are printed").pipe(Flag.withDefault("text" as const)),
    liveOrders: Flag.Literals("live-orders", ["no"]).pipe(
      Flag.withDescription("Whether orders are sent to try an account; they never are"),
      Flag.withDefault("no" as const)
    )
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/doctor.ts")),
      ({ doctor }) => doctor({ ...flags, config: plain(flags.config) })
    )
).pipe(
  Command.withDescription(
    "Look whether a run would do well here: versions, disk, memory, the clock; with a configuration every venue's hosts, clock, limits, instruments, streams and account as well. Says what was found and what to do. Sends no order and changes nothing. Exit code 0: no problem, 1: at least one."
  ),
  Command.withShortDescription("Look whether a run would do well here"),
  Command.withExamples([
    { command: "tidewire doctor --config tidewire.yaml", description: "Before a start, or beside a run" },
    { command: "tidewire doctor --config tidewire.yaml --format json", description: "For programs" }
  ])
)
