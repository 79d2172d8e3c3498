/**
 * What the faults in force do to a SUBSCRIBE or UNSUBSCRIBE: refuse it, answer late, or not at all. Guarantees that a
 * refused request uses up no other fault.
 */
import type { Change, RequestError } from "../socket/request.ts"
import type { FaultRegistry, Target } from "./FaultRegistry.ts"

export type Fate =
  | { readonly type: "rejected"; readonly error: RequestError["error"] }
  | { readonly type: "done"; readonly answered: boolean; readonly delayMs: number }

export const fateOf = (registry: FaultRegistry, connection: Target, request: Change): Fate => {
  // A filter looks at the streams that are asked for, not at those the connection has.
  const target: Target = { ...connection, streams: request.params }
  if (request.method === "SUBSCRIBE") {
    for (const entry of registry.meant(["rejectSubscribe"], target)) {
      if (!registry.use(entry)) continue
      const { code = 2, msg = "Invalid request: the subscription was refused" } = entry.fault
      return { type: "rejected", error: { code, msg } }
    }
  }
  let delayMs = 0
  let answered = true
  for (const entry of registry.meant(["ackDelay", "dropAck"], target)) {
    if (!registry.use(entry)) continue
    if (entry.fault.kind === "dropAck") answered = false
    else delayMs += entry.fault.delayMs
  }
  return { type: "done", answered, delayMs }
}
