/** `tidewire kill` and `tidewire resume`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import type * as Operate from "../commands/operate.ts"
import { config } from "./flags.ts"

const operateFlags = {
  config,
  reason: Flag.String("reason").pipe(
    Flag.withMetavar("<text>"),
    Flag.withDescription("For the log and the journal"),
    Flag.withDefault("an operator")
  ),
  within: Flag.String("within").pipe(
    Flag.withMetavar("<time>"),
    Flag.withDescription("How long the venues may take to say that nothing is open any more"),
    Flag.withDefault("10s")
  )
}

const operate = (command: "kill" | "resume", flags: Omit<Operate.Flags, "command">) =>
  Effect.flatMap(
    Effect.promise(() => import("../commands/operate.ts")),
    ({ operate }) => operate({ ...flags, command })
  )

export const kill = Command.make("kill", operateFlags, (flags) => operate("kill", flags)).pipe(
  Command.withDescription(
    "Halt all trading of a configuration's engine: refuses new orders at once, cancels everything, makes sure of it. The halt outlives restarts, until resume. Where no engine runs it cancels from here. Exit code 0: nothing is open any more."
  ),
  Command.withShortDescription("Halt all trading and cancel everything"),
  Command.withExamples([{ command: "tidewire kill --config tidewire.yaml --reason runaway", description: "At once" }])
)

export const resume = Command.make("resume", operateFlags, (flags) => operate("resume", flags)).pipe(
  Command.withDescription("Allow trading again after a halt"),
  Command.withExamples([
    { command: "tidewire resume --config tidewire.yaml --reason checked", description: "After a look at the venue" }
  ])
)
