/** `/health`. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Health } from "../api/health.ts"
import { healthOf } from "../healthOf.ts"
import type { Operated } from "../Operated.ts"

export const handlers = ({ instance, now }: Operated) => {
  const health = () =>
    healthOf({
      phase: instance.phase(),
      uptimeMs: now() - instance.startedAt,
      venues: instance.runner.venues(),
      streams: instance.watch.streams()
    })
  return HttpApiBuilder.group(api, "health", (each) =>
    each.handleAll({
      health: () => Effect.sync(() => answer(health(), ({ status }) => status !== "down")),
      ready: () => Effect.sync(() => answer(health(), ({ phase, status }) => phase === "running" && status !== "down")),
      live: () =>
        Effect.sync(() => ({ status: "ok" as const, phase: instance.phase(), uptimeMs: now() - instance.startedAt }))
    })
  )
}

const answer = (health: Health, isWell: (health: Health) => boolean) =>
  HttpServerResponse.jsonUnsafe(health, { status: isWell(health) ? 200 : 503 })
