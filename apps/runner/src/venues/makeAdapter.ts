/**
 * Makes the adapter of a checked entry: its sockets and requests through the entry's proxy if there is one, polled where
 * the entry asks for it.
 */
import { Polling, type VenueAdapter } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Agents from "../proxy/agents.ts"
import type { VenueSetup } from "./VenueSetup.ts"

/** The part of the time for a dial that a tunnel may take, so that it is the proxy that is named when it is too slow. */
const TUNNEL_SHARE = 0.8

export const makeAdapter = ({
  adapter,
  proxy,
  settings,
  wanted
}: VenueSetup): ReturnType<VenueAdapter.AdapterModule["make"]> => {
  const isPolled = wanted.some(({ transport }) => transport === "polling")
  const made = Effect.map(adapter.make(settings), (each) => (isPolled ? Polling.over(each, settings.connection) : each))
  if (proxy === undefined) return made
  const within = Duration.times(settings.connection.dialTimeout, TUNNEL_SHARE)
  return Effect.flatMap(Agents.make(proxy, within), (services) => Effect.provideContext(made, services))
}
