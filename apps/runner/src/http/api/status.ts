/** What runs, and how: the process, its venues, connections, streams, gaps, latencies. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { Event } from "@tidewire/core"
import { Phase } from "./health.ts"
import * as Parameters from "./parameters.ts"

const count = Schema.Finite

const QueueCounts = Schema.Struct({
  received: count,
  delivered: count,
  conflated: count,
  dropped: count,
  waiting: count
})

const FeedCounts = Schema.Struct({
  frames: count,
  events: count,
  malformed: count,
  unknown: count,
  duplicates: count,
  gaps: count,
  resyncs: count,
  reconnects: count,
  rotations: count,
  audits: count,
  drifts: count,
  inexact: count,
  fallbacks: count
})

const Venue = Schema.Struct({
  name: Schema.String,
  adapter: Schema.String,
  /** Why it could not be opened. */
  failure: Schema.optionalKey(Schema.String),
  connections: Schema.Struct({ active: count, total: count }),
  counts: QueueCounts,
  feed: FeedCounts,
  gaps: count,
  gapsRepaired: count,
  instruments: count
})

export const Status = Schema.Struct({
  version: Schema.String,
  source: Schema.String,
  startedAt: Schema.Finite,
  uptimeMs: Schema.Finite,
  phase: Phase,
  mode: Schema.Literals(["none", "paper", "live"]),
  /** Why trading is halted. */
  halted: Schema.optionalKey(Schema.String),
  venues: Schema.Array(Venue),
  process: Schema.Struct({
    pid: Schema.Finite,
    rssBytes: Schema.Finite,
    heapBytes: Schema.Finite,
    /** Of the last seconds. */
    eventLoopDelayMs: Schema.Struct({ p50: Schema.Finite, p99: Schema.Finite, max: Schema.Finite }),
    /** Of one core. */
    cpuPercent: Schema.Finite
  }),
  /** Who listens, and how many events those lost who were too slow. */
  clients: Schema.Struct({ sse: count, ws: count, lost: count })
}).annotate({ identifier: "Status" })
export interface Status extends Schema.Schema.Type<typeof Status> {}

const Connection = Schema.Struct({
  venue: Schema.String,
  name: Schema.String,
  state: Event.ConnectionStateName,
  attempt: count,
  reason: Schema.optionalKey(Schema.String),
  since: Schema.Finite,
  reconnects: count,
  rotations: count,
  latencyMs: Schema.optionalKey(Schema.Finite)
})

const ConnectionChange = Schema.Struct({
  time: Schema.Finite,
  venue: Schema.String,
  connection: Schema.String,
  state: Event.ConnectionStateName,
  attempt: count,
  reason: Schema.optionalKey(Schema.String)
})

const Stream = Schema.Struct({
  venue: Schema.String,
  symbol: Schema.String,
  channel: Schema.String,
  state: Event.SubscriptionStateName,
  reason: Schema.optionalKey(Schema.String),
  book: Schema.optionalKey(Schema.Literals(["syncing", "live", "stale"])),
  delivered: count,
  perSecond: Schema.Finite,
  conflated: count,
  dropped: count,
  waiting: count,
  lastReceivedTime: Schema.optionalKey(Schema.Finite),
  ageMs: Schema.optionalKey(Schema.Finite),
  gaps: count,
  gapsUnrepaired: count
})

const Latency = Schema.Struct({
  hop: Schema.String,
  venue: Schema.String,
  count,
  p50: Schema.Finite,
  p90: Schema.Finite,
  p99: Schema.Finite,
  max: Schema.Finite
})

export const group = HttpApiGroup.make("status")
  .add(
    HttpApiEndpoint.get("status", "/status", { success: Status }).annotate(
      OpenApi.Description,
      "The process, its venues with what they counted, and who listens."
    ),
    HttpApiEndpoint.get("connections", "/connections", { success: Schema.Array(Connection) }).annotate(
      OpenApi.Description,
      "Every connection: its state since when and why, attempts, reconnects, and how long the last ping took."
    ),
    HttpApiEndpoint.get("connectionHistory", "/connections/history", {
      query: { limit: Parameters.limit(1_000) },
      success: Schema.Array(ConnectionChange)
    }).annotate(OpenApi.Description, "How connections moved, oldest first."),
    HttpApiEndpoint.get("streams", "/streams", { success: Schema.Array(Stream) }).annotate(
      OpenApi.Description,
      "Every stream: its state, rate, age, and what was conflated, dropped and missing."
    ),
    HttpApiEndpoint.get("latency", "/latency", { success: Schema.Array(Latency) }).annotate(
      OpenApi.Description,
      "How long events took over each hop, ms; empty where no metrics are configured."
    ),
    HttpApiEndpoint.get("gaps", "/gaps", {
      query: { limit: Parameters.limit(1_000) },
      success: Schema.Array(Event.Gap)
    }).annotate(OpenApi.Description, "The last gaps, oldest first, and whether they were repaired.")
  )
  .prefix("/api")
  .annotate(OpenApi.Description, "What runs.")
