import { describe, expect, it } from "@effect/vitest"
import { ConnectionOptions } from "@tidewire/core"
import { Effect, Redacted, Result, Schema } from "effect"
import { HttpClient } from "effect/http"
import { adapter } from "../../src/adapter.ts"
import { Exchange } from "../support/exchange.ts"

const read = Schema.decodeUnknownResult(adapter.options)

const made = (environment: string, endpoints: object, options: object) => {
  const exchange = new Exchange()
  return adapter
    .make({
      venue: "bybit",
      name: "here",
      environment,
      endpoints,
      options: Schema.decodeUnknownSync(adapter.options)(options),
      connection: ConnectionOptions.defaults
    })
    .pipe(Effect.provide(exchange.driver), Effect.provideService(HttpClient.HttpClient, exchange.client))
}

const key = { apiKey: "KEY", apiSecret: "SECRET" }

describe("the configuration of an account", () => {
  it("a key goes with its secret, and both come from the environment only", () => {
    const messages = [{}, key, { ...key, recvWindow: 2000 }, { apiKey: "KEY" }, { apiSecret: "SECRET" }].map(
      (options) => {
        const result = read(options)
        return Result.isFailure(result) ? result.failure.message.split("\n")[0] : "right"
      }
    )
    const together = expect.stringContaining("apiKey and apiSecret go together")
    expect(messages).toEqual(["right", "right", "right", together, together])
    const options = Result.getOrThrow(read(key))
    expect(adapter.secrets).toEqual(["apiKey", "apiSecret"])
    expect(JSON.stringify([options, messages])).not.toMatch(/KEY"|SECRET/)
    expect(options.apiSecret && Redacted.value(options.apiSecret)).toBe("SECRET")
  })

  it.effect("without a key there is a market and no account", () =>
    Effect.gen(function* () {
      const { trading } = yield* made("mainnet", { rest: "http://here" }, {})
      expect(trading).toBeUndefined()
    })
  )

  it.effect("with a key base URLs are replaced all or none; demo has one more", () =>
    Effect.gen(function* () {
      const [ws, rest] = ["ws://here", "http://here"]
      const outcome = (environment: string, endpoints: object) =>
        Effect.match(made(environment, endpoints, key), {
          onSuccess: ({ trading }) => trading?.capabilities.amends,
          onFailure: ({ reason }) => reason.message.split("; ")[1]
        })
      expect([
        yield* outcome("mainnet", {}),
        yield* outcome("mainnet", { stream: ws, rest }),
        yield* outcome("mainnet", { stream: ws }),
        yield* outcome("demo", { stream: ws, rest }),
        yield* outcome("demo", { stream: ws, rest, account: ws })
      ]).toEqual(["priceAndSize", "priceAndSize", "rest is missing", "account is missing", "priceAndSize"])
    })
  )
})
