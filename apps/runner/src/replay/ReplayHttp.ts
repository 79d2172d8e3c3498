/**
 * An HTTP client out of a recording: a request is given the recorded answer of the same venue, method and URL, in the order of
 * the answers, when the replay comes to it. What was never answered in the recording is never answered here: who asks gives
 * up after his own time.
 */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { memoryResponse } from "../record/memoryResponse.ts"
import type { Answer } from "../record/Tape.ts"

/** Answers of one request that nobody has asked for yet. */
const MOST_WAITING = 1_000

type Result = Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

interface Asker {
  readonly request: HttpClientRequest.HttpClientRequest
  readonly answer: (result: Result) => void
}

export class ReplayHttp {
  readonly #askers = new Map<string, Array<Asker>>()
  readonly #answers = new Map<string, Array<Answer>>()
  dropped = 0

  /** The client that a venue's adapter is made with. */
  client(venue: string): HttpClient.HttpClient {
    return HttpClient.make((request, url) =>
      Effect.callback((resume) => {
        const key = keyOf(venue, request.method, url.href)
        const answered = this.#answers.get(key)?.shift()
        if (answered !== undefined) return resume(resultOf(request, answered))
        const asker: Asker = { request, answer: resume }
        const askers = this.#askers.get(key) ?? []
        this.#askers.set(key, askers)
        askers.push(asker)
        return Effect.sync(() => {
          const index = askers.indexOf(asker)
          if (index !== -1) askers.splice(index, 1)
        })
      })
    )
  }

  take(answer: Answer): void {
    const key = keyOf(answer.venue, answer.method, answer.url)
    const asker = this.#askers.get(key)?.shift()
    if (asker !== undefined) return asker.answer(resultOf(asker.request, answer))
    const answers = this.#answers.get(key) ?? []
    this.#answers.set(key, answers)
    if (answers.length < MOST_WAITING) answers.push(answer)
    else this.dropped++
  }
}

const keyOf = (venue: string, method: string, url: string): string => `${venue} ${method} ${url}`

const resultOf = (request: HttpClientRequest.HttpClientRequest, answer: Answer): Result => {
  const { body = "", failure, headers = {}, status } = answer
  if (status !== undefined) return Effect.succeed(memoryResponse(request, { status, headers, body }))
  const reason = new HttpClientError.TransportError({ request, cause: new Error(failure ?? "no answer") })
  return Effect.fail(new HttpClientError.HttpClientError({ reason }))
}
