/**
 * A client without a fault, made up: the events that a right one would report of a market, read from the market itself on
 * a manual clock. The tests spoil what it says.
 */
import type { BinanceMarket, Interval, Oracle } from "../../src/index.ts"
import type { Stage } from "../support.ts"

export type Told = Oracle.ClientEvent

export const SYMBOL = "BTCUSDT"

/** The markets that this client can read. */
export type Known = BinanceMarket

export const channels: Record<Known, ReadonlyArray<string>> = {
  spot: ["trades", "quotes", "book", "bars:1s", "ticker"],
  usdm: ["trades", "quotes", "book:20", "bars:1m", "mark"]
}

/** The streams of all these channels. */
export const streams: Record<Known, ReadonlyArray<string>> = {
  spot: ["trade", "bookTicker", "depth@100ms", "kline_1s", "ticker"],
  usdm: ["aggTrade", "bookTicker", "depth20@100ms", "kline_1m", "markPrice@1s"]
}

export const planOf = (market: Known): ReadonlyArray<Oracle.PlannedConnection> => [
  { name: "one", subscriptions: channels[market].map((channel) => ({ symbol: SYMBOL, channel })) }
]

type Level = readonly [number, number]

export class FaultlessClient {
  private readonly stage: Stage
  private readonly kind: Known
  private readonly at: { readonly venue: string; readonly symbol: string }
  private readonly bars: Interval
  private trade = 0
  private quote = 0
  private bar = 0
  private book: { readonly sequence: number; readonly bids: Map<number, number>; readonly asks: Map<number, number> }

  constructor(stage: Stage, kind: Known) {
    this.stage = stage
    this.kind = kind
    this.at = { venue: kind, symbol: SYMBOL }
    this.bars = kind === "spot" ? "1s" : "1m"
    this.skip()
    this.book = this.view()
  }

  /** What happened until now is not reported. */
  skip(): void {
    this.trade = this.tape.last()!.id
    this.quote = this.market.journal!.tops.last()!.id
    this.bar = this.market.bars.current(this.bars).openTime
  }

  connection(state: string): Told {
    return { type: "connection", venue: this.kind, receivedTime: this.now, connection: "one", state, attempt: 0 }
  }

  connected(): Array<Told> {
    return ["Connecting", "Connected", "Subscribing", "Active"].map((state) => this.connection(state))
  }

  /** The beginning of a session: its book whole, its subscriptions live. */
  begin(): Array<Told> {
    const { at, now: receivedTime } = this
    this.book = this.view()
    const side = (levels: Map<number, number>) => [...levels].slice(0, this.kind === "usdm" ? 20 : Infinity)
    return [
      { type: "bookState", ...at, receivedTime, state: "syncing" },
      {
        type: "book",
        ...at,
        receivedTime,
        kind: "snapshot",
        bids: side(this.book.bids),
        asks: side(this.book.asks),
        sequence: this.book.sequence
      },
      { type: "bookState", ...at, receivedTime, state: "live" },
      ...channels[this.kind].map((channel): Told => ({
        type: "subscription",
        ...at,
        receivedTime,
        channel,
        state: "live"
      }))
    ]
  }

  /** Advances the market and reports what happened. */
  step(ms: number): Array<Told> {
    this.stage.clock.advance(ms)
    return [...this.trades(), ...this.quotes(), ...this.changes(), ...this.barsSince(), ...this.timed()]
  }

  private get now(): number {
    return this.stage.clock.now()
  }

  private get market() {
    return this.stage.simulator.truth.market(this.kind, SYMBOL)!
  }

  private get tape() {
    return this.kind === "spot" ? this.market.tape.trades : this.market.tape.aggregates
  }

  private trades(origin = "stream"): Array<Told> {
    const { control } = this.stage.simulator
    const range = { fromId: this.trade + 1 }
    const all = this.kind === "spot" ? control.trades("spot", SYMBOL, range) : control.aggregates("usdm", SYMBOL, range)
    this.trade = all.at(-1)?.id ?? this.trade
    return all.map(({ id, price, side, size, time }) => ({
      type: "trade",
      ...this.at,
      exchangeTime: time,
      receivedTime: this.now,
      id: String(id),
      price: Number(price),
      size: Number(size),
      side,
      origin
    }))
  }

  private quotes(): Array<Told> {
    const { priceGrid, sizeGrid } = this.market
    const { tops } = this.market.journal!
    const value = (units: number, { decimals, unit }: typeof priceGrid) => (units * unit) / 10 ** decimals
    const from = tops.search(this.quote + 1, ({ id }) => id)
    this.quote = tops.last()!.id
    return tops.slice(from, tops.length).map(({ ask, bid, id, time }) => ({
      type: "quote",
      ...this.at,
      exchangeTime: time,
      receivedTime: this.now,
      bid: value(bid![0], priceGrid),
      bidSize: value(bid![1], sizeGrid),
      ask: value(ask![0], priceGrid),
      askSize: value(ask![1], sizeGrid),
      sequence: id
    }))
  }

  private view() {
    const { asks, bids, updateId } = this.stage.simulator.control.book(this.kind, SYMBOL)
    const side = (rows: typeof bids) => new Map(rows.map(([price, size]) => [Number(price), Number(size)]))
    return { sequence: updateId, bids: side(bids), asks: side(asks) }
  }

  private changes(): Array<Told> {
    const { at, book, now: receivedTime } = this
    const seen = this.view()
    if (seen.sequence === book.sequence) return []
    this.book = seen
    const { sequence } = seen
    if (this.kind === "usdm") {
      const [bids, asks] = [[...seen.bids].slice(0, 20), [...seen.asks].slice(0, 20)]
      return [{ type: "book", ...at, receivedTime, kind: "snapshot", bids, asks, sequence }]
    }
    const changed = (before: Map<number, number>, after: Map<number, number>): Array<Level> => [
      ...[...after].filter(([price, size]) => before.get(price) !== size),
      ...[...before.keys()].filter((price) => !after.has(price)).map((price): Level => [price, 0])
    ]
    const bids = changed(book.bids, seen.bids)
    const asks = changed(book.asks, seen.asks)
    return [{ type: "book", ...at, receivedTime, kind: "delta", bids, asks, sequence }]
  }

  private barsSince(): Array<Told> {
    const { bars } = this
    const all = this.stage.simulator.control.bars(this.kind, SYMBOL, bars, 100)
    // an open bar is not told before its first trade
    const news = all.filter(({ n, t, x }) => Number(t) >= this.bar && (x === true || n !== 0))
    this.bar = Number(all.at(-1)!["t"])
    return news.map(({ c, h, l, n, o, q, t, T, v, x }) => ({
      type: "bar",
      ...this.at,
      exchangeTime: this.now,
      receivedTime: this.now,
      interval: bars,
      openTime: Number(t),
      closeTime: Number(T),
      open: Number(o),
      high: Number(h),
      low: Number(l),
      close: Number(c),
      volume: Number(v),
      quoteVolume: Number(q),
      trades: Number(n),
      isFinal: x === true,
      origin: "stream"
    }))
  }

  private timed(): Array<Told> {
    const stamps = { ...this.at, exchangeTime: this.now, receivedTime: this.now }
    if (this.kind === "usdm") return [{ type: "mark", ...stamps }]
    const { close } = this.market.bars.current("1m")
    const { decimals, unit } = this.market.priceGrid
    return [{ type: "ticker", ...stamps, last: (close * unit) / 10 ** decimals }]
  }
}
