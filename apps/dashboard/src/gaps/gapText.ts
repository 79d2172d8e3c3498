/** What a gap says, in words. */
import type { Event } from "@tidewire/core"
import * as Number from "../format/number.ts"

const reasons: Readonly<Record<Event.Gap["reason"], string>> = {
  disconnect: "connection lost",
  sequence: "hole in the sequence",
  overflow: "queue was full",
  stale: "went silent"
}

export const reason = (gap: Event.Gap): string => reasons[gap.reason]

/** Where the hole is: between the last and the next that are known. */
export const place = ({ from, to }: Event.Gap): string => `${from ?? "…"} → ${to ?? "…"}`

export const loss = (gap: Event.Gap): string =>
  `${reason(gap)}${gap.lost === null ? "" : `, ${Number.count(gap.lost)} ${gap.lost === 1 ? "event" : "events"}`}`
