/**
 * Whether a request over HTTP may be recorded: a plain read that carries nothing of an account. Everything else is left out
 * of a recording, with its answer.
 */
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import { hasKey, SECRET } from "./maskedUrl.ts"

/** Headers that say nothing of who asks. */
const OPEN_HEADERS: ReadonlySet<string> = new Set(["accept", "accept-encoding", "content-type", "user-agent"])

export const isOpen = (request: HttpClientRequest.HttpClientRequest, url: URL): boolean =>
  request.method === "GET" &&
  request.body._tag === "Empty" &&
  url.username === "" &&
  url.password === "" &&
  !hasKey(url) &&
  Object.keys(request.headers).every((name) => OPEN_HEADERS.has(name.toLowerCase())) &&
  [...url.searchParams.keys()].every((name) => !SECRET.test(name))

/** What of an answer's headers a replay needs: limits, times, types. Never cookies. */
const KEPT = /^(?:retry-after|date|content-type|x-.*(?:weight|limit|used|reset|status).*)$/i

export const keptHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => KEPT.test(name)))
