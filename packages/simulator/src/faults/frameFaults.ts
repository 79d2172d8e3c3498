/**
 * What the faults in force do to one outgoing frame. Guarantees that silence comes first, then what rewrites a frame,
 * then the others in the order of injection; a dropped frame is seen by no later fault.
 */
import type { Frame, FrameRules } from "../topics/Frame.ts"
import type { FaultRegistry, Target } from "./FaultRegistry.ts"
import { mangle } from "./mangle.ts"

export type Outgoing = string | Uint8Array

/** Frames held back by `reorder`, by fault and stream of one connection. */
export type HeldBack = Map<string, Array<Outgoing>>

const changing = ["drop", "duplicate", "reorder", "malformed", "omitClosingBar"] as const

/** Whether nothing at all goes out on this connection: half-open. */
export const isHalfOpen = (registry: FaultRegistry, target: Target): boolean =>
  registry.meant(["silence"], target).length > 0

const isSilent = (registry: FaultRegistry, target: Target, frame: Frame): boolean =>
  isHalfOpen(registry, target) ||
  registry.meant(["silentStream"], target, frame).some(({ healed }) => !healed.has(`${target.id}/${frame.stream}`)) ||
  registry.meant(["crowdedSilence"], target).some(({ fault }) => target.streams.length > (fault.maxStreams ?? 3))

const rewritten = (registry: FaultRegistry, target: Target, given: Frame, rules: FrameRules): Frame => {
  let frame = given
  for (const entry of registry.meant(["skewedClock", "zeroLevel"], target, given)) {
    const { fault } = entry
    if (fault.kind === "zeroLevel" && !rules.isDiff(frame)) continue
    if (!registry.use(entry)) continue
    frame = fault.kind === "zeroLevel" ? rules.withZeroLevel(frame) : rules.skewed(frame, fault.offsetMs)
  }
  return frame
}

/** How late a frame of this stream goes out. */
export const delayOf = (registry: FaultRegistry, target: Target, frame: Frame): number => {
  let delayMs = 0
  for (const entry of registry.meant(["delay"], target, frame)) {
    if (registry.use(entry)) delayMs += entry.fault.delayMs
  }
  return delayMs
}

export const applyTo = (
  registry: FaultRegistry,
  target: Target,
  given: Frame,
  wrap: (text: string) => string,
  rules: FrameRules,
  held: HeldBack
): Array<Outgoing> => {
  if (registry.list().length === 0 && held.size === 0) return [wrap(given.text)]
  if (isSilent(registry, target, given)) return []
  const frame = rewritten(registry, target, given, rules)
  let out: Array<Outgoing> = [wrap(frame.text)]
  const waiting = [...held].filter(([key]) => key.endsWith(`/${frame.stream}`))
  for (const entry of registry.meant(changing, target, frame)) {
    const { fault } = entry
    if (fault.kind === "omitClosingBar" && !rules.isClosingBar(frame)) continue
    const key = `${entry.id}/${frame.stream}`
    if (fault.kind === "reorder" && held.has(key)) continue
    if (!registry.use(entry)) continue
    if (fault.kind === "drop" || fault.kind === "omitClosingBar") {
      out = []
      break
    }
    if (fault.kind === "duplicate") out = [...out, ...out]
    else if (fault.kind === "malformed") {
      const bad = mangle(frame, fault.form, wrap, rules.naming)
      out = fault.keep === true ? [bad, ...out] : [bad]
    } else {
      held.set(key, out)
      out = []
      break
    }
  }
  // What waited for its successor follows it; a successor that was dropped does not count.
  if (out.length > 0) {
    for (const [key, frames] of waiting) {
      held.delete(key)
      out = [...out, ...frames]
    }
  }
  return out
}
