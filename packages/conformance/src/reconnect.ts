/** How connections come back while cards are run: soon, so that cards are quick, and without giving up. */
import type { ConnectionOptions } from "@tidewire/core"
import * as Duration from "effect/Duration"

export const reconnect = (base: Duration.Input, max: Duration.Input): ConnectionOptions.Reconnect => ({
  base: Duration.fromInputUnsafe(base),
  max: Duration.fromInputUnsafe(max),
  attempts: 100,
  stableAfter: Duration.minutes(1),
  coolDown: Duration.seconds(1)
})
