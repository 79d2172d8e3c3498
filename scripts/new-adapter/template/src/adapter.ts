/**
 * What the package's users load: the adapter's name, what its configuration may hold, and how it is made.
 */
import { Closed, Endpoints, SocketAdapter, type VenueAdapter } from "@tidewire/core"
import { Effect, Schema } from "effect"
import { environments } from "./endpoints.ts"
import { NewVenue } from "./NewVenue.ts"
import { makeVenue } from "./venue.ts"

/** The adapter has no options of its own. */
export const Options: Schema.Codec<Options, unknown> = Closed.struct(Schema.Struct({}))
export interface Options {}

export const adapter: VenueAdapter.AdapterModule<Endpoints.Hosts, Options> = {
  name: "@tidewire/adapter-newvenue",
  venues: ["newvenue"],
  environments: Object.keys(environments),
  endpoints: Endpoints.Given,
  options: Options,
  capabilities: () => NewVenue.capabilities,
  make: (settings) => Effect.flatMap(makeVenue(settings), (venue) => SocketAdapter.make(venue, settings.connection))
}
