/** `tidewire instruments`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Effect from "effect/Effect"
import { plain, streamFlags, venueFlags } from "./flags.ts"

export const instruments = Command.make(
  "instruments",
  {
    venue: Argument.String("venue").pipe(Argument.withDescription("The venue's id")),
    pattern: Argument.String("pattern").pipe(
      Argument.withDescription("A symbol in either spelling, or a pattern such as *USDT"),
      Argument.optional
    ),
    format: streamFlags.format,
    ...venueFlags
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/instruments.ts")),
      ({ instruments }) =>
        instruments({
          ...flags,
          pattern: plain(flags.pattern),
          format: plain(flags.format),
          adapter: plain(flags.adapter),
          environment: plain(flags.environment)
        })
    )
).pipe(
  Command.withDescription("List the instruments of a venue"),
  Command.withExamples([
    { command: "tidewire instruments <venue>", description: "All of them" },
    { command: 'tidewire instruments <venue> "*USDT" --format table', description: "Those that match" }
  ])
)
