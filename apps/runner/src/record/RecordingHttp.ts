/**
 * An HTTP client whose answers are written down, as far as they may be (`openRequest.ts`). An answer is handed on when all of
 * its body is there: that is the moment a replay gives it.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import { memoryResponse } from "./memoryResponse.ts"
import { isOpen, keptHeaders } from "./openRequest.ts"
import type { Recorder } from "./Recorder.ts"
import { type Answer, Kind } from "./Tape.ts"

export const over = (client: HttpClient.HttpClient, recorder: Recorder, venue: string): HttpClient.HttpClient =>
  HttpClient.transform(client, (asking, request) => {
    const url = Option.getOrUndefined(HttpClientRequest.toUrl(request))
    if (url === undefined || !isOpen(request, url)) return asking
    const tell = (answer: Pick<Answer, "status" | "headers" | "body" | "failure">): void => {
      const told: Answer = { venue, method: request.method, url: url.href, ...answer }
      recorder.came(Kind.answer, 0, JSON.stringify(told))
    }
    return asking.pipe(
      Effect.flatMap((response) =>
        Effect.map(response.text, (body) => {
          const { headers, status } = response
          tell({ status, headers: keptHeaders(headers), body })
          return memoryResponse(request, { status, headers, body })
        })
      ),
      Effect.tapError((error) => Effect.sync(() => tell({ failure: error.message })))
    )
  })
