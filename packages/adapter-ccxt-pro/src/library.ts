/**
 * CCXT itself, imported only when an exchange is made: it takes about half a second and 50 MB, and everything that is
 * known without it (`exchanges.ts`) is.
 */
import { VenueError } from "@tidewire/core"
import { Effect } from "effect"
import type { Exchange } from "./Exchange.ts"

/** Makes the exchange of an id, with what its constructor takes. */
export type Library = (id: string, settings: Readonly<Record<string, unknown>>) => Exchange

export const load = (venue: string): Effect.Effect<Library, VenueError.VenueError> =>
  Effect.tryPromise({
    try: async () => {
      const { pro } = (await import("ccxt")).default
      const classes = pro as unknown as Readonly<Record<string, new (settings: object) => Exchange>>
      return (id, settings) => new classes[id]!(settings)
    },
    catch: (cause) =>
      new VenueError.VenueError({
        venue,
        operation: "import ccxt",
        reason: new VenueError.Unsupported({ message: cause instanceof Error ? cause.message : String(cause) }),
        cause
      })
  })
