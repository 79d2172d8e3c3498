/** Events as they happen, over server-sent events and WebSockets. */
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"
import * as Sse from "../streams/sse.ts"
import * as WebSocket from "../streams/webSocket.ts"
import { filterOf } from "../streams/filterOf.ts"

export const handlers = (operated: Operated, headersOf: Sse.HeadersOf) => {
  const { entry, hub } = operated
  const room = Effect.suspend(() =>
    hub.size < entry.clients
      ? Effect.void
      : Effect.fail(
          Refusal.of("TooManyClients", `${entry.clients} clients listen already; close one, or raise http.clients`)
        )
  )
  return HttpApiBuilder.group(api, "streams", (each) =>
    each.handleAll({
      sse: ({ query, request }) =>
        Effect.gen(function* () {
          const filter = yield* filterOf(query, operated.instance)
          yield* room
          return yield* Sse.serve(hub, request, { filter, headers: headersOf(request) })
        }),
      ws: ({ request }) => Effect.andThen(room, WebSocket.serve(operated, request))
    })
  )
}
