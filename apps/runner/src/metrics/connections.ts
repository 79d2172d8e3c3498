/** Connections by their state, and each by itself where they are not too many. */
import { Event } from "@tidewire/core"
import type { Instance } from "../operation/Instance.ts"
import type { Page } from "./Page.ts"

export const show = (page: Page, { runner }: Instance, now: number, isEach: (connections: number) => boolean): void => {
  const venues = runner.venues()
  const each = isEach(venues.reduce((total, { connections }) => total + connections.length, 0))
  for (const { connections, name: venue } of venues) {
    for (const state of Event.ConnectionStateName.literals) page.add("tidewire_connections", { venue, state }, 0)
    for (const { attempt, latencyMs, name: connection, reconnects, rotations, since, state } of connections) {
      page.add("tidewire_connections", { venue, state }, 1)
      if (!each) continue
      const labels = { venue, connection }
      page.add("tidewire_connection_up", labels, state === "Active" ? 1 : 0)
      page.add("tidewire_connection_state_seconds", labels, Math.max(0, now - since) / 1_000)
      page.add("tidewire_connection_attempts", labels, attempt)
      page.add("tidewire_connection_reconnects_total", labels, reconnects)
      page.add("tidewire_connection_rotations_total", labels, rotations)
      if (latencyMs !== undefined) page.add("tidewire_connection_ping_seconds", labels, latencyMs / 1_000)
    }
  }
}
