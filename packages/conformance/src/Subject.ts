/**
 * What is certified: an adapter on an exchange under control, opened anew for every card, and the cards that it is
 * excused from, each with the reason.
 */
import type { Capabilities, ConnectionOptions, Trading, VenueAdapter } from "@tidewire/core"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Exchange } from "./Exchange.ts"

export interface Opened {
  readonly adapter: VenueAdapter.VenueAdapter
  readonly exchange: Exchange
}

export interface Subject {
  /** What the adapter claims, known before it is opened: it decides which cards apply. LC-10 compares. */
  readonly capabilities: Capabilities.Capabilities
  /** What its order entry claims, where it is given a key; absent: cards of execution do not apply. EX-1 compares. */
  readonly trading?: Trading.TradingCapabilities
  /**
   * A fresh exchange, quiet, and the adapter on it with these connection options (the rest are core's defaults), until
   * the scope closes. The adapter's configured name should not be the venue's id, so that a mixed-up name shows.
   */
  readonly open: (
    connection: Partial<ConnectionOptions.ConnectionOptions>
  ) => Effect.Effect<Opened, unknown, Scope.Scope>
  /** Why a card is not run, by its id; an empty reason or an unknown id throws. */
  readonly skip?: Readonly<Record<string, string>>
  /** How long a card waits for anything it expects. Default 20 seconds; half-open sockets take about 13 to be found. */
  readonly patience?: Duration.Input
}
