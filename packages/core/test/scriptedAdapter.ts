/** An adapter of the made-up venue whose sockets a test holds in its hand. */
import { SocketAdapter, type VenueAdapter, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { makeVenue } from "./referenceVenue.ts"

/** Serves `reference`, and `broken`, which cannot be made. */
export const adapter: VenueAdapter.AdapterModule<{ readonly stream: string }, { readonly key?: string }> = {
  name: "reference",
  venues: ["reference", "broken"],
  environments: ["mainnet", "testnet"],
  endpoints: Schema.Struct({ stream: Schema.optionalKey(Schema.String) }),
  options: Schema.Struct({ key: Schema.optionalKey(Schema.String) }),
  capabilities: () => makeVenue({ stats: true }).capabilities,
  make: ({ connection, venue }) =>
    venue === "broken"
      ? Effect.fail(
          new VenueError.VenueError({
            venue,
            operation: "configure",
            reason: new VenueError.AuthenticationFailed({ message: "no such key" })
          })
        )
      : SocketAdapter.make(makeVenue({ stats: true }), connection)
}

/** Lets the event loop turn until this holds, which ends at the first turn that it does. */
export const until = async (holds: () => boolean): Promise<void> => {
  const startedMs = performance.now()
  while (!holds()) {
    if (performance.now() - startedMs > 10_000) throw new Error("it never came to hold")
    await new Promise((resolve) => setImmediate(resolve))
  }
}
