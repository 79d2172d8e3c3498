/**
 * Sends the metrics to a collector, by OTLP over HTTP in JSON.
 *
 * Guarantees: one request at a time, from a fiber of its own: a collector that is slow or absent holds up nothing, and nothing is
 * kept for it. That it does not take them is told once, that it does again too. The last reading is sent at the end, for
 * `LAST_WITHIN` at most. Headers are secret: no log and no error has them.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Metric from "effect/Metric"
import * as OtlpExporter from "effect/observability/OtlpExporter"
import * as OtlpMetrics from "effect/observability/OtlpMetrics"
import * as OtlpSerialization from "effect/observability/OtlpSerialization"
import type * as Scope from "effect/Scope"
import type { OtlpEntry } from "../configuration/MetricsEntry.ts"
import type { Page } from "./Page.ts"

/** A collector that has not answered by then has not taken it. */
const ANSWER_WITHIN = Duration.seconds(5)

const LAST_WITHIN = Duration.seconds(1)

export interface Exports {
  taken: number
  failed: number
  readonly show: (page: Page) => void
}

export const counts = (): Exports => {
  const exports: Exports = {
    taken: 0,
    failed: 0,
    show: (page) => {
      page.add("tidewire_otlp_exports_total", { outcome: "taken" }, exports.taken)
      page.add("tidewire_otlp_exports_total", { outcome: "failed" }, exports.failed)
    }
  }
  return exports
}

export const send = (
  { every, headers, resource, url }: OtlpEntry,
  version: string,
  registry: typeof Metric.MetricRegistry.Service,
  exports: Exports
): Effect.Effect<void, never, Scope.Scope> =>
  OtlpMetrics.make({
    url,
    headers,
    exportInterval: every,
    shutdownTimeout: LAST_WITHIN,
    resource: { serviceName: "tidewire", serviceVersion: version, attributes: resource }
  }).pipe(
    Effect.updateService(HttpClient.HttpClient, (client) => telling(client, url, exports)),
    Effect.provideService(Metric.MetricRegistry, registry),
    // headers are for this collector, not for where it points to
    Effect.provideService(FetchHttpClient.RequestInit, { redirect: "error" }),
    Effect.provide([FetchHttpClient.layer, OtlpExporter.layerFlusher, OtlpSerialization.layerJson])
  )

/**
 * Counts what becomes of each request, and tells when that changes. To the exporter all is well: it would send the same reading
 * again, and then none for a minute, where the next one says as much.
 */
const telling = (client: HttpClient.HttpClient, url: string, exports: Exports): HttpClient.HttpClient => {
  let isTaking = true
  const { host } = new URL(url)
  const failed = (reason: string) =>
    Effect.suspend(() => {
      exports.failed++
      if (!isTaking) return Effect.void
      isTaking = false
      const told = Effect.logWarning(
        "metrics are not taken by their collector; they are sent again, and nothing waits for it"
      )
      return Effect.annotateLogs(told, { collector: host, reason })
    })
  const taken = Effect.suspend(() => {
    exports.taken++
    if (isTaking) return Effect.void
    isTaking = true
    return Effect.annotateLogs(Effect.logInfo("metrics are taken again"), { collector: host })
  })
  return HttpClient.transform(client, (response, request) =>
    response.pipe(
      Effect.tap((answer) => Effect.ignore(answer.arrayBuffer)),
      Effect.timeout(ANSWER_WITHIN),
      Effect.flatMap(({ status }) => (status < 300 ? taken : failed(`it answered ${status}`))),
      Effect.catchCause(() => failed("it did not answer")),
      Effect.as(HttpClientResponse.fromWeb(request, new Response(null, { status: 204 })))
    )
  )
}
