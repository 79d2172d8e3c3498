/**
 * A small right client of Bybit, over real sockets: it says what it received as events, tells its gaps, and fetches what
 * REST still has. The tests interrupt it, and spoil what it says.
 */
import type { BybitMarket, Oracle } from "../../src/index.ts"
import { eventually, type Json, type Stage } from "../support.ts"
import { type BybitClient, type Category, type Data, type Message, open } from "./client.ts"

export type Told = Oracle.ClientEvent

const channelsOf = (category: Category) => [
  "trades",
  "quotes",
  "book:50",
  "bars:1m",
  "ticker",
  ...(category === "spot" ? [] : ["liquidations"])
]

const topicsOf = (category: Category, symbol: string) => [
  `publicTrade.${symbol}`,
  `orderbook.1.${symbol}`,
  `orderbook.50.${symbol}`,
  `kline.1.${symbol}`,
  `tickers.${symbol}`,
  ...(category === "spot" ? [] : [`allLiquidation.${symbol}`])
]

const levels = (rows: Data["b"]) => rows.map(([price, size]) => [Number(price), Number(size)] as const)

export class JudgedClient {
  readonly events: Array<Told> = []
  client: BybitClient | undefined
  private readonly stage: Stage
  private readonly category: Category
  private readonly at: { readonly venue: string; readonly symbol: string }
  private read = 0
  private lastTrade: { readonly id: string; readonly time: number } | undefined
  private quote: { readonly sequence: number; readonly time: number } | undefined
  private book: number | undefined
  private ticker: Json = {}
  private readonly times = new Map<string, number>()
  /** Channels whose next event comes after an interruption. */
  private readonly interrupted = new Set<string>()

  constructor(stage: Stage, category: Category) {
    this.stage = stage
    this.category = category
    this.at = { venue: "bybit", symbol: category === "inverse" ? "BTCUSD" : "BTCUSDT" }
  }

  get plan(): ReadonlyArray<Oracle.PlannedConnection> {
    const { symbol } = this.at
    return [{ name: "one", subscriptions: channelsOf(this.category).map((channel) => ({ symbol, channel })) }]
  }

  get market(): BybitMarket {
    return `bybit-${this.category}`
  }

  async connect(): Promise<void> {
    for (const state of ["Connecting", "Connected", "Subscribing"]) this.state(state)
    this.client = await open(this.stage, this.category)
    this.read = 0
    await this.client.request("subscribe", topicsOf(this.category, this.at.symbol))
    this.state("Active")
    for (const channel of channelsOf(this.category)) {
      this.tell({ type: "subscription", channel, state: "live" })
    }
  }

  /** The connection is lost and replaced; what REST has of the trades between is fetched. */
  async lose(ms: number): Promise<void> {
    this.stage.simulator.control.inject({ kind: "kill" })
    await eventually(() => this.client!.closed())
    this.handle()
    this.state("Reconnecting")
    this.tell({ type: "bookState", state: "stale" })
    this.stage.clock.advance(ms)
    for (const channel of channelsOf(this.category)) this.interrupted.add(channel)
    await this.connect()
    await this.sync()
  }

  /** Everything that was sent is heard. */
  async sync(): Promise<void> {
    await this.client!.request("ping")
    if (this.interrupted.has("trades")) await this.backfill()
    this.handle()
  }

  async step(ms: number): Promise<void> {
    this.stage.clock.advance(ms)
    await this.sync()
  }

  private state(state: string): void {
    this.events.push({
      type: "connection",
      venue: "bybit",
      receivedTime: this.now,
      connection: "one",
      state,
      attempt: 0
    })
  }

  private get now(): number {
    return this.stage.clock.now()
  }

  private tell(event: object): void {
    this.events.push({ ...this.at, receivedTime: this.now, ...event } as Told)
  }

  private gap(channel: string, bounds: { from?: number; to: number; repaired: boolean }): void {
    this.tell({ type: "gap", channel, reason: "disconnect", lost: null, ...bounds })
  }

  private handle(): void {
    const { received } = this.client!
    for (; this.read < received.length; this.read++) {
      const message = received[this.read] as Message<never>
      const [kind = "", detail] = message.topic?.split(".") ?? []
      if (kind === "publicTrade") for (const row of message.data as ReadonlyArray<Json>) this.trade(row)
      if (kind === "orderbook" && detail === "1") this.quoted(message)
      else if (kind === "orderbook") this.booked(message)
      if (kind === "kline") this.bar((message.data as ReadonlyArray<Json>)[0]!)
      if (kind === "tickers") this.ticked(message)
      if (kind === "allLiquidation") for (const row of message.data as ReadonlyArray<Json>) this.liquidated(row)
    }
  }

  private tradeEvent({ i, p, S, T, v }: Json, origin: string) {
    const side = S === "Buy" ? "buy" : "sell"
    return { type: "trade", id: String(i), price: Number(p), size: Number(v), side, exchangeTime: Number(T), origin }
  }

  private trade(row: Json): void {
    this.tell(this.tradeEvent(row, "stream"))
    this.lastTrade = { id: String(row["i"]), time: Number(row["T"]) }
  }

  private async backfill(): Promise<void> {
    const live = (this.client!.received as ReadonlyArray<Message>).find(({ topic }) => topic?.startsWith("publicTrade"))
    const before = this.lastTrade
    if (live === undefined || before === undefined) return
    this.interrupted.delete("trades")
    const [first] = live.data as ReadonlyArray<Json>
    const query = `category=${this.category}&symbol=${this.at.symbol}&limit=${this.category === "spot" ? 60 : 1000}`
    const { body } = await this.stage.get(`/v5/market/recent-trade?${query}`)
    const list = (body as { result: { list: ReadonlyArray<Json> } }).result.list.toReversed()
    const from = list.findIndex((row) => row["execId"] === before.id)
    const rows = list.slice(
      from + 1,
      list.findIndex((row) => row["execId"] === first!["i"])
    )
    const next = Number(first!["T"])
    const oldest = Number(rows[0]?.["time"] ?? next)
    if (from === -1) this.gap("trades", { from: before.time, to: oldest, repaired: false })
    for (const { execId, price, side, size, time } of rows) {
      this.tell(this.tradeEvent({ i: execId, p: price, S: side, T: time, v: size }, "backfill"))
    }
    if (from !== -1 && rows.length > 0) this.gap("trades", { from: before.time, to: next, repaired: true })
  }

  private quoted({ cts, data: { a, b, u } }: Message<Data>): void {
    if (u === this.quote?.sequence) return
    const [[bid, bidSize], [ask, askSize]] = [levels(b)[0]!, levels(a)[0]!]
    const time = cts!
    if (this.interrupted.delete("quotes") && this.quote !== undefined) {
      this.gap("quotes", { from: this.quote.time, to: time, repaired: false })
    }
    this.tell({ type: "quote", bid, bidSize, ask, askSize, sequence: u, exchangeTime: time })
    this.quote = { sequence: u, time }
  }

  private booked({ cts, data: { a, b, u }, type }: Message<Data>): void {
    const from = this.book
    const isJoin = type === "snapshot" && (from === undefined || this.interrupted.has("book:50"))
    this.tell({ type: "book", kind: type, bids: levels(b), asks: levels(a), sequence: u, exchangeTime: cts })
    this.book = u
    if (!isJoin) return
    this.interrupted.delete("book:50")
    if (from !== undefined && from !== u) this.gap("book:50", { from, to: u, repaired: true })
    this.tell({ type: "bookState", state: "live" })
  }

  private bar({ close, confirm, end, high, low, open: opened, start, turnover, volume }: Json): void {
    this.tell({
      type: "bar",
      interval: "1m",
      openTime: start,
      closeTime: end,
      open: Number(opened),
      high: Number(high),
      low: Number(low),
      close: Number(close),
      volume: Number(volume),
      quoteVolume: Number(this.category === "inverse" ? volume : turnover),
      isFinal: confirm,
      origin: "stream"
    })
  }

  private timed(type: "ticker" | "liquidation", channel: string, fields: Json & { exchangeTime: number }): void {
    const before = this.times.get(channel)
    if (this.interrupted.delete(channel) && before !== undefined) {
      this.gap(channel, { from: before, to: fields.exchangeTime, repaired: false })
    }
    this.times.set(channel, fields.exchangeTime)
    this.tell({ type, ...fields })
  }

  private ticked({ data, ts, type }: Message<Json>): void {
    this.ticker = type === "snapshot" ? data : { ...this.ticker, ...(data as Json) }
    this.timed("ticker", "ticker", { exchangeTime: ts, last: Number(this.ticker["lastPrice"]) })
  }

  private liquidated({ p, S, T, v }: Json): void {
    const side = S === "Buy" ? "sell" : "buy"
    const fields = { exchangeTime: Number(T), side, price: Number(p), size: Number(v) }
    this.timed("liquidation", "liquidations", fields)
  }
}
