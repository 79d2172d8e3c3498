/** `tidewire check`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type { BadConfiguration } from "../configuration/Problem.ts"
import type { Failed } from "../process/exit.ts"
import { config, format } from "./flags.ts"

export const check = Command.make(
  "check",
  { config, format: format(["text", "json"], "How the plan is printed").pipe(Flag.withDefault("text" as const)) },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/check.ts")),
      ({ check }): Effect.Effect<void, BadConfiguration | Failed> => check(flags)
    )
).pipe(
  Command.withDescription("Check a configuration and print its connections, without connecting"),
  Command.withExamples([
    { command: "tidewire check --config tidewire.yaml", description: "As text" },
    { command: "tidewire check --config tidewire.ts --format json", description: "For programs" }
  ])
)
