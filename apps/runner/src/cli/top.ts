/** `tidewire top`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { format, plain } from "./flags.ts"

export const top = Command.make(
  "top",
  {
    url: Flag.String("url").pipe(
      Flag.withMetavar("<url>"),
      Flag.withDescription("Where the instance's API is"),
      Flag.withDefault("http://127.0.0.1:8080")
    ),
    tokenEnv: Flag.String("token-env").pipe(
      Flag.withMetavar("<name>"),
      Flag.withDescription("The environment variable that has the token, where one is needed (default TIDEWIRE_TOKEN)"),
      Flag.optional
    ),
    every: Flag.String("every").pipe(
      Flag.withMetavar("<time>"),
      Flag.withDescription("How often it is asked (default 1s); where the output is no terminal: again and again"),
      Flag.optional
    ),
    once: Flag.Boolean("once").pipe(Flag.withDescription("One snapshot, on a terminal too"), Flag.withDefault(false)),
    format: format(["text", "json"], "A table, or one JSON object a line").pipe(Flag.withDefault("text" as const))
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/top.ts")),
      ({ top }) => top({ ...flags, tokenEnv: plain(flags.tokenEnv), every: plain(flags.every) })
    )
).pipe(
  Command.withDescription(
    "A running instance, over its API: venues, connections, streams, latency, engine, alerts. On a terminal it follows; q quits, s sorts, r reverses, / filters, space pauses. Elsewhere it is one snapshot. It only reads."
  ),
  Command.withShortDescription("Follow a running instance in the terminal"),
  Command.withExamples([
    { command: "tidewire top", description: "The instance on this machine" },
    { command: "tidewire top --once --format json", description: "A snapshot for programs" },
    { command: "tidewire top --url https://ops.example.com --token-env OPS_TOKEN", description: "Another machine's" }
  ])
)
