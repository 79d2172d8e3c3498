/**
 * Posts alerts as JSON. `text` and `content` hold the same lines, which is what chat services show; `raised`, `ended` and `repeated`
 * are for programs.
 *
 * The URL is a secret: no message names more than its host.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schedule from "effect/Schedule"
import type { Webhook } from "../configuration/AlertsEntry.ts"
import type { Announcement } from "./Announcement.ts"

const ANSWER_WITHIN = Duration.seconds(10)

/** 1, 2, 4 … 32 seconds between attempts. */
const RETRIES = 6
const delays = Schedule.exponential("1 second")

export const nameOf = ({ url }: Webhook): string => new URL(url).host

export const send =
  ({ headers, url }: Webhook) =>
  ({ ended, raised, repeated, text }: Announcement): Effect.Effect<void, string> => {
    const request = HttpClientRequest.post(url).pipe(
      HttpClientRequest.setHeaders(headers),
      HttpClientRequest.bodyJsonUnsafe({ text, content: text, raised, ended, repeated })
    )
    return HttpClient.execute(request).pipe(
      Effect.flatMap(({ status }) =>
        status < 300
          ? Effect.void
          : Effect.fail({ isFinal: status < 500 && status !== 429 && status !== 408, message: `it answered ${status}` })
      ),
      Effect.timeout(ANSWER_WITHIN),
      Effect.mapError((error) =>
        "isFinal" in error ? error : { isFinal: false, message: `no answer: ${error._tag}` }
      ),
      Effect.retry({ schedule: delays, times: RETRIES, while: ({ isFinal }) => !isFinal }),
      Effect.mapError(({ message }) => message),
      Effect.provide(FetchHttpClient.layer)
    )
  }
