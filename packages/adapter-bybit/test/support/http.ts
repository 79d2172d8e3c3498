/**
 * An HTTP client that answers from a function and writes down what it was asked.
 */
import { Effect, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

export interface Answer {
  readonly status?: number
  /** Sent as it is when it is text, else as JSON. */
  readonly body: unknown
}

export const stub = (answer: (url: URL) => Answer) => {
  const asked: Array<string> = []
  const client = HttpClient.make((request, url) => {
    asked.push(`${request.method} ${url.href}`)
    const { body, status = 200 } = answer(url)
    const text = typeof body === "string" ? body : JSON.stringify(body)
    return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(text, { status })))
  })
  return { asked, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

/** What the venue wraps a result in. */
export const result = (value: unknown): Answer => ({
  body: { retCode: 0, retMsg: "OK", result: value, retExtInfo: {}, time: 1790000000200 }
})

/** For what asks nothing. */
export const silent = stub((url) => {
  throw new Error(`asked for ${url.href}`)
}).layer
