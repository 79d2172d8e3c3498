/** Control frames: what the schemas describe is what the venue is sent, and what the decoder understands. */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Schema } from "effect"
import { HttpClient } from "effect/http"
import * as wire from "../src/wire.ts"
import { makeVenue } from "../src/venue.ts"
import { outcomes } from "./support/outcomes.ts"

const noHttp = Layer.succeed(
  HttpClient.HttpClient,
  HttpClient.make(() => Effect.die("no request is expected"))
)

describe("control frames", () => {
  it.effect("S-B2 a request meets its schema, its names in lower case", () =>
    Effect.gen(function* () {
      const settings = { venue: "binance", name: "binance", environment: "mainnet", endpoints: {} }
      const venue = yield* makeVenue(settings)
      const { name } = venue.topic({ symbol: "BTCUSDT", channel: "bars:1M" })
      const requests = [venue.subscribe([name], 7), venue.unsubscribe([name], 8)].map((text) => JSON.parse(text))
      assert.deepStrictEqual(
        requests.map((each) => [Schema.is(wire.Request)(each), each.params, each.id]),
        [
          [true, ["btcusdt@kline_1M"], 7],
          [true, ["btcusdt@kline_1M"], 8]
        ]
      )
    }).pipe(Effect.provide(noHttp))
  )

  const refused = { code: 2, msg: "Invalid request: no such method" }
  const notice = { e: "serverShutdown", E: 1_790_000_000_123 }
  const answers: ReadonlyArray<readonly [name: string, schema: Schema.Codec<unknown>, frame: object, told: string]> = [
    ["an acknowledgement", wire.Result, { result: null, id: 7 }, "acknowledged"],
    ["a refusal as documented", wire.Refusal, { ...refused, id: 7 }, "rejected"],
    ["a refusal as observed", wire.WrappedRefusal, { error: refused, id: 7 }, "rejected"],
    ["a shutdown notice", wire.Shutdown, notice, "shutdown"],
    ["a shutdown notice, combined", wire.Combined, { stream: "!serverShutdown", data: notice }, "shutdown"]
  ]
  for (const [name, schema, frame, told] of answers) {
    it(`${name} meets its schema and is understood`, () => {
      const [outcome] = outcomes("binance", frame)
      const kind = typeof outcome === "string" ? outcome : Object.keys(outcome ?? {})[0]
      assert.deepStrictEqual([Schema.is(schema)(frame), kind], [true, told])
    })
  }
})
