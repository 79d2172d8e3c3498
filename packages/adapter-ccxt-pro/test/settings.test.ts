/** What a configuration says reaches CCXT: its URLs, its constructor, its test network; and what is wrong is told. */
import { ConnectionOptions, WsSocket } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import ccxt from "ccxt"
import { Effect, Layer, Schema } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { readFileSync } from "node:fs"
import { listing } from "../scripts/listing.ts"
import { capabilitiesOf } from "../src/capabilities.ts"
import { adapter } from "../src/index.ts"
import { redirect } from "../src/settings.ts"
import { Maker } from "../src/Maker.ts"
import { FakeVenue } from "./support/FakeExchange.ts"

const transport = Layer.merge(WsSocket.layer, FetchHttpClient.layer)

/** CCXT's types know its classes only. */
const names = (ccxt.pro as unknown as { readonly exchanges: ReadonlyArray<string> }).exchanges

const settings = (over: object) => ({
  venue: "binance",
  name: "mine",
  environment: "mainnet",
  endpoints: {},
  options: {},
  connection: ConnectionOptions.defaults,
  ...over
})

describe("S-E5 any exchange of CCXT Pro", () => {
  it("is served, by CCXT's own ids, with what CCXT says of it", () => {
    assert.deepStrictEqual([...adapter.venues].toSorted(), [...names].toSorted())
    assert.strictEqual(readFileSync(new URL("../src/exchanges.ts", import.meta.url), "utf8"), listing())
    assert.deepStrictEqual(capabilitiesOf("kraken").channels, ["trades", "quotes", "book", "bars", "ticker"])
  })

  it.effect("S-E1 is not made of an id that does not exist, which is told with the nearest ones", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(adapter.make(settings({ venue: "kucion" })))
      assert.include(error.message, 'no venue "kucion" (did you mean kucoin?)')
    }).pipe(Effect.provide(transport))
  )
})

describe("a test network", () => {
  it.effect("that an exchange does not have is told when the adapter is made", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(adapter.make(settings({ venue: "kraken", environment: "testnet" })))
      assert.strictEqual(error.reason._tag, "Unsupported")
    }).pipe(Effect.provide(transport))
  )
})

describe("endpoints", () => {
  const api = { ws: { spot: "wss://stream.a.example:9443/ws" }, public: "https://api.{hostname}/v3", key: 1 }

  it("stand in front of every URL of their kind, whose host stays in the path", () => {
    assert.deepStrictEqual(redirect(api, { stream: "ws://127.0.0.1:1/", rest: "http://127.0.0.1:2" }), {
      ws: { spot: "ws://127.0.0.1:1/stream.a.example:9443/ws" },
      public: "http://127.0.0.1:2/api.{hostname}/v3",
      key: 1
    })
  })

  it("replace single URLs, nested as CCXT has them", () => {
    assert.deepStrictEqual(redirect(api, { urls: { ws: { spot: "ws://here" } } }), {
      ...api,
      ws: { spot: "ws://here" }
    })
  })

  it.each([
    [{ steam: "ws://x" }, /unknown key "steam" \(did you mean stream\?\)/],
    [{ stream: "http://x" }, /begins with ws/]
  ])("that are wrong are refused: %j", (given, message) => {
    assert.throws(() => Schema.decodeUnknownSync(adapter.endpoints)(given), message)
  })
})

describe("options", () => {
  it("go to the constructor of every object, but for our own", () => {
    const venue = new FakeVenue()
    const options = {
      bookDepth: 5,
      orderEntry: "socket" as const,
      timeout: 3_000,
      apiKey: "k",
      options: { tradesLimit: 10 }
    }
    const { bookDepth: _, orderEntry: __, ...given } = options
    const made = new Maker(venue.library, { venue: "mine", id: "gate", isTest: true, endpoints: {}, options })
    assert.strictEqual(made.reader as unknown, venue.objects[0])
    assert.deepStrictEqual([venue.objects[0]?.settings, venue.objects[0]?.isTest], [given, true])
  })

  it.each([{ bookDepth: 0 }, { orderEntry: "sockets" }])("that are wrong are refused: %j", (options) => {
    assert.throws(() => Schema.decodeUnknownSync(adapter.options)(options))
  })

  it.effect("that ask for orders on a socket that CCXT does not have are refused when the adapter is made", () =>
    Effect.gen(function* () {
      const options = { apiKey: "k", secret: "s", password: "p", orderEntry: "socket" as const }
      const error = yield* Effect.flip(adapter.make(settings({ venue: "kucoin", options })))
      assert.strictEqual(error.reason._tag, "Unsupported")
      assert.include(error.message, "no socket for orders of kucoin: leave out orderEntry")
    }).pipe(Effect.provide(transport), Effect.scoped)
  )
})
