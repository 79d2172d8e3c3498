/**
 * What the package's users load: the adapter's name, what its configuration may hold, and how it is made.
 */
import { SocketAdapter, type VenueAdapter } from "@tidewire/core"
import { Effect, Schema } from "effect"
import { closed } from "./closed.ts"
import { BinanceSpot } from "./BinanceSpot.ts"
import { Endpoints, type Hosts } from "./endpoints.ts"
import { makeVenue, markets } from "./venue.ts"

/** The adapter has no options of its own. */
export const Options: Schema.Codec<Options, unknown> = closed(Schema.Struct({}))
export interface Options {}

export const adapter: VenueAdapter.AdapterModule<Hosts, Options> = {
  name: "@tidewire/adapter-binance",
  venues: [...markets.keys()],
  environments: Object.keys(BinanceSpot.environments),
  endpoints: Endpoints,
  options: Options,
  capabilities: (venue) => (markets.get(venue) ?? BinanceSpot).capabilities,
  make: (settings) => Effect.flatMap(makeVenue(settings), (venue) => SocketAdapter.make(venue, settings.connection))
}
