import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { HttpClient, HttpClientError, HttpClientResponse } from "effect/http"
import * as Schema from "effect/Schema"
import { TestClock } from "effect/testing"
import * as Tracer from "effect/Tracer"
import { Rest, Urgency, VenueError } from "@tidewire/core"

type Answer = { readonly status?: number; readonly body?: string; readonly takes?: number } | Error

let hosts = 0

const unknown = (message: string) => new VenueError.OutcomeUnknown({ message, clientOrderId: "id" })

/** A venue that answers as it is told to, and what reached it. */
const make = (answer: Answer, weight = 1_000) => {
  const sent: Array<unknown> = []
  const client = HttpClient.make((request, url) =>
    Effect.gen(function* () {
      const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
      sent.push([request.method, url.pathname + url.search, body, request.headers["x-key"]])
      if (answer instanceof Error) {
        const reason = new HttpClientError.TransportError({ request, cause: answer })
        return yield* new HttpClientError.HttpClientError({ reason })
      }
      const { body: text = "1", status = 200, takes = 0 } = answer
      yield* Effect.sleep(takes)
      return HttpClientResponse.fromWeb(request, new Response(text, { status }))
    })
  )
  const rest = Rest.make({
    venue: "venue",
    baseUrl: `https://sending-${++hosts}.test`,
    classify: ({ status }) =>
      status === 400 ? new VenueError.OrderRejected({ message: "refused", code: 7 }) : undefined,
    budget: { market: "test", weight, window: "1 minute", usedWeight: () => undefined }
  })
  return Effect.map(Effect.provideService(rest, HttpClient.HttpClient, client), (made) => ({ sent, rest: made }))
}

const order = {
  method: "POST",
  path: "/order",
  parameters: { symbol: "币", size: 2, post: true, price: undefined },
  schema: Schema.Number,
  weight: 1,
  unknown
} as const

const failure = (sending: Effect.Effect<unknown, VenueError.VenueError>) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(Effect.flip(sending))
    yield* TestClock.adjust("30 seconds")
    return (yield* Fiber.join(fiber)).reason
  })

const withCode = (code: string) => Object.assign(new Error(`failed with ${code}`), { code })

describe("Rest.send", () => {
  it.effect("signs what is sent after every wait, and sends exactly that", () =>
    Effect.gen(function* () {
      const { rest, sent } = yield* make({}, 10)
      const now = Effect.clockWith((clock) => Effect.succeed(() => clock.currentTimeMillisUnsafe()))
      const clock = yield* now
      const prepare: Rest.Sending<number, number>["prepare"] = (parameters) => ({
        query: `${parameters.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join("&")}&at=${clock()}`,
        body: { text: "{}", type: "application/json" },
        headers: { "x-key": "KEY" }
      })
      yield* rest.send({ ...order, weight: 7, prepare })
      const second = yield* Effect.forkChild(rest.send({ ...order, weight: 7, prepare }))
      yield* TestClock.adjust("2 minutes")
      yield* Fiber.join(second)
      const query = "/order?symbol=%E5%B8%81&size=2&post=true&at="
      assert.deepStrictEqual(sent, [
        ["POST", `${query}0`, "{}", "KEY"],
        ["POST", `${query}60000`, "{}", "KEY"]
      ])
    })
  )

  it.effect("what may have been carried out is unknown; what was refused, or never sent, is not", () =>
    Effect.gen(function* () {
      const outcomes: ReadonlyArray<readonly [Answer, string]> = [
        [{ status: 400 }, "OrderRejected: refused"],
        [{ status: 502 }, "OutcomeUnknown: HTTP 502"],
        [{ takes: 20_000 }, "OutcomeUnknown: no answer within 10s"],
        [{ body: "?" }, "OutcomeUnknown: "],
        [withCode("ECONNRESET"), "OutcomeUnknown: failed with ECONNRESET"],
        [withCode("ECONNREFUSED"), "ConnectionFailed: failed with ECONNREFUSED"],
        [withCode("ENOTFOUND"), "ConnectionFailed: failed with ENOTFOUND"],
        [new Error("fetch failed", { cause: withCode("UND_ERR_CONNECT_TIMEOUT") }), "ConnectionFailed: failed with"]
      ]
      for (const [answer, expected] of outcomes) {
        const { rest } = yield* make(answer)
        const reason = VenueError.describe(yield* failure(rest.send(order)))
        assert.isTrue(reason.startsWith(expected), `${JSON.stringify(answer)}: ${reason}`)
      }
    })
  )

  it.effect("a read says what happened", () =>
    Effect.gen(function* () {
      const { unknown: _, ...read } = order
      const answers: ReadonlyArray<Answer> = [{ status: 502 }, { takes: 20_000 }, { body: "?" }, withCode("ECONNRESET")]
      const reasons = yield* Effect.forEach(answers, (answer) =>
        Effect.flatMap(make(answer), ({ rest }) => failure(rest.send(read)))
      )
      assert.deepStrictEqual(
        reasons.map(({ _tag }) => _tag),
        ["VenueUnavailable", "ConnectionFailed", "DecodeFailed", "ConnectionFailed"]
      )
    })
  )

  it.effect("an order that finds no room within its patience has certainly not been sent", () =>
    Effect.gen(function* () {
      const { rest, sent } = yield* make({}, 10)
      yield* rest.send({ ...order, weight: 7 })
      const patient = rest.send({ ...order, patience: "1 second" })
      const reason = yield* failure(Effect.provideService(patient, Urgency.current, "order"))
      assert.deepStrictEqual(
        [VenueError.describe(reason), sent.length],
        ["RateLimited: not sent: no room in the budget within 1s", 1]
      )
    })
  )

  it.effect("what is asked on another way takes part in the budget, both ways", () =>
    Effect.gen(function* () {
      const { rest } = yield* make({}, 10)
      yield* rest.take(6, "1 second")
      yield* rest.told({ status: 429, retryAfterMs: 90_000 })
      const reason = yield* Effect.forkChild(Effect.flip(rest.take(0, "1 second")))
      const waiting = yield* Effect.forkChild(Effect.andThen(rest.take(0, "2 minutes"), Clock.currentTimeMillis))
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual([(yield* Fiber.join(reason))._tag, yield* Fiber.join(waiting)], ["RateLimited", 90_000])
    })
  )

  it.effect("nothing that was signed is in an error: neither the query nor the headers", () =>
    Effect.gen(function* () {
      const { rest } = yield* make(new Error("POST https://venue.test/order?signature=SECRET failed"))
      const prepare = () => ({ query: "signature=SECRET", headers: { "x-key": "SECRET" } })
      const error = yield* Effect.flip(rest.send({ ...order, prepare }))
      assert.deepStrictEqual(
        [error.message, error.cause, String(error.stack).includes("SECRET")],
        ["venue: POST /order: OutcomeUnknown: POST https://venue.test/order?… failed", undefined, false]
      )
    })
  )

  it.effect("what was signed is in no trace, what is public is", () =>
    Effect.gen(function* () {
      const { rest } = yield* make({})
      const spans: Array<string> = []
      const tracer = Tracer.make({
        span: (options) => {
          spans.push(options.name)
          return new Tracer.NativeSpan(options)
        }
      })
      const traced = <A, E>(effect: Effect.Effect<A, E>) => Effect.provideService(effect, Tracer.Tracer, tracer)
      yield* traced(rest.send({ ...order, prepare: () => ({ query: "signature=SECRET" }) }))
      const signed = spans.length
      yield* traced(rest.get("/time", {}, Schema.Number, 1))
      assert.deepStrictEqual([signed, spans.length], [0, 1])
    })
  )

  it.effect(
    "a rehearsal is signed as what is sent is, waits before the transport until it is interrupted, and uses no budget",
    () =>
      Effect.gen(function* () {
        const { rest, sent } = yield* make({}, 10)
        const signed: Array<unknown> = []
        const prepare: Rest.Sending<number, number>["prepare"] = (parameters) => {
          signed.push(parameters)
          return { query: "signed", headers: { "x-key": "KEY" } }
        }
        const sending = { ...order, weight: 7, prepare, patience: "1 second" } as const
        const rehearsed = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(rest.rehearsal.send(sending)))
        yield* TestClock.adjust("1 second")
        const waiting = rehearsed.map((each) => each.pollUnsafe())
        yield* Fiber.interruptAll(rehearsed)
        const before = [...sent]
        yield* rest.send(sending)
        const parameters = [
          ["symbol", "币"],
          ["size", "2"],
          ["post", "true"]
        ]
        assert.deepStrictEqual(
          [waiting, before, signed, sent],
          [
            [undefined, undefined, undefined],
            [],
            [parameters, parameters, parameters, parameters],
            [["POST", "/order?signed", "", "KEY"]]
          ]
        )
      })
  )
})
