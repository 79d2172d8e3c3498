/**
 * Makes the adapter of a checked entry: its sockets and requests through the entry's proxy if there is one, polled where
 * the entry asks for it, and shared out to workers.
 */
import { Polling, Socket, type VenueAdapter } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Agents from "../proxy/agents.ts"
import * as Seams from "../record/Seams.ts"
import * as Workers from "../workers/over.ts"
import type { VenueSetup } from "./VenueSetup.ts"

/** The part of the time for a dial that a tunnel may take, so that it is the proxy that is named when it is too slow. */
const TUNNEL_SHARE = 0.8

export const makeAdapter = (setup: VenueSetup): ReturnType<VenueAdapter.AdapterModule["make"]> => {
  if (setup.workers === 0) return makeHere(setup)
  return Effect.zipWith(makeHere(setup), Socket.SocketDriver, (adapter, driver) =>
    Workers.over({
      adapter,
      origin: setup.origin,
      connection: setup.settings.connection,
      workers: setup.workers,
      canPause: driver.canPause && setup.adapter.transport !== "own"
    })
  )
}

/** Everything in this thread. */
const makeHere = ({
  adapter,
  proxy,
  settings,
  transport: byDefault,
  wanted
}: VenueSetup): ReturnType<VenueAdapter.AdapterModule["make"]> => {
  const isPolled = byDefault === "polling" || wanted.some(({ transport }) => transport === "polling")
  const made = Effect.map(Seams.through(adapter.make(settings), settings.name), (each) =>
    isPolled ? Polling.over(each, settings.connection) : each
  )
  if (proxy === undefined) return made
  const within = Duration.times(settings.connection.dialTimeout, TUNNEL_SHARE)
  return Effect.flatMap(Agents.make(proxy, within), (services) => Effect.provideContext(made, services))
}
