/**
 * A made-up venue behind CCXT's methods: every object that is made of it watches and waits as CCXT's do (a cache that is
 * appended to, an answer to whoever waits, rejections when a socket goes), and a test says what happens.
 */
import type {
  Book,
  Candle,
  Client,
  Exchange,
  FundingRate,
  Liquidation,
  Market,
  Ticker,
  Trade
} from "../../src/Exchange.ts"
import type { Library } from "../../src/library.ts"

// named as CCXT's, by which errors are told apart
export class BaseError extends Error {}
export class NetworkError extends BaseError {}
export class BadSymbol extends BaseError {}
export class InvalidNonce extends NetworkError {}
export class ChecksumError extends InvalidNonce {}

type Listener = (...args: ReadonlyArray<unknown>) => void

class FakeTransport {
  readonly listeners = new Map<string, Array<Listener>>()
  answersPings = true

  on(event: string, listener: Listener): void {
    this.listeners.set(event, [...(this.listeners.get(event) ?? []), listener])
  }

  emit(event: string, ...args: ReadonlyArray<unknown>): void {
    for (const listener of this.listeners.get(event) ?? []) listener(...args)
  }

  ping(): void {
    if (this.answersPings) queueMicrotask(() => this.emit("pong"))
  }
}

interface Waiting {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

const market = (base: string, more: Partial<Market> = {}): Market => ({
  id: `${base}-USDT`,
  symbol: `${base}/USDT`,
  type: "spot",
  spot: true,
  base,
  quote: "USDT",
  active: true,
  precision: { price: 0.01, amount: 0.001 },
  ...more
})

const perpetual: Partial<Market> = { id: "BTCPERP", symbol: "BTC/USDT:USDT", type: "swap", spot: false, settle: "USDT" }

export const markets: ReadonlyArray<Market> = [market("BTC"), market("ETH"), market("BTC", perpetual)]

export class FakeVenue {
  /** Every object that was made, the reader first. */
  readonly objects: Array<FakeExchange> = []
  /** Sockets are refused. */
  isRefusing = false
  /** What the past of trades has, oldest first. */
  past: ReadonlyArray<Trade> = []
  candles: ReadonlyArray<Candle> = []
  /** What is read of a book, one after another, and then again and again. */
  readonly books: Array<Book> = []
  lastBook: Book = { nonce: 1, bids: [], asks: [] }
  /** Rows that a cache holds at most. */
  cacheSize = 1_000

  readonly library: Library = (id, settings) => {
    const made = new FakeExchange(this, id, settings)
    this.objects.push(made)
    return made as unknown as Exchange
  }

  /** The objects of sessions that are not closed. */
  get open(): ReadonlyArray<FakeExchange> {
    return this.objects.slice(1).filter((each) => !each.isClosed)
  }

  /** The one open object that watches this. */
  watching(hash: string): FakeExchange {
    const found = this.open.filter((each) => each.asked.includes(hash))
    if (found.length !== 1) throw new Error(`${found.length} objects watch ${hash}`)
    return found[0]!
  }
}

const everything = ["Trades", "OrderBook", "OHLCV", "Ticker", "BidsAsks", "MarkPrice", "Liquidations"]

export class FakeExchange {
  readonly has = Object.fromEntries(
    [
      ...everything.map((each) => `watch${each}`),
      "fetchTrades",
      "fetchOHLCV",
      "fetchFundingRate",
      "fetchOrderBook"
    ].map((each) => [each, true])
  )
  readonly timeframes = { "1m": "1", "5m": "5" }
  urls: { api?: unknown; test?: unknown } = {
    test: { ws: "wss://test.fake.example" },
    api: { ws: "wss://stream.fake.example/ws", rest: "https://api.fake.example" }
  }
  readonly precisionMode = 4
  markets: Record<string, Market> | undefined
  readonly clients: Record<string, Client> = {}
  readonly trades: Record<string, Array<Trade>> = {}
  readonly ohlcvs: Record<string, Record<string, Array<Candle>>> = {}
  readonly bidsasks: Record<string, Ticker> = {}
  readonly liquidations: Array<Liquidation> = []
  onConnected?: (client: Client) => void
  log?: (...args: ReadonlyArray<unknown>) => void
  throttler: unknown = {}
  isClosed = false
  isTest = false
  /** Everything that was watched and unwatched, in order. */
  readonly asked: Array<string> = []
  readonly transport = new FakeTransport()
  readonly #waiting = new Map<string, Waiting>()
  readonly id: string
  readonly settings: Readonly<Record<string, unknown>>
  readonly #venue: FakeVenue

  constructor(venue: FakeVenue, id: string, settings: Readonly<Record<string, unknown>>) {
    this.#venue = venue
    this.id = id
    this.settings = settings
  }

  async loadMarkets(): Promise<Record<string, Market>> {
    this.markets = Object.fromEntries(markets.map((each) => [each.symbol, each]))
    return this.markets
  }

  setMarketsFromExchange(other: FakeExchange): void {
    this.markets = other.markets
  }

  setSandboxMode(isTest: boolean): void {
    this.isTest = isTest
  }

  market(symbol: string): Market {
    const found = Object.values(this.markets ?? {}).find((each) => each.symbol === symbol || each.id === symbol)
    if (found === undefined) throw new BadSymbol(`no market ${symbol}`)
    return found
  }

  async close(): Promise<void> {
    this.isClosed = true
  }

  watchTrades = (symbol: string) => this.#watch(`trades ${symbol}`)
  watchOrderBook = (symbol: string) => this.#watch(`book ${symbol}`)
  watchOHLCV = (symbol: string, timeframe: string) => this.#watch(`bars:${timeframe} ${symbol}`)
  watchTicker = (symbol: string) => this.#watch(`ticker ${symbol}`)
  watchBidsAsks = ([symbol]: ReadonlyArray<string>) => this.#watch(`quotes ${symbol}`)
  watchMarkPrice = (symbol: string) => this.#watch(`mark ${symbol}`)
  watchLiquidations = (symbol: string) => this.#watch(`liquidations ${symbol}`)

  async unWatchTrades(symbol: string): Promise<void> {
    this.asked.push(`no trades ${symbol}`)
  }

  async fetchTrades(symbol: string, _since?: number, limit = 100): Promise<ReadonlyArray<Trade>> {
    return this.#venue.past.filter((each) => each.symbol === symbol).slice(-limit)
  }

  async fetchOHLCV(_symbol: string, _timeframe: string, since = 0): Promise<ReadonlyArray<Candle>> {
    return this.#venue.candles.filter(([time]) => time! >= since)
  }

  async fetchOrderBook(): Promise<Book> {
    return this.#venue.books.shift() ?? this.#venue.lastBook
  }

  async fetchFundingRate(): Promise<FundingRate> {
    return { fundingRate: 0.0001, fundingTimestamp: 9_000 }
  }

  /** Trades arrive: into the cache, and as an answer to whoever waits. */
  trade(...trades: ReadonlyArray<Trade>): void {
    for (const each of trades) {
      const cache = (this.trades[each.symbol!] ??= [])
      if (cache.length === this.#venue.cacheSize) cache.shift()
      cache.push(each)
      this.answer(`trades ${each.symbol}`, cache)
    }
  }

  /** A row of bars arrives; the open one is changed in place. */
  bar(symbol: string, timeframe: string, row: Array<number>): void {
    const cache = ((this.ohlcvs[symbol] ??= {})[timeframe] ??= [])
    const last = cache.at(-1)
    if (last?.[0] === row[0]) (last as Array<number>).splice(0, row.length, ...row)
    else cache.push(row)
    this.answer(`bars:${timeframe} ${symbol}`, cache)
  }

  book(symbol: string, book: Book): void {
    this.answer(`book ${symbol}`, book)
  }

  /** A frame came, whatever is in it, and whoever waits for this is answered. */
  answer(hash: string, answer: unknown): void {
    this.transport.emit("message")
    const waiting = this.#waiting.get(hash)
    this.#waiting.delete(hash)
    waiting?.resolve(answer)
  }

  fail(hash: string, error: unknown): void {
    const waiting = this.#waiting.get(hash)
    this.#waiting.delete(hash)
    waiting?.reject(error)
  }

  /** The socket goes; CCXT rejects whoever waits. */
  lose(code = 1006): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new NetworkError(`closed ${code}`))
    this.#waiting.clear()
    this.transport.emit("close", code)
  }

  #watch(hash: string): Promise<never> {
    this.asked.push(hash)
    if (this.#venue.isRefusing) return Promise.reject(new NetworkError("refused"))
    const { clients, transport } = this
    if (Object.keys(clients).length === 0) {
      const client: Client = { url: "wss://fake", connection: transport, send: () => Promise.resolve() }
      clients["fake"] = client
      queueMicrotask(() => this.onConnected?.(client))
    }
    return new Promise((resolve, reject) => this.#waiting.set(hash, { resolve: resolve as Waiting["resolve"], reject }))
  }
}
