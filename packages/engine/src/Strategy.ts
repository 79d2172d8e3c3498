/**
 * A strategy is a plain object: what it wants to hear, and synchronous handlers. The same object runs live, on paper and in
 * replay; it knows the time, the market and its orders only from its context.
 *
 * A handler that throws stops its strategy, and only that one; its orders are then handled by `onFailure`.
 */
import type { Amount, Event, EventBus, Instrument, Interval, OrderBook, PrivateEvent } from "@tidewire/core"
import type { NewOrder, Requested, Submitted } from "./OrderDesk.ts"

/** What a strategy listens to, on one venue; the configuration need not repeat it. */
export interface StrategySubscription {
  /** The configured name of the venue. */
  readonly venue: string
  /** The venue's spelling or the unified one. */
  readonly symbol: string
  readonly channels: ReadonlyArray<string>
}

/** What happens to its open orders when a strategy stops or fails. */
export type OrdersPolicy = "cancel" | "leave"

/** A position as the portfolio keeps it, exact. */
export interface Holding {
  /** Signed. */
  readonly size: Amount.Amount
  /** Of the position as it is; absent when flat. */
  readonly averagePrice?: Amount.Amount
  /** In the settlement asset (the quote on spot), fees not among it. */
  readonly realizedPnl: Amount.Amount
  /** At the latest mark, else the mid of the quote, else the last trade; absent where there is none. */
  readonly unrealizedPnl?: Amount.Amount
}

export interface Log {
  readonly debug: (message: string, fields?: Readonly<Record<string, unknown>>) => void
  readonly info: (message: string, fields?: Readonly<Record<string, unknown>>) => void
  readonly warn: (message: string, fields?: Readonly<Record<string, unknown>>) => void
  readonly error: (message: string, fields?: Readonly<Record<string, unknown>>) => void
}

export interface Context {
  /** The strategy's configured name. */
  readonly name: string
  /** Epoch ms: the wall's, or in replay that of the recording. */
  readonly now: () => number
  /** From 0 to 1; the same in every run with the same seed. */
  readonly random: () => number
  readonly log: Log
  readonly submit: (order: NewOrder) => Submitted
  readonly amend: (
    clientOrderId: string,
    change: { readonly price?: Amount.Amount; readonly size?: Amount.Amount }
  ) => Requested
  readonly cancel: (clientOrderId: string) => Requested
  /** Its own open orders, oldest first; a symbol in either spelling. */
  readonly orders: (filter?: { readonly venue?: string; readonly symbol?: string }) => ReadonlyArray<PrivateEvent.Order>
  readonly order: (clientOrderId: string) => PrivateEvent.Order | undefined
  /** Cancels all its own open orders that match. */
  readonly cancelAll: (filter?: { readonly venue?: string; readonly symbol?: string }) => number
  /** What this strategy holds of an instrument by its own fills. */
  readonly position: (venue: string, symbol: string) => Holding
  /** What the account holds. */
  readonly accountPosition: (venue: string, symbol: string) => PrivateEvent.Position | undefined
  readonly balance: (venue: string, asset: string) => PrivateEvent.Balance | undefined
  /** The checked book: readable only while it is `live`; `undefined` where no book is subscribed. */
  readonly book: (venue: string, symbol: string) => OrderBook.BookView | undefined
  readonly quote: (venue: string, symbol: string) => Event.Quote | undefined
  /** The latest `count` final bars, oldest first; as many as there are. Seeded from the venue's history at the start. */
  readonly bars: (venue: string, symbol: string, interval: Interval.Interval, count: number) => ReadonlyArray<Event.Bar>
  readonly instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined
  readonly instruments: (venue: string) => ReadonlyArray<Instrument.Instrument>
  /** Halts all trading: cancels everything and refuses new orders until it is taken back by an operator. */
  readonly kill: (reason: string) => void
}

export interface Strategy {
  readonly subscriptions: ReadonlyArray<StrategySubscription>
  /** Default: `cancel`. */
  readonly onFailure?: OrdersPolicy
  /** Default: `cancel`. */
  readonly onStopped?: OrdersPolicy
  readonly onStart?: (context: Context) => void
  readonly onTrade?: (event: Event.Trade, context: Context) => void
  readonly onQuote?: (event: Event.Quote, context: Context) => void
  readonly onBook?: (event: Event.Book, context: Context) => void
  readonly onBookState?: (event: Event.BookState, context: Context) => void
  readonly onBar?: (event: Event.Bar, context: Context) => void
  readonly onTicker?: (event: Event.Ticker, context: Context) => void
  readonly onMark?: (event: Event.Mark, context: Context) => void
  readonly onLiquidation?: (event: Event.Liquidation, context: Context) => void
  readonly onGap?: (event: Event.Gap, context: Context) => void
  /** Its own orders, each change of each. */
  readonly onOrder?: (event: PrivateEvent.Order, context: Context) => void
  /** Its own fills, each once. */
  readonly onFill?: (event: PrivateEvent.Fill, context: Context) => void
  readonly onBalance?: (event: PrivateEvent.Balance, context: Context) => void
  readonly onPosition?: (event: PrivateEvent.Position, context: Context) => void
  /** Each second. */
  readonly onTimer?: (timer: EventBus.Timer, context: Context) => void
  /**
   * The last it hears. Orders from here are sent: those that cannot rest (market, `ioc`, `fok`) are waited for, until the
   * deadline of the stop; the others are cancelled like all that are open, unless they are left.
   */
  readonly onStop?: (context: Context) => void
}

/** What a strategy's module exports as `strategy`: the object itself, or what makes it of the options of its configuration. */
export type StrategyExport = Strategy | ((options: unknown) => Strategy)
