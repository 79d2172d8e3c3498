/**
 * Runs one strategy: hands it the events it asked for, its own orders and fills, the timer; and stops it when it throws.
 *
 * Guarantees: handlers are called one at a time, in the order of the events: what a handler causes (its own order's events) is
 * told after it has returned. A strategy that throws hears nothing more, whatever else runs goes on; `failed` is called once. One
 * that is handed more than `MOST_NESTED` events in a single turn makes its own work and is stopped as well.
 */
import type { Event, EventBus, PrivateEvent } from "@tidewire/core"
import type { Context, Strategy, StrategySubscription } from "./Strategy.ts"

/** Events of one turn: more than the market can have caused. */
const MOST_NESTED = 10_000

export type Told = Event.Event | PrivateEvent.PrivateEvent | EventBus.Timer

export interface StrategyHostOptions {
  readonly name: string
  readonly strategy: Strategy
  /** With the venue's own spelling of symbols. */
  readonly subscriptions: ReadonlyArray<StrategySubscription>
  readonly context: Context
  /** It threw, or made its own work without an end. */
  readonly failed: (reason: string) => void
}

export class StrategyHost {
  readonly name: string
  readonly strategy: Strategy
  readonly #context: Context
  readonly #failed: (reason: string) => void
  /** The channels by venue and symbol. */
  readonly #wanted = new Map<string, Map<string, ReadonlySet<string>>>()
  #isRunning = false
  #isBusy = false
  readonly #waiting: Array<Told> = []
  /** Events handled since it was started. */
  handled = 0
  failure: string | undefined

  constructor({ context, failed, name, strategy, subscriptions }: StrategyHostOptions) {
    this.name = name
    this.strategy = strategy
    this.#context = context
    this.#failed = failed
    for (const { channels, symbol, venue } of subscriptions) {
      const bySymbol = this.#wanted.get(venue) ?? new Map<string, ReadonlySet<string>>()
      this.#wanted.set(venue, bySymbol)
      bySymbol.set(symbol, new Set([...(bySymbol.get(symbol) ?? []), ...channels]))
    }
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  start(): void {
    this.#isRunning = true
    this.#turn("onStart", () => this.strategy.onStart?.(this.#context))
  }

  /** Hears nothing more; its last handler runs now. */
  stop(): void {
    if (!this.#isRunning) return
    this.#turn("onStop", () => this.strategy.onStop?.(this.#context))
    this.#isRunning = false
    this.#waiting.length = 0
  }

  /** Hands it what it wants to hear of this. */
  tell(event: Told): void {
    if (!this.#isRunning || !this.#isMine(event)) return
    if (this.#isBusy) {
      if (this.#waiting.length >= MOST_NESTED) this.#fail("more events of its own making than a turn may have")
      else this.#waiting.push(event)
      return
    }
    this.#turn(event.type, () => this.#hand(event))
  }

  #isMine(event: Told): boolean {
    switch (event.type) {
      case "timer":
        return true
      case "order":
      case "fill":
        return event.strategy === this.name
      case "balance":
        return this.#wanted.has(event.venue)
      case "funding":
      case "connection":
      case "subscription":
        return false
      default: {
        const channels = this.#wanted.get(event.venue)?.get(event.symbol)
        return channels !== undefined && wants(channels, event)
      }
    }
  }

  /** Runs a handler and all that it causes. */
  #turn(what: string, run: () => void): void {
    this.#isBusy = true
    try {
      run()
      this.handled++
      for (let turn = 0; this.#waiting.length > 0 && this.#isRunning; turn++) {
        if (turn >= MOST_NESTED) return this.#fail("more events of its own making than a turn may have")
        const next = this.#waiting.shift()!
        what = next.type
        this.#hand(next)
        this.handled++
      }
    } catch (error) {
      this.#fail(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      this.#isBusy = false
    }
  }

  #fail(reason: string): void {
    if (!this.#isRunning) return
    this.#isRunning = false
    this.failure = reason
    this.#waiting.length = 0
    this.#failed(reason)
  }

  #hand(event: Told): void {
    const { strategy } = this
    const context = this.#context
    switch (event.type) {
      case "trade":
        return strategy.onTrade?.(event, context)
      case "quote":
        return strategy.onQuote?.(event, context)
      case "book":
        return strategy.onBook?.(event, context)
      case "bookState":
        return strategy.onBookState?.(event, context)
      case "bar":
        return strategy.onBar?.(event, context)
      case "ticker":
        return strategy.onTicker?.(event, context)
      case "mark":
        return strategy.onMark?.(event, context)
      case "liquidation":
        return strategy.onLiquidation?.(event, context)
      case "gap":
        return strategy.onGap?.(event, context)
      case "order":
        return strategy.onOrder?.(event, context)
      case "fill":
        return strategy.onFill?.(event, context)
      case "balance":
        return strategy.onBalance?.(event, context)
      case "position":
        return strategy.onPosition?.(event, context)
      case "timer":
        return strategy.onTimer?.(event, context)
      default:
    }
  }
}

type OfSymbol = Exclude<
  Told,
  | EventBus.Timer
  | Event.Connection
  | Event.SubscriptionState
  | PrivateEvent.Order
  | PrivateEvent.Fill
  | PrivateEvent.Balance
  | PrivateEvent.Funding
>

/** Whether an event is of one of these channels; what is told of a whole symbol is of each. */
const wants = (channels: ReadonlySet<string>, event: OfSymbol): boolean => {
  switch (event.type) {
    case "trade":
      return channels.has("trades")
    case "quote":
      return channels.has("quotes")
    case "ticker":
      return channels.has("ticker")
    case "mark":
      return channels.has("mark")
    case "liquidation":
      return channels.has("liquidations")
    case "bar":
      return channels.has(`bars:${event.interval}`)
    case "gap":
      return channels.has(event.channel)
    case "book":
    case "bookState":
      return hasBook(channels)
    case "position":
      return true
  }
}

const hasBook = (channels: ReadonlySet<string>): boolean => {
  for (const channel of channels) if (channel === "book" || channel.startsWith("book:")) return true
  return false
}
