/**
 * How urgent the REST reads of a fiber are. It travels with the fiber, so what reads (`book.snapshot`, `history.*`) need
 * not know: `Effect.provideService(read, Urgency.current, "resync")`.
 */
import * as Context from "effect/Context"

/**
 * `account`: cancels, and what an account must know. `order`: orders. `resync`: a book that was live and is stale. `repair`: what a gap lost. `start`: first books, instruments.
 * `background`: audits and probes, which nobody waits for. `poll`: polls, of which there is always a next one.
 */
export type Urgency = "account" | "order" | "resync" | "repair" | "start" | "background" | "poll"

/** The most urgent first. */
export const all: ReadonlyArray<Urgency> = ["account", "order", "resync", "repair", "start", "background", "poll"]

export const current: Context.Reference<Urgency> = Context.Reference<Urgency>("@tidewire/core/Urgency", {
  defaultValue: () => "start"
})
