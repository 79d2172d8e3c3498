/** Whether it works, at four levels: application, collectors, connections, data. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"

export const Level = Schema.Literals(["ok", "degraded", "down"])
export type Level = typeof Level.Type

export const Phase = Schema.Literals(["starting", "running", "stopping"])

const Collector = Schema.Struct({ name: Schema.String, status: Level, reason: Schema.optionalKey(Schema.String) })

export const Health = Schema.Struct({
  status: Level,
  phase: Phase,
  levels: Schema.Struct({
    application: Schema.Struct({ status: Level, uptimeMs: Schema.Finite }),
    collectors: Schema.Array(Collector),
    connections: Schema.Struct({ active: Schema.Finite, total: Schema.Finite, status: Level }),
    data: Schema.Struct({
      status: Level,
      /** How long ago the last event of any stream was received; absent before the first. */
      ageMs: Schema.optionalKey(Schema.Finite),
      /** Streams that are not to be relied on, as `venue symbol channel`. */
      stale: Schema.Array(Schema.String)
    })
  })
}).annotate({ identifier: "Health" })
export interface Health extends Schema.Schema.Type<typeof Health> {}

const Unhealthy = Health.annotate({ httpApiStatus: 503, identifier: "Unhealthy" })

const Live = Schema.Struct({ status: Schema.Literal("ok"), phase: Phase, uptimeMs: Schema.Finite })

export const group = HttpApiGroup.make("health")
  .add(
    HttpApiEndpoint.get("health", "/health", { success: [Health, Unhealthy] }).annotate(
      OpenApi.Description,
      "How it is at every level; 503 where nothing is received."
    ),
    HttpApiEndpoint.get("ready", "/health/ready", { success: [Health, Unhealthy] }).annotate(
      OpenApi.Description,
      "The same; 503 until it runs, and while it stops: for what routes to it."
    ),
    HttpApiEndpoint.get("live", "/health/live", { success: Live }).annotate(
      OpenApi.Description,
      "That the process answers: for what starts it again when it does not."
    )
  )
  .annotate(OpenApi.Description, "Whether it works. No route of these needs a token.")
