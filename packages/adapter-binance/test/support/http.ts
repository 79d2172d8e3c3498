/**
 * An HTTP client that answers from a function and writes down what it was asked.
 */
import { Effect, Layer } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"

export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  /** Sent as it is when it is text, else as JSON. */
  readonly body: unknown
}

export const stub = (answer: (url: URL) => Answer) => {
  const asked: Array<string> = []
  const client = HttpClient.make((request, url) => {
    asked.push(`${request.method} ${url.href}`)
    const { status = 200, headers = {}, body } = answer(url)
    const text = typeof body === "string" ? body : JSON.stringify(body)
    return Effect.succeed(HttpClientResponse.fromWeb(request, new Response(text, { status, headers })))
  })
  return { asked, layer: Layer.succeed(HttpClient.HttpClient, client) }
}

/** For what asks nothing. */
export const silent = stub((url) => {
  throw new Error(`asked for ${url.href}`)
}).layer
