/** Rotating, dropping and retrying connections. */
import type { VenueAdapter } from "@tidewire/core"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Which } from "../api/connections.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"
import { venueOf } from "./venueOf.ts"

type Action = (feed: VenueAdapter.Feed, connection: string | undefined) => ReadonlyArray<string>

export const handlers = ({ instance }: Operated) => {
  const carriedOut = (what: string, action: Action) =>
    Effect.fnUntraced(function* ({ payload: { connection, venue } }: { readonly payload: Which }) {
      if (connection !== undefined && venue === undefined) {
        return yield* Effect.fail(Refusal.of("BadRequest", "a connection is of a venue; expected both", "venue"))
      }
      const venues = venue === undefined ? instance.venues : [yield* venueOf(instance, venue)]
      const feeds = venues.flatMap(({ name, stream }) => (stream === undefined ? [] : [{ name, feed: stream.feed }]))
      if (
        connection !== undefined &&
        !feeds.some(({ feed }) => SubscriptionRef.getUnsafe(feed.states).has(connection))
      ) {
        return yield* Effect.fail(Refusal.of("UnknownConnection", `${venue} has no such connection`, "connection"))
      }
      const connections = feeds.flatMap(({ feed, name }) => action(feed, connection).map((each) => `${name}/${each}`))
      yield* Effect.annotateLogs(Effect.logInfo(`an operator asks to ${what}`), {
        connections: connections.length === 0 ? "none" : connections.join(", ")
      })
      return { connections }
    })
  return HttpApiBuilder.group(api, "connections", (each) =>
    each.handleAll({
      rotate: carriedOut("rotate connections", (feed, connection) => feed.rotate(connection)),
      reconnect: carriedOut("reconnect", (feed, connection) => [
        // what waits has no session to drop
        ...feed.reset(connection),
        ...feed.reconnect(connection)
      ]),
      reset: carriedOut("reset connections", (feed, connection) => feed.reset(connection))
    })
  )
}
