/**
 * What the faults in force do to a request that changes the subscriptions: refuse it, answer late, or not at all.
 * Guarantees that a refused request uses up no other fault.
 */
import type { FaultOf } from "./Fault.ts"
import type { FaultRegistry, Target } from "./FaultRegistry.ts"

export type Fate =
  | { readonly type: "rejected"; readonly fault: FaultOf<"rejectSubscribe"> }
  | { readonly type: "done"; readonly answered: boolean; readonly delayMs: number }

/** `target` has the streams that are asked for, not those the connection has. */
export const fateOf = (registry: FaultRegistry, target: Target, isSubscribe: boolean): Fate => {
  if (isSubscribe) {
    for (const entry of registry.meant(["rejectSubscribe"], target)) {
      if (registry.use(entry)) return { type: "rejected", fault: entry.fault }
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
