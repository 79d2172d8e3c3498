/** One who listens by server-sent events. */
import type { ServerResponse } from "node:http"
import { NodeHttpServerRequest } from "@effect/platform-node"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Effect from "effect/Effect"
import type { EventFilter } from "./EventFilter.ts"
import type { Hub } from "./Hub.ts"
import { StreamClient } from "./StreamClient.ts"
import * as Wire from "./Wire.ts"

/** What every answer has. */
export type HeadersOf = (request: HttpServerRequest.HttpServerRequest) => Readonly<Record<string, string>>

/** How long a browser waits before it comes again, ms. */
const RETRY_MS = 2_000

interface Options {
  readonly filter: EventFilter
  readonly headers: Readonly<Record<string, string>>
}

/** Ends when the client has gone, or the hub ends it. */
export const serve = (
  hub: Hub,
  request: HttpServerRequest.HttpServerRequest,
  { filter, headers }: Options
): Effect.Effect<HttpServerResponse.HttpServerResponse> =>
  Effect.callback((resume) => {
    const response = NodeHttpServerRequest.toServerResponse(request) as ServerResponse
    response.writeHead(200, {
      ...headers,
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // for proxies that would hold it back
      "x-accel-buffering": "no"
    })
    const client = new StreamClient(
      Wire.sse,
      {
        write: (bytes) => response.write(bytes),
        end: (isStuck) => void (isStuck ? response.destroy() : response.end())
      },
      [filter]
    )
    response.write(`retry: ${RETRY_MS}\n\n`)
    response.on("drain", () => {
      client.drained()
      hub.wake()
    })
    response.once("close", () => {
      hub.remove(client)
      resume(Effect.succeed(HttpServerResponse.empty()))
    })
    hub.add(client)
    return Effect.sync(() => hub.remove(client))
  })
