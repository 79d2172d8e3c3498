/** `tidewire stream`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Effect from "effect/Effect"
import { config, plain, recordFlags, signals, sourceFlags, streamFlags, what } from "./flags.ts"

export const stream = Command.make(
  "stream",
  {
    what,
    config: config.pipe(Flag.optional),
    ...streamFlags,
    ...recordFlags,
    ...sourceFlags
  },
  (flags) =>
    Effect.flatMap(
      Effect.promise(() => import("../commands/stream.ts")),
      ({ stream }) =>
        stream({
          ...flags,
          config: plain(flags.config),
          duration: plain(flags.duration),
          limit: plain(flags.limit),
          format: plain(flags.format),
          adapter: plain(flags.adapter),
          environment: plain(flags.environment),
          isolation: plain(flags.isolation),
          transport: plain(flags.transport),
          record: plain(flags.record),
          maxSize: plain(flags.maxSize)
        })
    )
).pipe(
  Command.withDescription(`Stream market data to standard output. ${signals}`),
  Command.withShortDescription("Stream market data to standard output"),
  Command.withExamples([
    { command: "tidewire stream --config tidewire.yaml", description: "What a configuration asks for" },
    { command: "tidewire stream <venue>:BTCUSDT,ETHUSDT trades,book", description: "Without a file" },
    {
      command: "tidewire stream <venue>:BTCUSDT trades --endpoint stream=ws://127.0.0.1:9443 --limit 10",
      description: "Ten trades from a simulator"
    }
  ])
)
