/** Where events go: a handler that takes them, and an end that lets out what it still holds. */
import type { MarketStream } from "@tidewire/core"
import type * as Effect from "effect/Effect"

export interface Output {
  readonly handler: MarketStream.Handler
  readonly end: Effect.Effect<void>
}

export type Format = "ndjson" | "table"

/** A table on a terminal, JSON lines elsewhere. */
export const defaultFormat = (): Format => (process.stdout.isTTY ? "table" : "ndjson")
