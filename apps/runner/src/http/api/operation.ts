/** What else operates it: alerts, the store, metrics. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as Refusal from "../Refusal.ts"

const Alert = Schema.Struct({
  id: Schema.String,
  rule: Schema.String,
  severity: Schema.Literals(["info", "warning", "critical"]),
  subject: Schema.String,
  message: Schema.String,
  since: Schema.Finite,
  until: Schema.optionalKey(Schema.Finite)
})

const Alerts = Schema.Struct({ active: Schema.Array(Alert), history: Schema.Array(Alert) })

const StoreStatus = Schema.Struct({
  kind: Schema.String,
  state: Schema.Literals(["open", "behind", "down"]),
  reason: Schema.optionalKey(Schema.String),
  taken: Schema.Finite,
  stored: Schema.Finite,
  waiting: Schema.Finite,
  dropped: Schema.Finite,
  bytes: Schema.optionalKey(Schema.Finite)
})

export const group = HttpApiGroup.make("operation")
  .add(
    HttpApiEndpoint.get("alerts", "/api/alerts", { success: Alerts }).annotate(
      OpenApi.Description,
      "Alerts that are on, and those that are over, oldest first."
    ),
    HttpApiEndpoint.get("store", "/api/store", { success: StoreStatus, error: Refusal.NotFound }).annotate(
      OpenApi.Description,
      "How the store stands; 404 where none is configured."
    ),
    HttpApiEndpoint.get("metrics", "/metrics", {
      success: Schema.String.pipe(HttpApiSchema.asText({ contentType: "text/plain; version=0.0.4" })),
      error: Refusal.NotFound
    }).annotate(OpenApi.Description, "In the text format of Prometheus; 404 where no metrics are configured.")
  )
  .annotate(OpenApi.Description, "What else operates it.")
