/**
 * How urgent the REST reads of a fiber are. It travels with the fiber, so what reads (`book.snapshot`, `history.*`) need
 * not know: `Effect.provideService(read, Urgency.current, "resync")`.
 */
import * as Context from "effect/Context"

/**
 * `resync`: a book that was live and is stale. `repair`: what a gap lost. `start`: first books, instruments.
 * `background`: audits and probes, which nobody waits for.
 */
export type Urgency = "resync" | "repair" | "start" | "background"

/** The most urgent first. */
export const all: ReadonlyArray<Urgency> = ["resync", "repair", "start", "background"]

export const current: Context.Reference<Urgency> = Context.Reference<Urgency>("@tidewire/core/Urgency", {
  defaultValue: () => "start"
})
