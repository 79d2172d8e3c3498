/** Lagoon, a made-up venue: trades, quotes and a checked book over one socket, its list of instruments over REST. */
import type { BookRule, SocketVenue, VenueAdapter } from "@tidewire/core"
import { Closed, Endpoints, Field, Frame, Levels, Rest, Scalar, SocketAdapter, VenueError } from "@tidewire/core"
import { Effect, Schema } from "effect"

const hosts = { stream: "wss://stream.lagoon.example", rest: "https://api.lagoon.example" }
const dials = { attempts: 100, window: "5 minutes" } as const
const limits = { topicsPerConnection: 50, topicsPerRequest: 10, charactersPerRequest: 999, requestsPerSecond: 5, dials }
const budget = { market: "lagoon", weight: 600, window: "1 minute", usedWeight: () => undefined } as const

const capabilities: VenueAdapter.Capabilities = {
  channels: ["trades", "quotes", "book"],
  intervals: [],
  depths: [],
  history: { trades: false, recentTrades: false, bars: false },
  present: { quotes: false, book: false, ticker: false, mark: false, bars: false },
  fallsBack: false,
  consecutiveTradeIds: true
}

/** A change has the number of the one before it plus one; the whole book in front of them has that of its last change. */
const follow: BookRule.BookRule["follow"] = (sequence, { last }) => {
  if (last <= sequence) return "ignore"
  return last === sequence + 1 ? "apply" : "gap"
}

/** `{"id":1}` and `{"id":2,"error":"no such topic"}` are answers, `{"topic":"trades.PEARLUSD","data":{…}}` is data. */
const decoder = (venue: string) => (): SocketVenue.Decode => (frame, receivedTime, sink) => {
  const { data, error, id, topic } = JSON.parse(Frame.text(frame))
  if (error) return sink.rejected(id, new VenueError.SubscriptionRejected({ message: String(error), permanent: true }))
  if (id !== undefined) return sink.acknowledged(id)
  const [channel, symbol] = topic.split(".")
  const [exchangeTime, sequence] = [Field.time(data.time), Field.integer(data.sequence)]
  if (Number.isNaN(exchangeTime + sequence)) return sink.malformed("time and sequence: expected whole numbers")
  const stamps = { venue, symbol, exchangeTime, receivedTime }
  if (channel === "trades") {
    const [price, size, side] = [Field.positive(data.price), Field.positive(data.size), data.side]
    if (Number.isNaN(price + size)) return sink.malformed("price and size: expected decimals above 0")
    if (side !== "buy" && side !== "sell") return sink.malformed(Field.reason("side", "buy or sell", side))
    return sink.event({ type: "trade", ...stamps, id: String(sequence), price, size, side, origin: "stream" })
  }
  const [bids, asks] = [Levels.read(data.bids, "bids"), Levels.read(data.asks, "asks")]
  if (typeof bids === "string") return sink.malformed(bids)
  if (typeof asks === "string") return sink.malformed(asks)
  if (channel === "quotes") {
    const [[bid, bidSize] = [0, 0], [ask, askSize] = [0, 0]] = [bids[0], asks[0]]
    return sink.event({ type: "quote", ...stamps, bid, bidSize, ask, askSize, sequence })
  }
  const change = { symbol, bids, asks, exchangeTime, receivedTime }
  if (data.isWhole) sink.snapshot({ ...change, sequence })
  else sink.delta({ ...change, first: sequence, last: sequence })
}

const request = (op: string) => (topics: ReadonlyArray<string>, id: number) => JSON.stringify({ op, id, topics })

const Rows = Schema.Array(Schema.Struct({ symbol: Scalar.Symbol, base: Scalar.Symbol, quote: Scalar.Symbol }))
const sizes = { tickSize: "0.01", lotSize: "0.1", contractSize: "1", sizeUnit: "base" } as const
const traits = { kind: "spot", status: "trading", ...sizes } as const

const lagoon = (name: string, stream: string, rest: Rest.Rest): SocketVenue.SocketVenue => ({
  name,
  capabilities,
  topic: ({ channel, symbol }) => ({ name: `${channel}.${symbol}`, route: "public" }),
  routes: ["public"],
  url: (route) => `${stream}/${route}`,
  limits,
  heartbeat: { _tag: "ServerPings", deadAfter: "60 seconds" },
  subscribe: request("subscribe"),
  unsubscribe: request("unsubscribe"),
  decoder: decoder(name),
  book: { rule: { join: follow, follow }, snapshot: undefined },
  isPartialBook: () => false,
  instruments: Effect.map(rest.get("/instruments", {}, Rows, 1), (rows) =>
    rows.map((row) => ({ venue: name, ...row, unified: `${row.base}/${row.quote}`, ...traits }))
  )
})

export const adapter: VenueAdapter.AdapterModule<Endpoints.Hosts, object> = {
  name: "lagoon",
  venues: ["lagoon"],
  environments: ["mainnet"],
  endpoints: Endpoints.Given,
  options: Closed.struct(Schema.Struct({})),
  capabilities: () => capabilities,
  make: ({ name, connection, endpoints }) => {
    const { rest: baseUrl, stream } = Endpoints.resolve(hosts, endpoints)
    const rest = Rest.make({ venue: name, baseUrl, budget, classify: () => undefined })
    return Effect.flatMap(rest, (rest) => SocketAdapter.make(lagoon(name, stream, rest), connection))
  }
}
