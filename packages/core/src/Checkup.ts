/**
 * What an adapter shows an operator who looks whether all is well before anything is streamed (`tidewire doctor`): where it
 * dials, what time it is there, and what may still be asked. None of it needs an account, or changes anything.
 */
import type * as Effect from "effect/Effect"
import type { RestState } from "./RestBudget.ts"
import type { Limits } from "./SocketVenue.ts"
import type { VenueClockOptions } from "./VenueClock.ts"

export interface Endpoint {
  /** Its key among the `endpoints` of a venue entry. */
  readonly name: string
  /** As it is dialled; a user or a password that a configuration has in it is in it. */
  readonly url: string
}

export interface Checkup {
  /** Each base URL that is dialled with these settings. */
  readonly endpoints: ReadonlyArray<Endpoint>
  /** The cheapest request there is: it shows as well how long the venue takes to answer. */
  readonly serverTime: VenueClockOptions["serverTime"]
  /** How far the stamp of a signed request may be from the venue's clock, ms. */
  readonly stamps: { readonly aheadMs: number; readonly behindMs: number }
  /** Of the REST host, as it is counted by us or told by the last answer. */
  readonly budget: Effect.Effect<RestState>
  readonly limits: Pick<Limits, "dials" | "connections">
}
