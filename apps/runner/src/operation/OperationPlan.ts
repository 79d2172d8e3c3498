/** How a configuration would be operated, without opening anything: what `check` prints. Nothing secret is in it. */
import { resolve } from "node:path"
import * as Duration from "effect/Duration"
import type { OperationEntries } from "../configuration/OperationEntries.ts"

export interface OperationPlan {
  readonly http?: { readonly host: string; readonly port: number; readonly changes: "with the token" | "refused" }
  /** A folder, or a schema of the database. */
  readonly store?: { readonly kind: string; readonly where: string; readonly channels: ReadonlyArray<string> | "all" }
  readonly metrics?: { readonly otlp?: string; readonly everyMs?: number }
  readonly alerts?: { readonly rules: ReadonlyArray<string>; readonly to: ReadonlyArray<string> }
}

export const of = ({ alerts, http, metrics, store }: OperationEntries, folder: string): OperationPlan => ({
  ...(http !== undefined && {
    http: { host: http.host, port: http.port, changes: http.token === undefined ? "refused" : "with the token" }
  }),
  ...(store !== undefined && {
    store: {
      kind: store.kind,
      where: store.kind === "duckdb" ? resolve(folder, store.folder) : `schema ${store.schema}`,
      channels: store.channels ?? "all"
    }
  }),
  ...(metrics !== undefined && {
    metrics:
      metrics.otlp === undefined ? {} : { otlp: metrics.otlp.url, everyMs: Duration.toMillis(metrics.otlp.every) }
  }),
  ...(alerts !== undefined && {
    alerts: {
      rules: alerts.rules.map(({ name, on }) => name ?? on),
      to: [
        "log",
        ...(alerts.webhook === undefined ? [] : [`webhook at ${new URL(alerts.webhook.url).host}`]),
        ...(alerts.command === undefined ? [] : [alerts.command[0]])
      ]
    }
  })
})

export const text = ({ alerts, http, metrics, store }: OperationPlan): string =>
  [
    ...(http === undefined
      ? []
      : [`http  http://${http.host}:${http.port === 0 ? "any" : http.port}  changes ${http.changes}`]),
    ...(store === undefined
      ? []
      : [
          `store  ${store.kind}  ${store.where}  ${store.channels === "all" ? "all channels" : store.channels.join(", ")}`
        ]),
    ...(metrics === undefined
      ? []
      : [
          metrics.otlp === undefined
            ? "metrics  at /metrics"
            : `metrics  to ${metrics.otlp} every ${Duration.format(Duration.millis(metrics.everyMs ?? 0))}`
        ]),
    ...(alerts === undefined ? [] : [`alerts  ${alerts.rules.join(", ")}  to ${alerts.to.join(", ")}`])
  ].join("\n")
