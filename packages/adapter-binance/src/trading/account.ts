/**
 * What the account of either market is made of, and what a market says of its trading.
 */
import type { ConnectionOptions, Endpoints, PrivateEvent, Rest, Socket, Trading, VenueError } from "@tidewire/core"
import type { Effect, Scope } from "effect"
import type { Credentials } from "./credentials.ts"

export interface AccountSetup {
  /** What events carry as `venue`. */
  readonly venue: string
  readonly hosts: Endpoints.Hosts & { readonly api: string }
  readonly connection: ConnectionOptions.ConnectionOptions
  readonly rest: Rest.Rest
  readonly credentials: Credentials
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

export interface MarketTrading {
  readonly capabilities: Trading.TradingCapabilities
  readonly open: (
    setup: AccountSetup
  ) => Effect.Effect<Trading.Account, VenueError.VenueError, Scope.Scope | Socket.SocketDriver>
}
