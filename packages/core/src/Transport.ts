/**
 * How a subscription is carried: over the venue's socket, by polling its REST reads, or over the socket with polling in
 * its place while it is down.
 */
import * as Schema from "effect/Schema"

export const Transport = Schema.Literals(["websocket", "polling", "hybrid"])
export type Transport = typeof Transport.Type
