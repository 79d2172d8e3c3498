/** The made-up venue as a subject: what the suite tests itself on. */
import { ConnectionOptions, Socket, SocketAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { Subject } from "../../src/index.ts"
import * as exchange from "./exchange.ts"
import * as trading from "./trading.ts"
import * as venue from "./venue.ts"

export const reference: Subject = {
  capabilities: venue.capabilities,
  trading: trading.capabilities,
  open: (connection) =>
    Effect.gen(function* () {
      const made = yield* exchange.make
      const options = { ...ConnectionOptions.defaults, ...connection }
      const adapter = yield* SocketAdapter.make(venue.make(made, "mine"), options).pipe(
        Effect.provideService(Socket.SocketDriver, made.driver)
      )
      const account = trading.make({ ...made, venue: adapter.venue })
      return { adapter: { ...adapter, trading: account }, exchange: made.exchange }
    })
}
