/** `tidewire record`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { config, plain, recordFlags, signals, sourceFlags, streamFlags, what } from "./flags.ts"

export const record = Command.make(
  "record",
  {
    what,
    config: config.pipe(Flag.optional),
    out: Flag.String("out").pipe(
      Flag.withMetavar("<folder>"),
      Flag.withDescription("A new folder for the recording; nothing is ever overwritten")
    ),
    duration: streamFlags.duration,
    drain: streamFlags.drain,
    startWithin: streamFlags.startWithin,
    maxSize: recordFlags.maxSize,
    ...sourceFlags
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/record.ts")),
      ({ record }) =>
        record({
          ...flags,
          config: plain(flags.config),
          duration: plain(flags.duration),
          maxSize: plain(flags.maxSize),
          adapter: plain(flags.adapter),
          environment: plain(flags.environment),
          isolation: plain(flags.isolation),
          transport: plain(flags.transport)
        })
    )
).pipe(
  Command.withDescription(
    `Record what venues send, as it comes, for \`tidewire replay\`. Market data only: nothing of an account, and no credentials. ${signals}`
  ),
  Command.withShortDescription("Record what venues send, for `tidewire replay`"),
  Command.withExamples([
    { command: "tidewire record --config tidewire.yaml --out monday", description: "What a configuration subscribes" },
    {
      command: "tidewire record <venue>:BTCUSDT trades,book --out btc --duration 1h --max-size 2GB",
      description: "An hour of one symbol"
    }
  ])
)
