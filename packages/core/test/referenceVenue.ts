/**
 * A made-up venue, described with the toolkit, and a scripted driver that plays its side without a network. Its frames:
 * `{"sub":[topic],"id":1}` → `{"ack":1}` or `{"refused":1,"permanent":true}`; `{"trade":[symbol,id]}`,
 * `{"quote":[symbol,sequence]}`, `{"delta":[symbol,first,last,exchangeTime]}`, `{"bar":[symbol,number,isFinal,exchangeTime]}`,
 * `{"mark":[symbol,time]}`, `{"liquidation":[symbol,time]}`, `{"whole":[symbol,sequence,exchangeTime]}` (a book),
 * `{"stats":[symbol,time]}` (a ticker and a mark, which share their topic), `{"best":[symbol,sequence]}` (a quote, and the
 * same as a book of one level), `{"shutdown":true}`.
 */
import {
  BookRule,
  Event,
  Frame,
  Socket,
  SocketVenue,
  Subscription,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** A trade of the made-up venue; it happened so many ms after the epoch as its id says. */
export const trade = (symbol: string, id: number, origin: Event.Origin = "stream"): Event.Trade => ({
  type: "trade",
  venue: "reference",
  symbol,
  exchangeTime: id,
  receivedTime: id,
  id: String(id),
  price: 1,
  size: 1,
  side: "buy",
  origin
})

const minute = 60_000

/** The n-th bar of a minute since the epoch, as it stood so many ms after its opening. */
export const bar = (
  symbol: string,
  number: number,
  isFinal = true,
  exchangeTime = isFinal ? minute : 1,
  origin: Event.Origin = "stream"
): Event.Bar => ({
  type: "bar",
  venue: "reference",
  symbol,
  exchangeTime: number * minute + exchangeTime,
  receivedTime: number * minute + exchangeTime,
  interval: "1m",
  openTime: number * minute,
  closeTime: (number + 1) * minute - 1,
  open: 1,
  high: 1,
  low: 1,
  close: 1,
  volume: 1,
  isFinal,
  origin
})

const at = (symbol: string, receivedTime: number) => ({ venue: "reference", symbol, receivedTime })

const decode: SocketVenue.Decode = (frame, receivedTime, sink) => {
  const message = JSON.parse(Frame.text(frame))
  if (message.ack !== undefined) return sink.acknowledged(message.ack ?? undefined)
  if (message.refused !== undefined) {
    const { message: text = "refused", permanent, refused } = message
    return sink.rejected(refused, new VenueError.SubscriptionRejected({ message: text, permanent }))
  }
  if (message.trade !== undefined) {
    const [symbol, id] = message.trade
    if (typeof id !== "number") return sink.malformed("trade id is no number")
    return sink.event(trade(symbol, id))
  }
  if (message.bar !== undefined) {
    const [symbol, number, isFinal, exchangeTime] = message.bar
    return sink.event(bar(symbol, number, isFinal, exchangeTime))
  }
  if (message.mark !== undefined) {
    const [symbol, exchangeTime] = message.mark
    return sink.event({ type: "mark", ...at(symbol, receivedTime), exchangeTime, mark: 1 })
  }
  if (message.stats !== undefined) {
    const [symbol, exchangeTime] = message.stats
    const stats = { open: 1, high: 1, low: 1, last: 1, volume: 1, quoteVolume: 1 }
    sink.event({ type: "ticker", ...at(symbol, receivedTime), exchangeTime, ...stats })
    return sink.event({ type: "mark", ...at(symbol, receivedTime), exchangeTime, mark: 1 })
  }
  if (message.whole !== undefined) {
    const [symbol, sequence, exchangeTime] = message.whole
    const time = exchangeTime === undefined ? {} : { exchangeTime }
    return sink.snapshot({ symbol, sequence, bids: [[9, sequence]], asks: [[11, 1]], receivedTime, ...time })
  }
  if (message.liquidation !== undefined) {
    const [symbol, exchangeTime] = message.liquidation
    return sink.event({
      type: "liquidation",
      ...at(symbol, receivedTime),
      exchangeTime,
      side: "sell",
      price: 1,
      size: exchangeTime
    })
  }
  if (message.shutdown === true) return sink.shutdownNotice()
  if (message.quote !== undefined) {
    const [symbol, sequence] = message.quote
    return sink.event({ type: "quote", ...at(symbol, receivedTime), bid: 1, bidSize: 1, ask: 2, askSize: 1, sequence })
  }
  if (message.best !== undefined) {
    const [symbol, sequence] = message.best
    const best = { bids: [[1, 1]], asks: [[2, 1]], sequence } as const
    sink.event({ type: "quote", ...at(symbol, receivedTime), bid: 1, bidSize: 1, ask: 2, askSize: 1, sequence })
    return sink.event({ type: "book", ...at(symbol, receivedTime), kind: "snapshot", ...best })
  }
  if (message.delta !== undefined) {
    const [symbol, first, last, exchangeTime] = message.delta
    const time = exchangeTime === undefined ? {} : { exchangeTime }
    return sink.delta({ symbol, first, last, bids: [[9, last]], asks: [], receivedTime, ...time })
  }
  sink.unknown(Object.keys(message)[0] ?? "nothing")
}

const rule: BookRule.BookRule = {
  join: (sequence, delta) => (delta.last <= sequence ? "ignore" : delta.first <= sequence + 1 ? "apply" : "gap"),
  follow: (sequence, delta) => (delta.last <= sequence ? "ignore" : delta.first <= sequence + 1 ? "apply" : "gap")
}

/** The topic that tickers and marks share. */
const stats = new Set(["ticker", "mark"])

export interface VenueOptions {
  /** There are tickers, which share their topic with marks. */
  readonly stats?: boolean
  /** Whole books come on the socket. */
  readonly seeds?: boolean
  readonly snapshot?: (
    subscription: Subscription.Subscription
  ) => Effect.Effect<BookRule.BookSnapshot, VenueError.VenueError>
  readonly limits?: Partial<SocketVenue.Limits>
  readonly heartbeat?: SocketVenue.Heartbeat
  readonly trades?: NonNullable<VenueAdapter.History["trades"]>
  /** With it alone, the ids of trades say nothing. */
  readonly recentTrades?: NonNullable<VenueAdapter.History["recentTrades"]>
  readonly bars?: NonNullable<VenueAdapter.History["bars"]>
  readonly lastTrade?: NonNullable<VenueAdapter.History["lastTrade"]>
  readonly present?: Omit<VenueAdapter.Present, "url">
}

let hosts = 0

export const makeVenue = (options: VenueOptions = {}, host = `ws://reference-${++hosts}`): SocketVenue.SocketVenue => ({
  name: "reference",
  capabilities: {
    channels: [
      "trades",
      "quotes",
      "book",
      "bars",
      "mark",
      "liquidations",
      ...(options.stats === true ? (["ticker"] as const) : [])
    ],
    intervals: ["1m"],
    depths: [],
    history: {
      trades: options.trades !== undefined,
      recentTrades: options.recentTrades !== undefined,
      bars: options.bars !== undefined
    },
    present: {
      quotes: options.present?.quote !== undefined,
      book: options.present?.book !== undefined,
      ticker: options.present?.ticker !== undefined,
      mark: options.present?.mark !== undefined,
      bars: options.present?.bar !== undefined
    },
    fallsBack: true,
    consecutiveTradeIds: options.recentTrades === undefined || options.trades !== undefined
  },
  topic: ({ channel, symbol }) => ({ name: `${symbol}.${stats.has(channel) ? "stats" : channel}`, route: "all" }),
  routes: ["all"],
  // a host of its own for each venue, so that tests do not share a budget
  url: () => host,
  limits: {
    topicsPerConnection: 100,
    topicsPerRequest: 10,
    charactersPerRequest: 1_000,
    requestsPerSecond: 10,
    dials: { attempts: 100, window: "5 minutes" },
    ...options.limits
  },
  heartbeat: options.heartbeat ?? { _tag: "ServerPings", deadAfter: "60 seconds" },
  subscribe: (topics, id) => JSON.stringify({ sub: topics, id }),
  unsubscribe: (topics, id) => JSON.stringify({ unsub: topics, id }),
  decoder: () => decode,
  book: {
    rule,
    snapshot:
      options.seeds === true
        ? undefined
        : (options.snapshot ??
          (({ symbol }) => Effect.succeed({ symbol, sequence: 10, bids: [[8, 1]], asks: [[11, 1]], receivedTime: 5 })))
  },
  isPartialBook: () => false,
  instruments: Effect.succeed([]),
  history: {
    ...(options.trades !== undefined && { trades: options.trades }),
    ...(options.recentTrades !== undefined && { recentTrades: options.recentTrades }),
    ...(options.bars !== undefined && { bars: options.bars }),
    ...(options.lastTrade !== undefined && { lastTrade: options.lastTrade })
  },
  present: { url: "http://reference", ...options.present }
})

/** One scripted socket: what was sent on it, and a hand on the other end. */
export interface ScriptedSocket {
  readonly sent: Array<{ readonly sub?: ReadonlyArray<string>; readonly unsub?: ReadonlyArray<string>; id: number }>
  readonly receive: (message: unknown) => void
  readonly receiveRaw: (frame: string | Uint8Array) => void
  readonly ping: () => void
  readonly close: (code?: number) => void
  /** Acknowledges everything that was asked and not yet answered. */
  readonly acknowledge: () => void
  isOpen: boolean
  isPaused: boolean
  answersPings: boolean
}

/** A driver whose sockets are handed to the test; `refuse` makes the next dials fail. */
export class ScriptedDriver {
  readonly sockets: Array<ScriptedSocket> = []
  /** Acknowledge subscriptions by itself, as most tests want. */
  acknowledges = true
  /** Pings of ours, on all sockets. */
  pings = 0
  /** Whether pings are answered on sockets that open from now on. */
  answersPings = false
  refusals = 0
  retryAfterMs: number | undefined
  dials = 0

  get last(): ScriptedSocket {
    return this.sockets.at(-1)!
  }

  /** The open socket that was asked for this topic. */
  carrying(topic: string): ScriptedSocket {
    return this.sockets.findLast((each) => each.isOpen && each.sent.some((request) => request.sub?.includes(topic)))!
  }

  readonly layer: Layer.Layer<Socket.SocketDriver> = Layer.succeed(Socket.SocketDriver, {
    canPause: true,
    open: (_url, handlers) =>
      Effect.acquireRelease(
        Effect.suspend(() => {
          this.dials++
          if (this.refusals > 0) {
            this.refusals--
            const { retryAfterMs } = this
            const wait = retryAfterMs === undefined ? {} : { retryAfterMs }
            return Effect.fail(new VenueError.ConnectionFailed({ message: "refused", ...wait }))
          }
          return Effect.succeed(this.#open(handlers))
        }),
        (socket) => Effect.sync(() => (socket.isOpen = false))
      ).pipe(
        Effect.map((socket): Socket.Socket => ({
          send: (text) => {
            const request = JSON.parse(text)
            socket.sent.push(request)
            if (this.acknowledges && request.id !== undefined) socket.receive({ ack: request.id })
          },
          ping: () => {
            this.pings++
            if (socket.answersPings) handlers.onPong()
            return true
          },
          pause: () => (socket.isPaused = true),
          resume: () => (socket.isPaused = false)
        }))
      )
  })

  #open(handlers: Socket.SocketHandlers): ScriptedSocket {
    let received = 0
    const receiveRaw = (frame: string | Uint8Array): void =>
      handlers.onMessage(frame, typeof frame === "string", ++received)
    let answered = 0
    const { answersPings } = this
    const socket: ScriptedSocket = {
      sent: [],
      receiveRaw,
      receive: (message) => receiveRaw(JSON.stringify(message)),
      ping: handlers.onPing,
      close: (code = 1006) => handlers.onClose(code, ""),
      acknowledge: () => {
        for (const { id } of socket.sent.slice(answered)) socket.receive({ ack: id })
        answered = socket.sent.length
      },
      isOpen: true,
      isPaused: false,
      answersPings
    }
    this.sockets.push(socket)
    return socket
  }
}
