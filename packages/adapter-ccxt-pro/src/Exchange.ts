/**
 * What of CCXT is used here, as far as it is used; its own types are looser and tens of thousands of lines long. An
 * object of CCXT fits, and so does one that a test makes.
 */
export interface Market {
  readonly id: string
  readonly symbol: string
  readonly type?: string
  readonly spot?: boolean
  readonly linear?: boolean
  readonly inverse?: boolean
  readonly base: string
  readonly quote: string
  readonly settle?: string
  readonly active?: boolean
  readonly contract?: boolean
  readonly contractSize?: number
  readonly precision?: { readonly price?: number; readonly amount?: number }
  readonly limits?: { readonly cost?: { readonly min?: number } }
}

export interface Trade {
  readonly id?: string
  readonly timestamp?: number
  readonly price?: number
  readonly amount?: number
  readonly side?: string
  readonly symbol?: string
  /** As the exchange sent it. */
  readonly info?: Readonly<Record<string, unknown>>
}

export interface Ticker {
  readonly timestamp?: number
  readonly last?: number
  readonly open?: number
  readonly high?: number
  readonly low?: number
  readonly vwap?: number
  readonly baseVolume?: number
  readonly quoteVolume?: number
  readonly bid?: number
  readonly bidVolume?: number
  readonly ask?: number
  readonly askVolume?: number
  readonly markPrice?: number
  readonly indexPrice?: number
}

export interface FundingRate {
  readonly timestamp?: number
  readonly markPrice?: number
  readonly indexPrice?: number
  readonly fundingRate?: number
  readonly fundingTimestamp?: number
  readonly nextFundingTimestamp?: number
}

export interface Liquidation {
  readonly timestamp?: number
  readonly symbol?: string
  readonly side?: string
  readonly price?: number
  readonly contracts?: number
  /** As the exchange sent it. */
  readonly info?: Readonly<Record<string, unknown>>
}

/** Price and size; some books have an order's id or a count behind them. */
export type Row = readonly [price: number, size: number, ...rest: ReadonlyArray<unknown>]

/** CCXT goes on changing the object that it gave. */
export interface Book {
  readonly bids: ReadonlyArray<Row>
  readonly asks: ReadonlyArray<Row>
  readonly nonce?: number
  readonly timestamp?: number
}

/** Open time, open, high, low, close, volume; changed in place while the bar is open. */
export type Candle = ReadonlyArray<number | undefined>

/** The socket beneath a client: `ws` has `on`, a native one has listeners only. */
export interface Transport {
  readonly on?: (event: string, listener: (...args: ReadonlyArray<unknown>) => void) => unknown
  readonly addEventListener?: (event: string, listener: (event: { readonly code?: number }) => void) => unknown
  readonly ping?: () => void
  readonly terminate?: () => void
}

/** One socket of an exchange. */
export interface Client {
  readonly url: string
  readonly connection?: Transport
  send: (message: unknown) => Promise<unknown>
  future?: (hash: string) => Promise<unknown>
  readonly isConnected?: boolean
  readonly subscriptions?: Record<string, unknown>
}

type Symbols = ReadonlyArray<string>

export interface Exchange {
  readonly id: string
  readonly has: Readonly<Record<string, unknown>>
  readonly timeframes?: Readonly<Record<string, unknown>>
  readonly urls: { api?: unknown; readonly test?: unknown }
  readonly options?: Readonly<Record<string, unknown>>
  readonly precisionMode?: number
  readonly markets?: Readonly<Record<string, Market>>
  readonly clients?: Readonly<Record<string, Client>>
  readonly trades?: Readonly<Record<string, ReadonlyArray<Trade>>>
  readonly ohlcvs?: Readonly<Record<string, Readonly<Record<string, ReadonlyArray<Candle>>>>>
  readonly bidsasks?: Readonly<Record<string, Ticker>>
  readonly liquidations?: unknown
  throttler?: unknown
  readonly verbose?: boolean
  sortBy2?: (rows: ReadonlyArray<unknown>, first: string, second: string, isDescending?: boolean) => unknown
  log?: (...args: ReadonlyArray<unknown>) => void
  onConnected?: (client: Client, message?: unknown) => void
  client?: (url: string) => Client
  handleMessage?: (client: Client, message: unknown) => unknown
  handleErrors?: (
    status: number,
    reason: string,
    url: string,
    method: string,
    headers: unknown,
    body: unknown,
    response: unknown,
    ...rest: ReadonlyArray<unknown>
  ) => unknown
  fetch?: (...request: ReadonlyArray<unknown>) => Promise<unknown>
  milliseconds?: () => number
  seconds?: () => number
  microseconds?: () => number
  readonly checkRequiredCredentials?: (throws: boolean) => boolean
  readonly fetchTime: () => Promise<number>
  readonly market: (symbol: string) => Market
  readonly loadMarkets: (reload?: boolean) => Promise<Readonly<Record<string, Market>>>
  readonly setMarketsFromExchange: (other: Exchange) => unknown
  readonly setSandboxMode: (enabled: boolean) => void
  readonly loadHttpProxyAgent?: () => Promise<unknown>
  readonly close: () => Promise<unknown>
  readonly watchTrades: (symbol: string, since?: number, limit?: number, params?: object) => Promise<unknown>
  readonly watchOrderBook: (symbol: string, limit?: number) => Promise<Book>
  readonly watchOHLCV: (symbol: string, timeframe: string) => Promise<unknown>
  readonly watchTicker: (symbol: string) => Promise<Ticker>
  readonly watchTickers: (symbols: Symbols) => Promise<Readonly<Record<string, Ticker>>>
  readonly watchBidsAsks: (symbols: Symbols) => Promise<unknown>
  readonly watchMarkPrice: (symbol: string) => Promise<Ticker>
  readonly watchMarkPrices: (symbols: Symbols) => Promise<Readonly<Record<string, Ticker>>>
  readonly watchLiquidations: (symbol: string) => Promise<unknown>
  readonly watchLiquidationsForSymbols: (symbols: Symbols) => Promise<unknown>
  readonly unWatchTrades?: (symbol: string, params?: object) => Promise<unknown>
  readonly unWatchOrderBook?: (symbol: string) => Promise<unknown>
  readonly unWatchOHLCV?: (symbol: string, timeframe: string) => Promise<unknown>
  readonly unWatchTicker?: (symbol: string) => Promise<unknown>
  readonly fetchTrades: (
    symbol: string,
    since?: number,
    limit?: number,
    params?: object
  ) => Promise<ReadonlyArray<Trade>>
  readonly fetchOHLCV: (
    symbol: string,
    timeframe: string,
    since?: number,
    limit?: number
  ) => Promise<ReadonlyArray<Candle>>
  readonly fetchOrderBook: (symbol: string, limit?: number) => Promise<Book>
  readonly fetchTicker: (symbol: string) => Promise<Ticker>
  readonly fetchFundingRate: (symbol: string) => Promise<FundingRate>
}

/** CCXT says `true`, or `"emulated"` where it makes one call of others. */
export const can = ({ has }: Pick<Exchange, "has">, method: string): boolean =>
  has[method] === true || has[method] === "emulated"
