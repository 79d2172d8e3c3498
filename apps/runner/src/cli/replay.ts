/** `tidewire replay`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { config, plain, streamFlags } from "./flags.ts"

export const replay = Command.make(
  "replay",
  {
    recording: Argument.String("recording").pipe(
      Argument.withDescription("The folder of a recording, or one of its files")
    ),
    config: config.pipe(Flag.optional),
    venue: Flag.String("venue").pipe(
      Flag.withMetavar("<name,name>"),
      Flag.withDescription("These venues of the recording only"),
      Flag.optional
    ),
    from: Flag.String("from").pipe(
      Flag.withMetavar("<time>"),
      Flag.withDescription(
        'Print from here on: a time such as 2026-01-31T12:00:00Z, or so long after the start ("90s")'
      ),
      Flag.optional
    ),
    to: Flag.String("to").pipe(Flag.withMetavar("<time>"), Flag.withDescription("Stop here: as --from"), Flag.optional),
    speed: Flag.String("speed").pipe(
      Flag.withMetavar("<max or number>"),
      Flag.withDescription("How many times as fast as it was: max, 1, 10 …"),
      Flag.withDefault("max")
    ),
    strategy: Flag.String("strategy").pipe(
      Flag.withMetavar("<module>"),
      Flag.withDescription(
        "Run this strategy on paper, instead of the recorded ones (none: no strategy); may be given more than once"
      ),
      Flag.atLeast(0)
    ),
    report: Flag.String("report").pipe(
      Flag.withMetavar("<name>"),
      Flag.withDescription("Write what the strategies came to into <name>.json and <name>.html"),
      Flag.optional
    ),
    currency: Flag.String("currency").pipe(
      Flag.withMetavar("<asset>"),
      Flag.withDescription("What the report sums values in"),
      Flag.withDefault("USDT")
    ),
    format: streamFlags.format
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/replay.ts")),
      ({ replay }) =>
        replay({
          ...flags,
          config: plain(flags.config),
          venue: plain(flags.venue),
          from: plain(flags.from),
          to: plain(flags.to),
          report: plain(flags.report),
          format: plain(flags.format)
        })
    )
).pipe(
  Command.withDescription(
    "Feed a recording through the same adapters, engine and strategies (on paper), on the recording's own clock: the same events, every time. Prints them to standard output."
  ),
  Command.withShortDescription("Feed a recording through the same adapters"),
  Command.withExamples([
    { command: "tidewire replay monday", description: "As fast as it goes, as JSON lines" },
    {
      command: "tidewire replay monday --strategy ./spread.js --report spread > events.ndjson",
      description: "A strategy on paper, with spread.json and spread.html in the end"
    },
    { command: "tidewire replay monday --from 2h --to 3h --speed 10", description: "One hour, ten times as fast" }
  ])
)
