import { Channel, type SocketVenue } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeVenue } from "../src/venue.ts"
import { result, silent, stub } from "./support/http.ts"

const venues = ["bybit", "bybit-linear", "bybit-inverse"]

const make = (venue: string, environment = "mainnet", endpoints: { stream?: string; rest?: string } = {}) =>
  makeVenue({ venue, name: "mine", environment, endpoints }).pipe(Effect.provide(silent))

const names = (venue: SocketVenue.SocketVenue, symbol: string, channels: ReadonlyArray<Channel.Channel>) =>
  channels.map((channel) => venue.topic({ symbol, channel }).name)

const urls = (venue: SocketVenue.SocketVenue) => venue.routes.map((route) => venue.url(route))

describe("S-B1 the environment picks the URLs, and any can be overridden", () => {
  it.effect("every market's socket in every environment; demo listens to mainnet", () =>
    Effect.gen(function* () {
      const found: Record<string, ReadonlyArray<string>> = {}
      for (const environment of ["mainnet", "testnet", "demo"]) {
        found[environment] = (yield* Effect.forEach(venues, (venue) => make(venue, environment))).flatMap(urls)
      }
      const of = (host: string) =>
        ["spot", "linear", "inverse"].map((category) => `wss://${host}/v5/public/${category}`)
      expect(found).toEqual({
        mainnet: of("stream.bybit.com"),
        testnet: of("stream-testnet.bybit.com"),
        demo: of("stream.bybit.com")
      })
    })
  )

  it.effect("every environment's REST host", () =>
    Effect.gen(function* () {
      const http = stub(() => result({ list: [] }))
      for (const environment of ["mainnet", "testnet", "demo"]) {
        const settings = { venue: "bybit", name: "mine", environment, endpoints: {} }
        yield* Effect.flatMap(makeVenue(settings).pipe(Effect.provide(http.layer)), (made) => made.instruments)
      }
      expect(http.asked.map((line) => new URL(line.slice(4)).host)).toEqual([
        "api.bybit.com",
        "api-testnet.bybit.com",
        "api-demo.bybit.com"
      ])
    })
  )

  it.effect("an endpoint replaces the base URL, with or without a trailing slash", () =>
    Effect.gen(function* () {
      const local = yield* make("bybit", "testnet", { stream: "ws://127.0.0.1:9443/" })
      const proxied = yield* make("bybit-linear", "mainnet", { stream: "ws://proxy/venues" })
      expect([urls(local), urls(proxied)]).toEqual([
        ["ws://127.0.0.1:9443/v5/public/spot"],
        ["ws://proxy/venues/v5/public/linear"]
      ])
    })
  )

  it.effect("a venue or environment that does not exist fails with what there is", () =>
    Effect.gen(function* () {
      const errors = [yield* Effect.flip(make("bybit-liner")), yield* Effect.flip(make("bybit", "demos"))]
      expect(errors.map(({ message }) => message)).toEqual([
        'mine: configure: InvalidRequest: no venue "bybit-liner" (did you mean bybit-linear?); there is bybit, bybit-linear, bybit-inverse',
        'mine: configure: InvalidRequest: no environment "demos" (did you mean demo?); there is mainnet, testnet, demo'
      ])
    })
  )
})

describe("S-B2 topics", () => {
  it.effect("have the symbol as it is, the interval in the venue's spelling, and two channels may share one", () =>
    Effect.gen(function* () {
      const linear = yield* make("bybit-linear")
      const channels = [
        "trades",
        "quotes",
        "book",
        "book:1",
        "book:50",
        "book:200",
        "book:1000",
        "bars:1m",
        "bars:12h",
        "bars:1d",
        "bars:1w",
        "bars:1M",
        "ticker",
        "mark",
        "liquidations"
      ] as const
      expect(names(linear, "BTCUSDT-26DEC25", channels)).toEqual(
        [
          "publicTrade",
          "orderbook.1",
          "orderbook.1000",
          "orderbook.1",
          "orderbook.50",
          "orderbook.200",
          "orderbook.1000",
          "kline.1",
          "kline.720",
          "kline.D",
          "kline.W",
          "kline.M",
          "tickers",
          "tickers",
          "allLiquidation"
        ].map((feed) => `${feed}.BTCUSDT-26DEC25`)
      )
    })
  )

  it.effect("every capability has one, and what is none throws", () =>
    Effect.gen(function* () {
      const all = (venue: SocketVenue.SocketVenue): ReadonlyArray<Channel.Channel> =>
        venue.capabilities.channels.flatMap((kind): ReadonlyArray<Channel.Channel> => {
          if (kind === "bars") return venue.capabilities.intervals.map((interval) => `bars:${interval}` as const)
          if (kind === "book") return ["book", ...venue.capabilities.depths.map((depth) => `book:${depth}` as const)]
          return [kind]
        })
      const made = yield* Effect.forEach(venues, (venue) => make(venue))
      expect(made.map((venue) => names(venue, "A", all(venue)).length)).toEqual([21, 23, 23])
      for (const channel of ["mark", "liquidations", "bars:1s", "bars:8h", "bars:3d"] as const) {
        expect(() => made[0]!.topic({ symbol: "A", channel })).toThrow(RangeError)
      }
    })
  )
})

describe("the venue's numbers", () => {
  it.effect("differ in how many topics a request may have", () =>
    Effect.gen(function* () {
      const made = yield* Effect.forEach(venues, (venue) => make(venue))
      const limits = {
        topicsPerConnection: 1000,
        charactersPerConnection: 21_000,
        charactersPerRequest: 8192,
        requestsPerSecond: 10,
        dials: { attempts: 500, window: "5 minutes" },
        connections: 1000
      }
      expect(made.map((venue) => venue.limits)).toEqual(
        [10, 200, 200].map((topicsPerRequest) => ({ ...limits, topicsPerRequest }))
      )
    })
  )

  it.effect("only a book of one level comes whole, the others begin on the socket", () =>
    Effect.gen(function* () {
      const made = yield* Effect.forEach(venues, (venue) => make(venue))
      const traits = ({ book, capabilities, isPartialBook }: SocketVenue.SocketVenue) => ({
        whole: (["book", "book:1", "book:50", "book:200", "book:1000", "quotes"] as const).filter((channel) =>
          isPartialBook({ symbol: "A", channel })
        ),
        snapshot: book.snapshot,
        depths: capabilities.depths,
        history: capabilities.history,
        consecutiveTradeIds: capabilities.consecutiveTradeIds
      })
      expect(made.map(traits)).toEqual(
        venues.map(() => ({
          whole: ["book:1"],
          snapshot: undefined,
          depths: [1, 50, 200, 1000],
          history: { trades: false, recentTrades: true, bars: true },
          consecutiveTradeIds: false
        }))
      )
    })
  )
})
