/** Alerts, the store, metrics: each where it is configured. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"

const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"

export const handlers = ({ parts }: Operated) =>
  HttpApiBuilder.group(api, "operation", (each) =>
    each.handleAll({
      alerts: () =>
        Effect.sync(() => ({ active: parts.alerts?.active() ?? [], history: parts.alerts?.history() ?? [] })),
      store: () =>
        parts.store === undefined
          ? Effect.fail(Refusal.of("NotFound", "no store is configured"))
          : Effect.sync(parts.store.status),
      metrics: () =>
        parts.metrics === undefined
          ? Effect.fail(Refusal.of("NotFound", "no metrics are configured"))
          : Effect.map(parts.metrics.text, (text) => HttpServerResponse.text(text, { contentType: PROMETHEUS }))
    })
  )
