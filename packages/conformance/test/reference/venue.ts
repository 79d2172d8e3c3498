/** The made-up venue, described with core's toolkit: how its frames are read, its book rule, its reads of the past. */
import {
  type BookRule,
  type Capabilities,
  type Event,
  Frame,
  type Instrument,
  SocketVenue,
  VenueError
} from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { TrueBar, TrueTrade } from "../../src/index.ts"
import { markOf, type Reference, symbols, tickerOf } from "./exchange.ts"
import { BAR_MS, DEPTH } from "./Market.ts"

export const capabilities: Capabilities.Capabilities = {
  channels: ["trades", "quotes", "book", "bars", "ticker", "mark", "liquidations"],
  intervals: ["1s"],
  depths: [DEPTH],
  history: { trades: true, recentTrades: true, bars: true },
  present: { quotes: true, book: true, ticker: true, mark: true, bars: true },
  fallsBack: true,
  consecutiveTradeIds: true
}

let hosts = 0

export const make = (reference: Reference, name: string): SocketVenue.SocketVenue => {
  // a host of its own for each exchange, so that cards do not share a budget
  const host = `ws://made-up-${++hosts}`
  return {
    name,
    capabilities,
    topic: ({ channel, symbol }) => ({ name: `${symbol}.${channel}`, route: "all" }),
    routes: ["all"],
    url: () => host,
    limits: {
      topicsPerConnection: 100,
      topicsPerRequest: 10,
      charactersPerRequest: 1_000,
      requestsPerSecond: 10,
      dials: { attempts: 10_000, window: "5 minutes" }
    },
    heartbeat: { _tag: "ServerPings", deadAfter: "60 seconds" },
    subscribe: (topics, id) => JSON.stringify({ sub: topics, id }),
    unsubscribe: (topics, id) => JSON.stringify({ unsub: topics, id }),
    decoder: () => decode(name),
    book: {
      rule: { join: chains, follow: chains },
      snapshot: ({ symbol }) =>
        request(reference, name, symbol, (market, receivedTime) => ({ symbol, ...market.book, receivedTime }))
    },
    isPartialBook: ({ channel }) => channel !== "book",
    instruments: request(reference, name, symbols[0]!, () => symbols.map((symbol) => instrument(name, symbol))),
    history: {
      trades: ({ fromId, limit, symbol }) =>
        request(reference, name, symbol, ({ trades }, receivedTime) => {
          const first = trades.findIndex(({ id }) => Number(id) >= Number(fromId))
          const page = first === -1 ? [] : trades.slice(first, first + limit)
          return page.map((trade) => tradeOf(trade, { venue: name, symbol, receivedTime }, "backfill"))
        }),
      recentTrades: (symbol, limit) =>
        request(reference, name, symbol, ({ trades }, receivedTime) =>
          trades.slice(-limit).map((trade) => tradeOf(trade, { venue: name, symbol, receivedTime }, "backfill"))
        ),
      bars: ({ from, symbol, to }) =>
        request(reference, name, symbol, ({ bars }, receivedTime) =>
          bars
            .filter(({ openTime }) => openTime >= from && openTime <= to)
            .map((bar) => barOf(bar, true, { venue: name, symbol, receivedTime }, "backfill"))
        ),
      lastTrade: (symbol) => request(reference, name, symbol, ({ trades }) => trades.at(-1))
    },
    present: {
      url: "http://made-up",
      quote: (symbol) =>
        request(reference, name, symbol, ({ book: { asks, bids, sequence } }, receivedTime) => {
          const [[bid, bidSize], [ask, askSize]] = [bids[0]!, asks[0]!]
          return { type: "quote", venue: name, symbol, receivedTime, bid, bidSize, ask, askSize, sequence }
        }),
      book: (symbol) =>
        request(reference, name, symbol, ({ book }, receivedTime) => {
          return { type: "book", kind: "snapshot", venue: name, symbol, receivedTime, ...book }
        }),
      ticker: (symbol) =>
        request(reference, name, symbol, (market, receivedTime) => {
          return { type: "ticker", venue: name, symbol, receivedTime, ...tickerOf(market) }
        }),
      mark: (symbol) =>
        request(reference, name, symbol, (market, receivedTime) => {
          return { type: "mark", venue: name, symbol, receivedTime, ...markOf(market) }
        }),
      bar: (symbol) =>
        request(reference, name, symbol, ({ open }, receivedTime) =>
          barOf(open, false, { venue: name, symbol, receivedTime }, "backfill")
        )
    }
  }
}

type Stamps = Pick<Event.Trade, "venue" | "symbol" | "receivedTime" | "exchangeTime">

const tradeOf = ({ time, ...trade }: TrueTrade, stamps: Stamps, origin: Event.Origin): Event.Trade => ({
  type: "trade",
  ...stamps,
  exchangeTime: time,
  ...trade,
  origin
})

const barOf = (bar: TrueBar, isFinal: boolean, stamps: Stamps, origin: Event.Origin): Event.Bar => ({
  type: "bar",
  ...stamps,
  interval: "1s",
  ...bar,
  closeTime: bar.openTime + BAR_MS - 1,
  isFinal,
  origin
})

const decode =
  (venue: string): SocketVenue.Decode =>
  (frame, receivedTime, sink) => {
    const { ack, data, refused, topic } = JSON.parse(Frame.text(frame))
    if (ack !== undefined) return sink.acknowledged(ack)
    if (refused !== undefined) {
      const message = "no such topic"
      return sink.rejected(refused, new VenueError.SubscriptionRejected({ message, permanent: true }))
    }
    const [symbol, channel] = topic.split(".")
    const { isFinal, time, ...row } = data
    const stamps = { venue, symbol, receivedTime, exchangeTime: time }
    switch (channel) {
      case "trades":
        return sink.event(tradeOf(data, stamps, "stream"))
      case "quotes": {
        const { ask, bid, sequence } = row
        const top = { bid: bid[0], bidSize: bid[1], ask: ask[0], askSize: ask[1] }
        return sink.event({ type: "quote", ...stamps, ...top, sequence })
      }
      case "book":
        return sink.delta({ symbol, receivedTime, exchangeTime: time, ...row })
      case `book:${DEPTH}`:
        return sink.event({ type: "book", ...stamps, kind: "snapshot", ...row })
      case "bars:1s":
        return sink.event(barOf(row, isFinal, stamps, "stream"))
      case "ticker":
      case "mark":
        return sink.event({ type: channel, ...stamps, ...row })
      case "liquidations":
        return sink.event({ type: "liquidation", ...stamps, ...row })
      default:
        return sink.unknown(channel)
    }
  }

/** Every change has one number, and the next is one more. */
const chains: BookRule.BookRule["follow"] = (sequence, { first, last }) => {
  if (last <= sequence) return "ignore"
  return first <= sequence + 1 ? "apply" : "gap"
}

/** A request as over REST: typed failures while REST is down, and for what does not exist. */
const request = <A>(
  { failing, markets }: Reference,
  venue: string,
  symbol: string,
  answer: (market: NonNullable<ReturnType<Reference["markets"]["get"]>>, receivedTime: number) => A
): Effect.Effect<A, VenueError.VenueError> =>
  Effect.gen(function* () {
    const receivedTime = yield* Clock.currentTimeMillis
    const status = failing()
    const market = markets.get(symbol)
    if (status === undefined && market !== undefined) return answer(market, receivedTime)
    const reason =
      status === undefined
        ? new VenueError.InvalidRequest({ message: `no symbol ${symbol}` })
        : new VenueError.VenueUnavailable({ message: `status ${status}` })
    return yield* new VenueError.VenueError({ venue, operation: `read of ${symbol}`, reason })
  })

const instrument = (venue: string, symbol: string): Instrument.Instrument => {
  const base = symbol.slice(0, 3)
  return {
    venue,
    symbol,
    unified: `${base}/USD:USD`,
    base,
    quote: "USD",
    settle: "USD",
    kind: "perpetual",
    tickSize: "0.5",
    lotSize: "1",
    contractSize: "1",
    sizeUnit: "base",
    status: "trading"
  }
}
