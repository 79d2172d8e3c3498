import { ConnectionOptions, type Event, Socket, type Subscription } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Schema } from "effect"
import { adapter } from "../src/index.ts"
import * as examples from "./support/examples.ts"
import { silent } from "./support/http.ts"

/** Sockets that open at once, acknowledge what they are asked, and say what the test lets them say. */
const scripted = () => {
  const sockets: Array<{ readonly url: string; readonly sent: Array<string>; readonly say: (row: object) => void }> = []
  const layer = Layer.succeed(Socket.SocketDriver, {
    canPause: false,
    open: (url, handlers) =>
      Effect.sync((): Socket.Socket => {
        const say = (row: object) => handlers.onMessage(JSON.stringify(row), true, 1_790_000_000_500)
        const sent: Array<string> = []
        sockets.push({ url, sent, say })
        return {
          send: (text) => {
            sent.push(text)
            queueMicrotask(() => say({ result: null, id: JSON.parse(text).id }))
          },
          ping: () => false,
          pause: () => false,
          resume: () => {}
        }
      })
  })
  return { sockets, layer }
}

const settings = (venue: string) => ({
  venue,
  name: venue,
  environment: "mainnet",
  endpoints: { stream: "ws://here" },
  options: {},
  connection: ConnectionOptions.defaults
})

const subscriptions: ReadonlyArray<Subscription.Subscription> = [
  { symbol: "BTCUSDT", channel: "trades" },
  { symbol: "BTCUSDT", channel: "quotes" },
  { symbol: "BTCUSDT", channel: "bars:1m" }
]

describe("the adapter as it is loaded", () => {
  it("says what it serves and takes", () => {
    const { name, venues, environments } = adapter
    const channels = venues.map((venue) => adapter.capabilities(venue).channels.length)
    const read = Schema.decodeUnknownSync(adapter.options)
    expect({ name, venues, environments, channels, options: read({}) }).toEqual({
      name: "@tidewire/adapter-binance",
      venues: ["binance", "binance-usdm"],
      environments: ["mainnet", "testnet", "demo"],
      channels: [5, 7],
      options: {}
    })
    expect(() => read({ speed: 1 })).toThrow('unknown key "speed"')
  })

  it.effect("plans futures on their two routes", () =>
    Effect.gen(function* () {
      const made = yield* adapter.make(settings("binance-usdm"))
      const carried = made.plan(subscriptions).connections.map((each) => ({
        url: each.url,
        channels: each.subscriptions.map(({ channel }) => channel)
      }))
      expect({ venue: made.venue, history: Object.keys(made.history ?? {}), carried }).toEqual({
        venue: "binance-usdm",
        history: ["trades", "recentTrades", "bars", "lastTrade"],
        carried: [
          { url: "ws://here/market/stream", channels: ["trades", "bars:1m"] },
          { url: "ws://here/public/stream", channels: ["quotes"] }
        ]
      })
    }).pipe(Effect.provide([scripted().layer, silent]))
  )

  it.live("streams what its sockets say", () => {
    const { sockets, layer } = scripted()
    return Effect.gen(function* () {
      const told: Array<string> = []
      const active = yield* Deferred.make<void>()
      let waiting = 2
      const emit = (event: Event.Event): void => {
        if (event.type === "connection" && event.state === "Active" && --waiting === 0)
          Deferred.doneUnsafe(active, Effect.void)
        if (event.type === "trade" || event.type === "quote") told.push(`${event.type} of ${event.symbol}`)
      }
      const made = yield* adapter.make(settings("binance-usdm"))
      yield* made.open(subscriptions, emit)
      yield* Deferred.await(active)
      const at = new Map(sockets.map((socket) => [socket.url, socket]))
      const [market, open] = [at.get("ws://here/market/stream")!, at.get("ws://here/public/stream")!]
      market.say({ stream: "btcusdt@aggTrade", data: examples.aggregateTrade })
      open.say({ stream: "btcusdt@bookTicker", data: examples.usdmQuote })
      expect({ sockets: sockets.length, market: market.sent, open: open.sent, told }).toEqual({
        sockets: 2,
        market: ['{"method":"SUBSCRIBE","params":["btcusdt@aggTrade","btcusdt@kline_1m"],"id":1}'],
        open: ['{"method":"SUBSCRIBE","params":["btcusdt@bookTicker"],"id":1}'],
        told: ["trade of BTCUSDT", "quote of BTCUSDT"]
      })
    }).pipe(Effect.scoped, Effect.provide([layer, silent]))
  })
})
