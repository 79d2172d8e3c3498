import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import { Rest, RestBudget, Urgency, VenueError } from "@tidewire/core"

const SECOND = 1_000

/** What is read of the market. */
const reads: ReadonlyArray<Urgency.Urgency> = ["resync", "repair", "start", "background", "poll"]

interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly takes?: number
}

let hosts = 0

/** A client of a host that nobody else has; `answer` says what each request gets, in seconds since the beginning. */
const make = (answer: (path: string, seconds: number) => Answer | "unreachable", host = `rest-${++hosts}.test`) => {
  const sent: Array<string> = []
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const seconds = (yield* now) / SECOND
      sent.push(`${url.pathname.slice(1)}${url.search} ${seconds}`)
      const found = answer(url.pathname.slice(1), seconds)
      if (found === "unreachable") {
        const reason = new HttpClientError.TransportError({ request, description: "no route" })
        return yield* new HttpClientError.HttpClientError({ reason })
      }
      const { body = [], headers = {}, status = 200, takes = 0 } = found
      if (takes > 0) yield* Effect.sleep(takes * SECOND)
      return HttpClientResponse.fromWeb(request, new Response(JSON.stringify(body), { status, headers }))
    })
  )
  const budget = {
    market: "test",
    weight: 1_000,
    window: "1 minute" as const,
    usedWeight: (headers: Rest.Headers) => {
      const used = headers["x-used"]
      return used === undefined ? undefined : Number(used)
    }
  }
  return Effect.map(
    Effect.provideService(
      Rest.make({ venue: "venue", baseUrl: `https://${host}`, classify, budget }),
      HttpClient.HttpClient,
      client
    ),
    (rest) => ({
      host,
      sent,
      rest,
      state: Effect.map(now, (at) => RestBudget.shared(`test ${host}`, { weight: 1_000, windowMs: 60_000 }).state(at)),
      get: (path: string, weight = 1, urgency?: Urgency.Urgency) => {
        const read = rest.get(`/${path}`, {}, Schema.Array(Schema.Number), weight)
        return urgency === undefined ? read : Effect.provideService(read, Urgency.current, urgency)
      }
    })
  )
}

const now = Effect.clockWith((clock) => clock.currentTimeMillis)

/** A venue whose code 7 says "too much" with a status that does not. */
const classify = ({ body, status }: Rest.Answer): VenueError.Reason | undefined => {
  if (status === 200 && body !== "7") return undefined
  return status === 429 || status === 418 || body === "7"
    ? new VenueError.RateLimited({ message: `HTTP ${status}` })
    : status === 403
      ? new VenueError.PermissionDenied({ message: "HTTP 403" })
      : status >= 500
        ? new VenueError.VenueUnavailable({ message: `HTTP ${status}` })
        : new VenueError.InvalidRequest({ message: `HTTP ${status}` })
}

describe("Rest", () => {
  it.effect("reads what the schema says, and refuses what it does not", () =>
    Effect.gen(function* () {
      const { get, rest, sent } = yield* make((path) => ({ body: path === "odd" ? { a: 1 } : [1, 2] }))
      const parameters = { symbol: "币/USDT", limit: 5, from: undefined }
      const values = yield* rest.get("/trades", parameters, Schema.Array(Schema.Number), 1)
      const error = yield* Effect.flip(get("odd"))
      assert.deepStrictEqual(
        [values, error.operation, error.reason._tag, sent],
        [[1, 2], "GET /odd", "DecodeFailed", [`trades?symbol=${encodeURIComponent("币/USDT")}&limit=5 0`, "odd 0"]]
      )
    })
  )

  it.effect("sends the most urgent first once the budget of the host allows it", () =>
    Effect.gen(function* () {
      const { get, sent } = yield* make(() => ({}))
      yield* get("full", 700, "resync")
      for (const urgency of reads.toReversed()) yield* Effect.forkChild(get(urgency, 100, urgency))
      yield* Effect.forkChild(get("unsaid", 100))
      yield* TestClock.adjust("59 seconds")
      const before = [...sent]
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(
        [before, sent.slice(1)],
        [["full 0"], ["resync 60", "repair 60", "start 60", "unsaid 60", "background 120", "poll 152.858"]]
      )
    })
  )

  it.effect("failed requests cost their weight too: refused, unreachable, unreadable, too late", () =>
    Effect.gen(function* () {
      const { get, state } = yield* make((path) => {
        if (path === "refused") return { status: 400 }
        if (path === "unreachable") return "unreachable"
        return path === "unreadable" ? { body: "?" } : { takes: 20 }
      })
      const paths = ["refused", "unreachable", "unreadable", "late"]
      const errors = yield* Effect.forkChild(
        Effect.forEach(paths, (path) => Effect.flip(get(path, 10)), { concurrency: "unbounded" })
      )
      yield* TestClock.adjust("15 seconds")
      const reasons = (yield* Fiber.join(errors)).map(({ reason }) => reason._tag)
      assert.deepStrictEqual(
        [reasons, (yield* state).used],
        [["InvalidRequest", "ConnectionFailed", "DecodeFailed", "ConnectionFailed"], 40]
      )
    })
  )

  it.effect("takes in the weight that the venue counts, also with a refusal", () =>
    Effect.gen(function* () {
      const { get, sent, state } = yield* make((path) => ({
        status: path === "refused" ? 400 : 200,
        headers: path === "plain" ? {} : { "X-Used": path === "refused" ? "300" : "555" }
      }))
      const found: Array<number> = []
      yield* get("plain", 10)
      found.push((yield* state).used)
      yield* Effect.flip(get("refused", 10))
      found.push((yield* state).used)
      yield* get("told", 10)
      found.push((yield* state).used)
      yield* Effect.forkChild(get("next", 10))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        [found, sent],
        [
          [10, 300, 555],
          ["plain 0", "refused 0", "told 0", "next 60"]
        ]
      )
    })
  )

  it.effect("S-C2 never sends while the venue wants to be left alone, whatever the venue says it with", () =>
    Effect.gen(function* () {
      const refusals: ReadonlyArray<readonly [answer: Answer, seconds: number]> = [
        [{ status: 429, headers: { "Retry-After": "7" } }, 7],
        [{ status: 429, headers: { "retry-after": " 90 " } }, 90],
        [{ status: 429 }, 40],
        [{ status: 429, headers: { "Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT" } }, 40],
        [{ status: 400, body: 7 }, 40],
        // a venue may refuse with the status of a success
        [{ status: 200, body: 7 }, 40],
        [{ status: 418 }, 120],
        [{ status: 418, headers: { "Retry-After": "300" } }, 300],
        [{ status: 403 }, 600],
        [{ status: 503, headers: { "Retry-After": "3" } }, 3],
        [{ status: 500 }, 0],
        [{ status: 404, body: 1 }, 0]
      ]
      const found = yield* Effect.forEach(refusals, ([refusal]) =>
        Effect.gen(function* () {
          const from = Math.ceil((yield* now) / 60_000) * 60 + 20
          yield* TestClock.setTime(from * SECOND)
          const { get, sent } = yield* make((path) => (path === "first" ? refusal : {}))
          yield* Effect.flip(get("first"))
          for (const urgency of reads) yield* Effect.forkChild(get(urgency, 1, urgency))
          yield* TestClock.adjust("20 minutes")
          return sent.map((line) => {
            const [path, seconds] = line.split(" ")
            return `${path} ${Number(seconds) - from}`
          })
        })
      )
      assert.deepStrictEqual(
        found,
        refusals.map(([, seconds]) => ["first 0", ...reads.map((urgency) => `${urgency} ${seconds}`)])
      )
    })
  )

  it.effect("reads of one host share its budget, whoever made them; another host is not touched", () =>
    Effect.gen(function* () {
      const first = yield* make(() => ({ status: 429, headers: { "Retry-After": "30" } }))
      const second = yield* make(() => ({}), first.host)
      const other = yield* make(() => ({}))
      yield* Effect.flip(first.get("first"))
      yield* Effect.forkChild(second.get("second", 1, "resync"))
      yield* other.get("other")
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([first.sent, second.sent, other.sent], [["first 0"], ["second 30"], ["other 0"]])
    })
  )

  it.effect("a caller with a deadline gives up in time, and sends nothing", () =>
    Effect.gen(function* () {
      const { get, sent, state } = yield* make(() => ({ status: 403 }))
      yield* Effect.flip(get("first"))
      const waiting = yield* Effect.forkChild(Effect.timeoutOption(get("second", 1, "repair"), "5 seconds"))
      yield* TestClock.adjust("5 seconds")
      const outcome = (yield* Fiber.join(waiting))._tag
      yield* TestClock.adjust("20 minutes")
      assert.deepStrictEqual([outcome, sent, (yield* state).waiting], ["None", ["first 0"], 0])
    })
  )
})
