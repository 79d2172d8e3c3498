/** Where events go: a handler that takes them, and an end that lets out what it still holds. */
import type { Engine } from "@tidewire/engine"
import type * as Effect from "effect/Effect"

/** Of markets; with an engine those of accounts and strategies as well. */
export type Told = Engine.EngineEvent

/** Takes one event; gives back an Effect where the next had better wait for its end. Takes the events of markets alone, too. */
export type Handler = (event: Told) => Effect.Effect<void> | undefined | void

export interface Output {
  readonly handler: Handler
  readonly end: Effect.Effect<void>
}

export type Format = "ndjson" | "table"

/** A table on a terminal, JSON lines elsewhere. */
export const defaultFormat = (): Format => (process.stdout.isTTY ? "table" : "ndjson")
