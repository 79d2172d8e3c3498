import { Channel, type SocketVenue } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { makeVenue } from "../src/venue.ts"
import * as wire from "../src/wire.ts"
import { silent, stub } from "./support/http.ts"

const make = (venue: string, environment = "mainnet", endpoints: { stream?: string; rest?: string } = {}) =>
  makeVenue({ venue, name: "mine", environment, endpoints }).pipe(Effect.provide(silent))

const names = (venue: SocketVenue.SocketVenue, symbol: string, channels: ReadonlyArray<Channel.Channel>) =>
  channels.map((channel) => {
    const { name, route } = venue.topic({ symbol, channel })
    return `${route} ${name}`
  })

const urls = (venue: SocketVenue.SocketVenue) => venue.routes.map((route) => venue.url(route))

describe("S-B1 the environment picks the URLs, and any can be overridden", () => {
  it.effect("every environment of both markets", () =>
    Effect.gen(function* () {
      const found: Record<string, ReadonlyArray<string>> = {}
      for (const venue of ["binance", "binance-usdm"]) {
        for (const environment of ["mainnet", "testnet", "demo"]) {
          found[`${venue} ${environment}`] = urls(yield* make(venue, environment))
        }
      }
      expect(found).toEqual({
        "binance mainnet": ["wss://stream.binance.com:9443/stream"],
        "binance testnet": ["wss://stream.testnet.binance.vision/stream"],
        "binance demo": ["wss://demo-stream.binance.com/stream"],
        "binance-usdm mainnet": ["wss://fstream.binance.com/public/stream", "wss://fstream.binance.com/market/stream"],
        "binance-usdm testnet": [
          "wss://fstream.binancefuture.com/public/stream",
          "wss://fstream.binancefuture.com/market/stream"
        ],
        "binance-usdm demo": [
          "wss://demo-fstream.binance.com/public/stream",
          "wss://demo-fstream.binance.com/market/stream"
        ]
      })
    })
  )

  it.effect("every environment's REST host", () =>
    Effect.gen(function* () {
      const http = stub(() => ({ body: { symbols: [] } }))
      for (const venue of ["binance", "binance-usdm"]) {
        for (const environment of ["mainnet", "testnet", "demo"]) {
          const made = yield* makeVenue({ venue, name: "mine", environment, endpoints: {} }).pipe(
            Effect.provide(http.layer)
          )
          yield* made.instruments
        }
      }
      expect(http.asked).toEqual([
        "GET https://api.binance.com/api/v3/exchangeInfo",
        "GET https://testnet.binance.vision/api/v3/exchangeInfo",
        "GET https://demo-api.binance.com/api/v3/exchangeInfo",
        "GET https://fapi.binance.com/fapi/v1/exchangeInfo",
        "GET https://demo-fapi.binance.com/fapi/v1/exchangeInfo",
        "GET https://demo-fapi.binance.com/fapi/v1/exchangeInfo"
      ])
    })
  )

  it.effect("an endpoint replaces the base URL, with or without a trailing slash", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance", "testnet", { stream: "ws://127.0.0.1:9443/" })
      const usdm = yield* make("binance-usdm", "mainnet", { stream: "ws://proxy/venues/binance" })
      expect([urls(spot), urls(usdm)]).toEqual([
        ["ws://127.0.0.1:9443/stream"],
        ["ws://proxy/venues/binance/public/stream", "ws://proxy/venues/binance/market/stream"]
      ])
    })
  )

  it.effect("a venue or environment that does not exist fails with what there is", () =>
    Effect.gen(function* () {
      const errors = [yield* Effect.flip(make("binanse")), yield* Effect.flip(make("binance", "tesnet"))]
      expect(errors.map(({ reason, message }) => [reason._tag, message])).toEqual([
        [
          "InvalidRequest",
          'mine: configure: InvalidRequest: no venue "binanse" (did you mean binance?); there is binance, binance-usdm'
        ],
        [
          "InvalidRequest",
          'mine: configure: InvalidRequest: no environment "tesnet" (did you mean testnet?); there is mainnet, testnet, demo'
        ]
      ])
    })
  )
})

describe("S-B2 stream names", () => {
  it.effect("spot: lower-case symbols, the interval's case kept", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance")
      expect(
        names(spot, "BTCUSDT", [
          "trades",
          "quotes",
          "book",
          "book:5",
          "book:20",
          "book:50",
          "book:5000",
          "bars:1s",
          "bars:1m",
          "bars:1M",
          "ticker"
        ])
      ).toEqual([
        "stream btcusdt@trade",
        "stream btcusdt@bookTicker",
        "stream btcusdt@depth@100ms",
        "stream btcusdt@depth5@100ms",
        "stream btcusdt@depth20@100ms",
        "stream btcusdt@depth@100ms",
        "stream btcusdt@depth@100ms",
        "stream btcusdt@kline_1s",
        "stream btcusdt@kline_1m",
        "stream btcusdt@kline_1M",
        "stream btcusdt@ticker"
      ])
    })
  )

  it.effect("USDⓈ-M: every channel on its route", () =>
    Effect.gen(function* () {
      const usdm = yield* make("binance-usdm")
      expect(
        names(usdm, "BTCUSDT_261225", [
          "trades",
          "quotes",
          "book",
          "book:10",
          "book:1000",
          "bars:1m",
          "bars:1M",
          "ticker",
          "mark",
          "liquidations"
        ])
      ).toEqual([
        "market btcusdt_261225@aggTrade",
        "public btcusdt_261225@bookTicker",
        "public btcusdt_261225@depth@100ms",
        "public btcusdt_261225@depth10@100ms",
        "public btcusdt_261225@depth@100ms",
        "market btcusdt_261225@kline_1m",
        "market btcusdt_261225@kline_1M",
        "market btcusdt_261225@ticker",
        "market btcusdt_261225@markPrice@1s",
        "market btcusdt_261225@forceOrder"
      ])
    })
  )

  it.effect("symbols of other scripts lower what has case", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance")
      expect(names(spot, "币安人生USDT", ["trades"])).toEqual(["stream 币安人生usdt@trade"])
    })
  )

  it.effect("every capability has a topic, and what is none throws", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance")
      const usdm = yield* make("binance-usdm")
      const all = (venue: SocketVenue.SocketVenue): ReadonlyArray<Channel.Channel> =>
        venue.capabilities.channels.flatMap((kind): ReadonlyArray<Channel.Channel> => {
          if (kind === "bars") return venue.capabilities.intervals.map((interval) => `bars:${interval}` as const)
          if (kind === "book") return ["book", ...venue.capabilities.depths.map((depth) => `book:${depth}` as const)]
          return [kind]
        })
      expect([names(spot, "A", all(spot)).length, names(usdm, "A", all(usdm)).length]).toEqual([28, 28])
      for (const [venue, channel] of [
        [spot, "mark"],
        [spot, "liquidations"],
        [usdm, "bars:1s"]
      ] as const) {
        expect(() => venue.topic({ symbol: "A", channel })).toThrow(RangeError)
      }
    })
  )
})

describe("the venue's numbers", () => {
  it.effect("spot and USDⓈ-M", () =>
    Effect.gen(function* () {
      const traits = ({ limits, heartbeat, capabilities }: SocketVenue.SocketVenue) => ({
        limits,
        heartbeat,
        depths: capabilities.depths,
        consecutiveTradeIds: capabilities.consecutiveTradeIds
      })
      const limits = {
        topicsPerConnection: 1024,
        topicsPerRequest: 200,
        charactersPerRequest: 4096,
        dials: { attempts: 300, window: "5 minutes" }
      }
      expect([traits(yield* make("binance")), traits(yield* make("binance-usdm"))]).toEqual([
        {
          limits: { ...limits, requestsPerSecond: 4 },
          heartbeat: { _tag: "ServerPings", deadAfter: "60 seconds" },
          depths: [5, 10, 20, 50, 100, 500, 1000, 5000],
          consecutiveTradeIds: true
        },
        {
          limits: { ...limits, requestsPerSecond: 8 },
          heartbeat: { _tag: "ServerPings", deadAfter: "10 minutes" },
          depths: [5, 10, 20, 50, 100, 500, 1000],
          consecutiveTradeIds: true
        }
      ])
    })
  )

  it.effect("only depths of up to 20 are whole books", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance")
      const channels = ["book", "book:5", "book:10", "book:20", "book:50", "trades"] as const
      expect(channels.filter((channel) => spot.isPartialBook({ symbol: "A", channel }))).toEqual([
        "book:5",
        "book:10",
        "book:20"
      ])
    })
  )

  it.effect("requests are the venue's frames", () =>
    Effect.gen(function* () {
      const spot = yield* make("binance")
      const frames = [
        spot.subscribe(["btcusdt@trade", "币安人生usdt@trade"], 7),
        spot.unsubscribe(["btcusdt@trade"], 8)
      ]
      expect(frames.map((frame) => Schema.decodeUnknownSync(wire.Request)(JSON.parse(frame)))).toEqual([
        { method: "SUBSCRIBE", params: ["btcusdt@trade", "币安人生usdt@trade"], id: 7 },
        { method: "UNSUBSCRIBE", params: ["btcusdt@trade"], id: 8 }
      ])
    })
  )
})
