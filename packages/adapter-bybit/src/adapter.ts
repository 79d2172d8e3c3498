/**
 * What the package's users load: the adapter's name, what its configuration may hold, and how it is made.
 */
import { SocketAdapter, type VenueAdapter } from "@tidewire/core"
import { Effect } from "effect"
import { BybitSpot } from "./BybitSpot.ts"
import * as checkup from "./checkup.ts"
import { environments, Given, type Hosts } from "./endpoints.ts"
import { Options, secrets } from "./trading/credentials.ts"
import * as trading from "./trading/trading.ts"
import { makeVenue, marketOf, markets } from "./venue.ts"

export { Options }

export const adapter: VenueAdapter.AdapterModule<Hosts, Options> = {
  name: "@tidewire/adapter-bybit",
  venues: [...markets.keys()],
  environments: Object.keys(environments),
  endpoints: Given,
  options: Options,
  secrets,
  capabilities: (venue) => (markets.get(venue) ?? BybitSpot).capabilities,
  make: (settings) =>
    Effect.gen(function* () {
      const venue = yield* makeVenue(settings)
      const made = yield* SocketAdapter.make(venue, settings.connection)
      const market = yield* marketOf(settings)
      const account = yield* trading.make(market, settings)
      const whole = { ...made, checkup: yield* checkup.make(market, settings) }
      return account === undefined ? whole : { ...whole, trading: account }
    })
}
