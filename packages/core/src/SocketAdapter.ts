/**
 * Makes a `VenueAdapter` of a `SocketVenue`: everything that venues on sockets have in common.
 */
import * as Effect from "effect/Effect"
import type { ConnectionOptions } from "./ConnectionOptions.ts"
import * as ConnectionPlanner from "./ConnectionPlanner.ts"
import * as DialBudget from "./DialBudget.ts"
import { printableUrl } from "./printableUrl.ts"
import { Session } from "./Session.ts"
import { SocketDriver } from "./Socket.ts"
import * as SocketFeed from "./SocketFeed.ts"
import type { SocketVenue } from "./SocketVenue.ts"
import * as Subscription from "./Subscription.ts"
import type { VenueAdapter } from "./VenueAdapter.ts"

export const make = (
  venue: SocketVenue,
  options: ConnectionOptions
): Effect.Effect<VenueAdapter, never, SocketDriver> =>
  Effect.map(SocketDriver, (driver): VenueAdapter => {
    const { capabilities, history, instruments, limits, name, present, routes } = venue
    const layOut: SocketFeed.SocketFeedSetup["layOut"] = (subscriptions, before) => {
      const wanted = Subscription.distinct(subscriptions)
      const carried = wanted.map((subscription) => ({ subscription, topic: venue.topic(subscription) }))
      const { isolation, redundancy: socketsPerConnection } = options
      return ConnectionPlanner.plan(carried, { isolation, limits, routes, socketsPerConnection }, before)
    }
    const setup: SocketFeed.SocketFeedSetup = {
      venue,
      options,
      layOut,
      dials: (route) => DialBudget.ofHost(venue.url(route), limits.dials),
      session: (owner, route) => new Session(owner, { driver, route, venue }),
      stream: SocketFeed.streamOf(venue)
    }
    return {
      venue: name,
      capabilities,
      instruments,
      plan: (subscriptions) => {
        const { connections, notes } = layOut(subscriptions)
        return {
          notes,
          connections: connections.flatMap((each) =>
            SocketFeed.namesOf(each.name, options.redundancy).map((socket) => ({
              name: socket,
              url: printableUrl(venue.url(each.route)),
              subscriptions: each.carried.map(({ subscription }) => subscription)
            }))
          )
        }
      },
      open: (subscriptions, emit) => SocketFeed.open(setup, subscriptions, emit),
      ...(history !== undefined && { history }),
      ...(present !== undefined && { present: { ...present, url: printableUrl(present.url) } })
    }
  })
