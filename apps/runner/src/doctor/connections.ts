/** The connections that the subscriptions make, against what the venue takes of one address. */
import type { Subscription, VenueAdapter } from "@tidewire/core"
import * as Duration from "effect/Duration"
import { ok, problem, type Verdict, warning } from "./Finding.ts"

export const look = (
  { checkup, plan }: VenueAdapter.VenueAdapter,
  subscriptions: ReadonlyArray<Subscription.Subscription>
): ReadonlyArray<Verdict> => {
  const { connections, notes } = plan(subscriptions)
  const streams = connections.reduce((sum, each) => sum + each.subscriptions.length, 0)
  const found = [
    `${connections.length} connection${connections.length === 1 ? "" : "s"} for ${streams} streams`,
    ...notes
  ].join("; ")
  const limits = checkup?.limits
  if (limits === undefined) return [ok(found)]
  const { attempts, window } = limits.dials
  const most = limits.connections ?? Infinity
  if (connections.length > most) {
    return [
      problem(
        `${found}; the venue takes ${most} of one address`,
        'set connection.isolation to "shared", or subscribe to less'
      )
    ]
  }
  const span = Duration.format(Duration.fromInputUnsafe(window))
  // what is lost must be able to come back at once
  return [
    connections.length > attempts / 2
      ? warning(
          `${found}; the venue takes ${attempts} dials in ${span}`,
          'when all are lost they come back slowly: set connection.isolation to "shared"'
        )
      : ok(found)
  ]
}
