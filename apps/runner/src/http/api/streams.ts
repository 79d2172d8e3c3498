/** Events as they happen. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as Refusal from "../Refusal.ts"
import * as Parameters from "./parameters.ts"

export const filter = {
  venue: Parameters.several,
  symbol: Parameters.several,
  channel: Parameters.several,
  type: Parameters.several
}

const error = [Refusal.BadRequest, Refusal.Unavailable] as const

export const group = HttpApiGroup.make("streams")
  .add(
    HttpApiEndpoint.get("sse", "/stream", {
      query: filter,
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/event-stream" })),
      error
    }).annotate(
      OpenApi.Description,
      "Server-sent events: `event` is the type, `data` the event as on standard output. Each filter takes several, with commas between. A client that is behind loses, and hears of it as `event: lost`."
    ),
    HttpApiEndpoint.get("ws", "/ws", {
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain" })),
      error: [...error, Refusal.UpgradeRequired]
    }).annotate(
      OpenApi.Description,
      'A WebSocket. The client says `{"op":"subscribe"}` with `venue`, `symbol`, `channel`, `type` as it likes, and `{"op":"unsubscribe"}` with the same; each event comes as one text message, a loss as `{"type":"lost","lost":n}`. Browsers give the token as the subprotocol `tidewire.bearer.<token>` beside `tidewire`.'
    )
  )
  .prefix("/api")
  .annotate(OpenApi.Description, "Events as they happen.")
