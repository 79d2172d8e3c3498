/** Logs what becomes of connections, beside the events that say it. */
import type { Event } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Handler } from "./Output.ts"

export const tellingConnections =
  (handler: Handler): Handler =>
  (event) => {
    const waiting = handler(event)
    if (event.type !== "connection") return waiting
    return waiting === undefined ? tell(event) : Effect.andThen(waiting as Effect.Effect<void>, tell(event))
  }

const tell = ({ attempt, connection, reason, state, venue }: Event.Connection): Effect.Effect<void> => {
  const message = `${venue}/${connection} ${state}`
  const log =
    state === "Failed"
      ? Effect.logError(message)
      : state === "Reconnecting"
        ? Effect.logWarning(message)
        : state === "Active"
          ? Effect.logInfo(message)
          : Effect.logDebug(message)
  return Effect.annotateLogs(log, { venue, connection, state, attempt, ...(reason !== undefined && { reason }) })
}
