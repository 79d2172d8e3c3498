/** Collectors, as the earlier system called its venues: their state, and the recent past that is kept of them. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { Event } from "@tidewire/core"
import * as Refusal from "../Refusal.ts"
import { Level } from "./health.ts"
import * as Parameters from "./parameters.ts"

export const Collector = Schema.Struct({
  name: Schema.String,
  status: Level,
  reason: Schema.optionalKey(Schema.String),
  /** The state of its connections that is furthest from Active. */
  state: Event.ConnectionStateName,
  connections: Schema.Struct({ active: Schema.Finite, total: Schema.Finite }),
  symbols: Schema.Array(Schema.String),
  received: Schema.Finite,
  processed: Schema.Finite,
  errors: Schema.Finite,
  reconnects: Schema.Finite,
  lastReceivedTime: Schema.optionalKey(Schema.Finite)
}).annotate({ identifier: "Collector" })
export interface Collector extends Schema.Schema.Type<typeof Collector> {}

const Statistics = Schema.Struct({
  received: Schema.Finite,
  stored: Schema.Finite,
  replaced: Schema.Finite,
  cleared: Schema.Finite,
  evicted: Schema.Struct({ series: Schema.Finite, total: Schema.Finite, retention: Schema.Finite }),
  perSecond: Schema.Finite,
  symbols: Schema.Array(Schema.Struct({ venue: Schema.String, symbol: Schema.String, stored: Schema.Finite })),
  uptimeMs: Schema.Finite
}).annotate({ identifier: "StorageStatistics" })

const Task = Schema.Struct({
  name: Schema.String,
  kind: Schema.Literals(["connection", "engine", "listener"]),
  state: Schema.String,
  since: Schema.optionalKey(Schema.Finite)
})

export const group = HttpApiGroup.make("collectors")
  .add(
    HttpApiEndpoint.get("collectors", "/collectors/status", {
      success: Schema.Struct({
        running: Schema.Finite,
        total: Schema.Finite,
        collectors: Schema.Array(Collector)
      })
    }).annotate(OpenApi.Description, "Every collector: received, processed, errors, reconnects."),
    HttpApiEndpoint.get("collector", "/collectors/status/:name", {
      params: { name: Parameters.name },
      success: Collector,
      error: [Refusal.BadRequest, Refusal.NotFound]
    }).annotate(OpenApi.Description, "One collector."),
    HttpApiEndpoint.get("storage", "/collectors/storage/stats", { success: Statistics }).annotate(
      OpenApi.Description,
      "What the recent past in memory holds, and what gave way to which bound."
    ),
    HttpApiEndpoint.get("trades", "/collectors/trades", {
      query: { symbol: Parameters.optional, limit: Parameters.limit(1_000) },
      success: Schema.Array(Event.Trade),
      error: Refusal.BadRequest
    }).annotate(OpenApi.Description, "The last trades of a symbol on every venue, oldest first."),
    HttpApiEndpoint.get("tasks", "/debug/tasks", {
      success: Schema.Struct({
        tasks: Schema.Array(Task),
        /** What keeps the process alive, by kind. */
        resources: Schema.Record(Schema.String, Schema.Finite)
      })
    }).annotate(OpenApi.Description, "What is running: connections, the engine, those who listen."),
    HttpApiEndpoint.get("memory", "/debug/storage", {
      success: Schema.Struct({
        store: Statistics,
        bounds: Schema.Struct({
          perSeries: Schema.Finite,
          total: Schema.Finite,
          retentionMs: Schema.Finite
        }),
        queues: Schema.Array(
          Schema.Struct({ venue: Schema.String, symbol: Schema.String, channel: Schema.String, waiting: Schema.Finite })
        ),
        memory: Schema.Struct({ rssBytes: Schema.Finite, heapBytes: Schema.Finite, externalBytes: Schema.Finite })
      })
    }).annotate(OpenApi.Description, "What is kept in memory, its bounds, and what waits in queues.")
  )
  .annotate(OpenApi.Description, "Collectors: a venue each, and the recent past that is kept of them.")
