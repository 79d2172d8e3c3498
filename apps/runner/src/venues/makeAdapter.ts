/** Makes the adapter of a checked entry, its sockets and requests through the entry's proxy if there is one. */
import type { VenueAdapter } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Agents from "../proxy/agents.ts"
import type { VenueSetup } from "./VenueSetup.ts"

/** The part of the time for a dial that a tunnel may take, so that it is the proxy that is named when it is too slow. */
const TUNNEL_SHARE = 0.8

export const makeAdapter = ({
  adapter,
  proxy,
  settings
}: VenueSetup): ReturnType<VenueAdapter.AdapterModule["make"]> => {
  const made = adapter.make(settings)
  if (proxy === undefined) return made
  const within = Duration.times(settings.connection.dialTimeout, TUNNEL_SHARE)
  return Effect.flatMap(Agents.make(proxy, within), (services) => Effect.provideContext(made, services))
}
