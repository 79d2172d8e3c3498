/** What an operator does to connections. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as Refusal from "../Refusal.ts"

const Which = Schema.Struct({
  venue: Schema.optionalKey(Schema.String),
  connection: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "Which" })
export interface Which extends Schema.Schema.Type<typeof Which> {}

const Begun = Schema.Struct({
  /** Those that began it, as `venue/name`. */
  connections: Schema.Array(Schema.String)
})

const contract = { payload: Which, success: Begun, error: [Refusal.BadRequest, Refusal.NotFound] } as const

export const group = HttpApiGroup.make("connections")
  .add(
    HttpApiEndpoint.post("rotate", "/rotate", contract).annotate(
      OpenApi.Description,
      "Puts a new session in the place of the present one, without a break."
    ),
    HttpApiEndpoint.post("reconnect", "/reconnect", contract).annotate(
      OpenApi.Description,
      "Drops the present session and dials a new one at once; what is missed meanwhile is mended as after any loss."
    ),
    HttpApiEndpoint.post("reset", "/reset", contract).annotate(
      OpenApi.Description,
      "Has what waits (an open circuit, a backoff) try again at once."
    )
  )
  .prefix("/api/connections")
  .annotate(OpenApi.Description, "Of the connection named, of all of a venue, or of all.")
