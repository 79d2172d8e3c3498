import { describe, expect, it } from "@effect/vitest"
import { ConnectionOptions } from "@tidewire/core"
import { Effect, Redacted, Result, Schema } from "effect"
import { HttpClient } from "effect/http"
import { adapter } from "../../src/adapter.ts"
import { Exchange } from "../support/exchange.ts"

const read = Schema.decodeUnknownResult(adapter.options)

const made = (venue: string, endpoints: object, options: object) => {
  const exchange = new Exchange()
  return adapter
    .make({
      venue,
      name: "here",
      environment: "mainnet",
      endpoints,
      options: Schema.decodeUnknownSync(adapter.options)(options),
      connection: ConnectionOptions.defaults
    })
    .pipe(Effect.provide(exchange.driver), Effect.provideService(HttpClient.HttpClient, exchange.client))
}

const key = { apiKey: "KEY", apiSecret: "SECRET" }

describe("the configuration of an account", () => {
  it("a key goes with one secret, of one kind", () => {
    const messages = [
      {},
      key,
      { apiKey: "KEY", privateKey: "PEM", recvWindow: 2000 },
      { apiKey: "KEY" },
      { ...key, privateKey: "PEM" },
      { apiSecret: "SECRET" },
      { ...key, recvWindow: 60_001 },
      { apikey: "KEY" }
    ].map((options) => {
      const result = read(options)
      return Result.isFailure(result) ? result.failure.message.split("\n")[0] : "right"
    })
    expect(messages).toEqual([
      "right",
      "right",
      "right",
      expect.stringContaining("apiKey needs either apiSecret or privateKey"),
      expect.stringContaining("apiKey needs either apiSecret or privateKey"),
      expect.stringContaining("a secret needs its apiKey"),
      expect.stringContaining("60000"),
      expect.stringContaining('unknown key "apikey" (did you mean apiKey?)')
    ])
    expect(messages.join()).not.toContain("SECRET")
  })

  it("what is secret comes from the environment only, and is shown to nobody who prints the options", () => {
    const options = Result.getOrThrow(read(key))
    expect(adapter.secrets).toEqual(["apiKey", "apiSecret", "privateKey"])
    expect(JSON.stringify(options)).not.toMatch(/KEY"|SECRET/)
    expect(options.apiSecret && Redacted.value(options.apiSecret)).toBe("SECRET")
  })

  it.effect("without a key there is a market and no account", () =>
    Effect.gen(function* () {
      const { trading } = yield* made("binance", { rest: "http://here" }, {})
      expect(trading).toBeUndefined()
    })
  )

  it.effect("with a key base URLs are replaced all or none", () =>
    Effect.gen(function* () {
      const ws = "ws://here"
      const rest = "http://here"
      const outcome = (venue: string, endpoints: object) =>
        Effect.match(made(venue, endpoints, key), {
          onSuccess: ({ trading }) => trading?.capabilities.amends,
          onFailure: ({ reason }) => reason.message.split("; ")[1]
        })
      expect([
        yield* outcome("binance", {}),
        yield* outcome("binance", { stream: ws, rest, api: ws }),
        yield* outcome("binance", { stream: ws, rest }),
        yield* outcome("binance-usdm", { stream: ws, rest }),
        yield* outcome("binance-usdm", { rest })
      ]).toEqual(["size", "size", "api is missing", "priceAndSize", "stream is missing"])
    })
  )
})
