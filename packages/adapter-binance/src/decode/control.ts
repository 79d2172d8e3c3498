/**
 * Frames that are no market data: acknowledgements, refusals, answers to questions, the notice of a shutdown.
 * Source: docs/venues/binance.md, "Control frames".
 */
import { type SocketVenue, VenueError } from "@tidewire/core"
import { isRow, type Row } from "./reader.ts"

/** The kind of the notice, which is the same in all its wrappings. */
export const SHUTDOWN = "serverShutdown"

/** The stream that a combined socket names for it. */
export const SHUTDOWN_STREAM = "!serverShutdown"

/** Whether asking again, in another session, is in vain. Codes that are not here may be passing troubles. */
const permanentCodes: ReadonlyMap<number, boolean> = new Map([
  [0, true], // unknown property
  [1, true], // wrong type of value
  [2, true], // invalid request
  [3, true], // not JSON
  [4, false] // too many subscriptions on this connection; the next one may have room
])

/** Reads a control frame; false when it is none. */
export const control = (row: Row, sink: SocketVenue.DecodeSink): boolean => {
  if (isRow(row["error"])) {
    sink.rejected(requestId(row["id"]), refusal(row["error"]))
  } else if ("result" in row) {
    const id = requestId(row["id"])
    if (row["result"] === null && id !== undefined) sink.acknowledged(id)
    else sink.ignored()
  } else if (typeof row["code"] === "number" && typeof row["msg"] === "string") {
    sink.rejected(requestId(row["id"]), refusal(row))
  } else if (isRow(row["event"]) && row["event"]["e"] === SHUTDOWN) {
    sink.shutdownNotice()
  } else {
    return false
  }
  return true
}

/** Our own ids are small positive integers; others are answers to nothing of ours. */
const requestId = (id: unknown): number | undefined => (Number.isSafeInteger(id) ? (id as number) : undefined)

const refusal = ({ code, msg }: Row): VenueError.SubscriptionRejected =>
  new VenueError.SubscriptionRejected({
    message: typeof msg === "string" ? msg : "refused without a message",
    permanent: typeof code === "number" && (permanentCodes.get(code) ?? false),
    ...(typeof code === "number" && { code })
  })
