/** What is subscribed, and changing it. */
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"

export const handlers = ({ instance }: Operated) =>
  HttpApiBuilder.group(api, "subscriptions", (each) =>
    each.handleAll({
      subscriptions: () =>
        Effect.sync(() =>
          instance.venues.flatMap(({ name, stream }) =>
            (stream?.subscriptions() ?? []).map(({ channel, symbol, transport = "websocket" }) => ({
              venue: name,
              symbol,
              channel,
              transport,
              wantedBy: "configuration" as const
            }))
          )
        ),
      preview: () => Effect.fail(Refusal.of("Unavailable", "not yet")),
      change: () => Effect.fail(Refusal.of("Unavailable", "not yet"))
    })
  )
